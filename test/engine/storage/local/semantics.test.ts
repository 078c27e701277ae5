import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe } from "node:test";
import type { DirectoryTree } from "../../../../src/engine/storage/local/directory-tree.ts";
import { openTree } from "../../../support/engine/open-tree.ts";
import { defineSemantics } from "../semantics.ts";

describe("a volume", () => {
  let root = "";
  let tree: DirectoryTree | undefined;
  let homes = 0;
  before(async () => {
    root = await mkdtemp(join(tmpdir(), "ftp-semantics-"));
    tree = await openTree(root, () => ({ incomplete: "Keep", sync: "Never" }));
  });
  after(async () => {
    await tree?.close();
    await rm(root, { recursive: true });
  });
  defineSemantics(async () => {
    if (tree === undefined) throw new Error("used outside a test");
    return await tree.openHome(`/home-${++homes}`, { account: "alice" });
  });
});
