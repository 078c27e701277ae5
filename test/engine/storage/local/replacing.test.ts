import assert from "node:assert/strict";
import { readdir, rm } from "node:fs/promises";
import { beforeEach, describe, it } from "node:test";
import type { UploadMode } from "../../../../src/engine/storage/storage.ts";
import { bytes, rejectsWith, TestHome } from "../../../support/engine/test-home.ts";

const home = new TestHome();

async function breakOff(path: string, text: string): Promise<void> {
  const handle = await home.storage.openUpload(path, { type: "Replace" });
  await handle.write(bytes(text));
  await handle.abort();
}

beforeEach(() => void (home.policy = { incomplete: "Keep", sync: "Never" }));

describe("a broken upload that replaces a file", () => {
  const onto: readonly UploadMode[] = [{ type: "Append" }, { type: "Resume", offset: 3 }];

  for (const incomplete of ["Keep", "Remove"] as const)
    for (const text of ["", "new half"])
      it(`is not resumed from the old file, with policy ${incomplete} and ${text.length} bytes`, async () => {
        home.policy = { incomplete, sync: "Never" };
        await home.upload("/file", "old");
        await breakOff("/file", text);
        for (const mode of onto) await rejectsWith("AlreadyExists", home.storage.openUpload("/file", mode));
        assert.equal(await home.download("/file"), "old");
        await home.upload("/file", "complete");
        for (const mode of onto) await (await home.storage.openUpload("/file", mode)).commit();
      });

  // id: resume-mixes-versions-3
  it("is not resumed while it runs or after a crash, but another account can append", async () => {
    await home.upload("/file", "old");
    const handle = await home.storage.openUpload("/file", { type: "Replace" });
    for (const mode of onto) await rejectsWith("AlreadyExists", home.storage.openUpload("/file", mode));
    const bob = await home.tree.openHome("/alice", { account: "bob" });
    await (await bob.openUpload("/file", { type: "Append" })).commit();
    await handle.abort("Removed");
    assert.deepEqual(await home.partials(), [""]);
  });

  it("leaves a mark that cannot be resumed and is removed with its file or directory", async () => {
    home.policy = { incomplete: "Remove", sync: "Never" };
    await home.storage.makeDirectory("/d");
    for (const name of ["/d/one", "/d/two"]) {
      await home.upload(name, "old");
      await breakOff(name, "");
    }
    home.policy = { incomplete: "Keep", sync: "Never" };
    assert.deepEqual(await home.removedBy((storage) => storage.remove("/d/one")), { bytes: 3, files: 1 });
    await home.storage.rename("/d/two", "/two", "Nothing");
    assert.deepEqual([await home.partials("d"), await home.storage.resumable("/d/two")], [[""], undefined]);
    await rejectsWith("NotFound", home.storage.remove("/d/three"));
    assert.deepEqual(await home.removedBy((storage) => storage.removeDirectory("/d")), {
      bytes: 0,
      files: 1,
    });
  });

  // id: resume-mixes-versions-4
  for (const before of ["no file", "a file"])
    it(`is removed when the file was sent again in the meantime, after ${before}`, async () => {
      if (before === "a file") await home.upload("/file", "old");
      const handle = await home.storage.openUpload("/file", { type: "Replace" });
      await handle.write(bytes("yesterday's"));
      await home.upload("/file", "complete");
      await handle.abort();
      assert.deepEqual(await readdir(home.at()), ["file"]);
      assert.equal(await home.download("/file"), "complete");
    });

  // id: resume-mixes-versions-7
  it("is removed when the same account has sent the file again and the file was moved", async () => {
    const bob = await home.tree.openHome("/alice", { account: "bob" });
    for (const [again, left] of [[home.storage, []] as const, [bob, ["yesterday's"]] as const]) {
      const handle = await home.storage.openUpload("/file", { type: "Replace" });
      await handle.write(bytes("yesterday's"));
      const complete = await again.openUpload("/file", { type: "Replace" });
      await complete.commit();
      await rm(home.at("file"));
      await handle.abort();
      assert.deepEqual(await home.partials(), left);
    }
  });

  it("is removed when another file gets the name", async () => {
    await breakOff("/file", "half");
    await home.upload("/other", "complete");
    assert.deepEqual(await home.removedBy((storage) => storage.rename("/other", "/file", "Nothing")), {
      bytes: 4,
      files: 1,
    });
    assert.deepEqual(await readdir(home.at()), ["file"]);
    await (await home.storage.openUpload("/file", { type: "Append" })).commit();
  });
});
