import assert from "node:assert/strict";
import { chmod, readdir, stat, writeFile } from "node:fs/promises";
import { after, before, describe, it } from "node:test";
import type { FileModes } from "../../../../src/api/file-modes.ts";
import { isPartial } from "../../../../src/engine/storage/local/uploads/partials.ts";
import type { Storage, UploadMode } from "../../../../src/engine/storage/storage.ts";
import { TEMPORARY_PREFIX } from "../../../../src/engine/storage/path.ts";
import { bytes, TestHome, withoutHardLinks } from "../../../support/engine/test-home.ts";

const SHARED: FileModes = { file: 0o664, directory: 0o2775 };

describe("modes of an account", () => {
  const home = new TestHome();
  let modes = SHARED;
  let old: number;

  before(() => {
    // The engine also sets this umask in src/engine/main.ts.
    old = process.umask(0);
  });
  after(() => process.umask(old));

  async function enter(): Promise<Storage> {
    modes = SHARED;
    home.policy = { incomplete: "Keep", sync: "Never" };
    return await home.tree.openHome("/team/alice", { account: "alice", modes: () => modes });
  }

  const at = (name: string): string => home.at("..", "team", "alice", name);
  const modeOf = async (name: string): Promise<number> => (await stat(at(name))).mode & 0o7777;

  async function upload(storage: Storage, path: string, mode: UploadMode): Promise<void> {
    const handle = await storage.openUpload(path, mode);
    await handle.write(bytes("text"));
    await handle.commit();
  }

  it("apply to the directories of the home, including setgid, which mkdir(2) ignores", async () => {
    await enter();
    assert.deepEqual([await modeOf(".."), await modeOf(".")], [0o2775, 0o2775]);
  });

  it("apply to files and directories of every kind of upload", async (t) => {
    const storage = await enter();
    withoutHardLinks(t);
    await upload(storage, "/replace", { type: "Replace" });
    await upload(storage, "/create", { type: "Create" });
    await upload(storage, "/append", { type: "Append" });
    await storage.makeDirectory("/directory");
    for (const name of ["replace", "create", "append"]) assert.equal(await modeOf(name), 0o664, name);
    assert.equal(await modeOf("directory"), 0o2775);
  });

  it("follow a change of the configuration", async () => {
    const storage = await enter();
    modes = { file: 0o600, directory: 0o700 };
    await upload(storage, "/file", { type: "Replace" });
    await storage.makeDirectory("/directory");
    assert.equal(await modeOf("file"), 0o600);
    // The home directory has the setgid bit, because a new directory inherits this bit from its parent directory.
    assert.equal(await modeOf("directory"), 0o2700);
  });

  it("apply to an incomplete upload from its first byte and to the file that it becomes", async () => {
    const storage = await enter();
    const names = async (): Promise<string[]> => await readdir(at("."));
    const handle = await storage.openUpload("/file", { type: "Replace" });
    await handle.write(bytes("te"));
    const [temporary = ""] = await names();
    assert.ok(temporary.startsWith(TEMPORARY_PREFIX));
    assert.equal(await modeOf(temporary), 0o664);
    await handle.abort();
    const partial = (await names()).find(isPartial) ?? "";
    assert.equal(await modeOf(partial), 0o664);
    modes = { ...SHARED, file: 0o660 };
    await upload(storage, "/file", { type: "Resume", offset: 2 });
    assert.equal(await modeOf("file"), 0o660, "the mode of the moment when it is complete");
  });

  it("do not apply to a file that exists", async () => {
    const storage = await enter();
    for (const mode of [0o604, 0o666]) {
      await writeFile(at("file"), "old");
      await chmod(at("file"), mode);
      await upload(storage, "/file", { type: "Append" });
      await upload(storage, "/file", { type: "Resume", offset: 3 });
      await upload(storage, "/file", { type: "Replace" });
      assert.equal(await modeOf("file"), mode);
    }
  });

  it("give a replacement no more readers than the file that it replaces", async () => {
    const storage = await enter();
    await writeFile(at("secret"), "old");
    await chmod(at("secret"), 0o400);
    const handle = await storage.openUpload("/secret", { type: "Replace" });
    const temporary = (await readdir(at("."))).find((name) => !isPartial(name) && name !== "secret") ?? "";
    assert.equal(await modeOf(temporary), 0o600);
    await handle.commit();
    assert.equal(await modeOf("secret"), 0o400);
  });

  it("keep the bits of the owner under every umask", async () => {
    const storage = await enter();
    await (await storage.openUpload("/file", { type: "Replace" }, 0o777)).commit();
    await storage.makeDirectory("/directory", 0o777);
    assert.equal(await modeOf("file"), 0o600);
    assert.equal(await modeOf("directory"), 0o2700);
  });
});
