import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DirectoryTree } from "../../../src/engine/storage/local/directory-tree.ts";
import { openTree } from "./open-tree.ts";
import { startServer, type TestServer } from "./server.ts";

/** An engine whose homes are in a new directory tree. The engine keeps incomplete uploads. */
export interface TreeServer extends AsyncDisposable {
  /** Path of the directory tree on the disk. */
  root: string;
  tree: DirectoryTree;
  server: TestServer;
}

export async function treeServer(): Promise<TreeServer> {
  const root = await mkdtemp(join(tmpdir(), "ftp-tree-"));
  const tree = await openTree(root, () => ({ incomplete: "Keep", sync: "Never" }));
  const server = await startServer({
    openHome: ({ homeDirectory, name, access: { directories } }, ledger) =>
      tree.openHome(homeDirectory, { account: name, directories, ledger }),
  });
  return {
    root,
    tree,
    server,
    async [Symbol.asyncDispose]() {
      await server.engine.close();
      await tree.close();
      await rm(root, { recursive: true });
    },
  };
}
