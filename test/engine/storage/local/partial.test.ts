import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { readdir, readFile, utimes, writeFile } from "node:fs/promises";
import { beforeEach, describe, it } from "node:test";
import { EngineError } from "../../../../src/engine/errors.ts";
import {
  keepRemovingStaleUploads,
  removeStaleUploads,
} from "../../../../src/engine/storage/local/uploads/stale-uploads.ts";
import { PARTIAL_MAX_AGE } from "../../../../src/engine/storage/uploads/incomplete-uploads.ts";
import { isPartial } from "../../../../src/engine/storage/local/uploads/partials.ts";
import { resolvePath } from "../../../../src/engine/storage/path.ts";
import type { Storage, UploadMode } from "../../../../src/engine/storage/storage.ts";
import { bytes, rejectsWith, TestHome, withoutHardLinks } from "../../../support/engine/test-home.ts";

const home = new TestHome();

async function breakOff(
  path: string,
  text: string,
  mode: UploadMode = { type: "Replace" },
  storage = home.storage,
): Promise<void> {
  const handle = await storage.openUpload(path, mode);
  await handle.write(bytes(text));
  await handle.abort();
}

async function keptOf(path: string, storage = home.storage): Promise<number | undefined> {
  return (await storage.resumable(path))?.size;
}

function other(account?: string, changes?: "Allowed" | "Denied"): Promise<Storage> {
  return home.tree.openHome("/alice", { ...(account && { account }), ...(changes && { changes }) });
}

/** Sets the modification times of all incomplete uploads in a directory, so that the uploads have a given age. */
async function age(milliseconds: number, ...directory: string[]): Promise<void> {
  const then = new Date(Date.now() - milliseconds);
  for (const name of await readdir(home.at(...directory)))
    if (isPartial(name)) await utimes(home.at(...directory, name), then, then);
}

beforeEach(() => void (home.policy = { incomplete: "Keep", sync: "Never" }));

describe("an incomplete upload", () => {
  it("is in the directory of its target, leaves the target unchanged, and appears in no listing", async () => {
    await home.upload("/file", "old");
    await breakOff("/file", "half");
    assert.equal((await readdir(home.at())).length, 2);
    assert.deepEqual([await home.names("/"), await home.partials()], [["file"], ["half"]]);
    assert.equal(await home.download("/file"), "old");
    assert.equal(await keptOf("/file"), undefined, "a resume continues the file");
  });

  it("is resumed repeatedly and becomes the file when it is complete", async () => {
    await breakOff("/file", "0123");
    assert.equal(await keptOf("/file"), 4);
    await breakOff("/file", "45", { type: "Resume", offset: 4 });
    assert.equal(await keptOf("/file"), 6);
    await home.upload("/file", "x6", { type: "Resume", offset: 5 });
    assert.deepEqual(await readdir(home.at()), ["file"]);
    assert.equal(await home.download("/file"), "01234x6");
  });

  it("belongs to one name, even when names differ only in bytes that are not UTF-8", async () => {
    await breakOff("/\udce4", "one");
    await breakOff("/\udce5", "other");
    assert.deepEqual([await keptOf("/\udce4"), await keptOf("/\udce5")], [3, 5]);
    assert.equal(await keptOf("/\ufffd"), undefined);
  });

  it("keeps all bytes when a resume breaks before its first byte or has too large an offset", async () => {
    await breakOff("/file", "0123");
    await breakOff("/file", "", { type: "Resume", offset: 4 });
    await rejectsWith("InvalidOffset", home.storage.openUpload("/file", { type: "Resume", offset: 5 }));
    await rejectsWith("NotFound", home.storage.openUpload("/other", { type: "Resume", offset: 1 }));
    assert.deepEqual(await home.partials(), ["0123"]);
  });

  it("is resumed by one session at a time and is not removed as stale during the upload", async () => {
    await breakOff("/file", "0123");
    await age(PARTIAL_MAX_AGE + 1000);
    const handle = await home.storage.openUpload("/file", { type: "Resume", offset: 4 });
    await rejectsWith("NotFound", home.storage.openUpload("/file", { type: "Resume", offset: 4 }));
    assert.equal(await removeStaleUploads(home.root), 0);
    await handle.commit();
    assert.equal(await home.download("/file"), "0123");
  });

  it("is removed when the complete file is stored, and is not kept when it is empty", async () => {
    await breakOff("/file", "half");
    await breakOff("/file", "");
    assert.equal(await keptOf("/file"), 4);
    await home.upload("/file", "complete");
    assert.deepEqual(await readdir(home.at()), ["file"]);
  });

  it("is kept under every name that a file can have", async () => {
    const longest = `/${"f".repeat(255)}`;
    await breakOff(longest, "half");
    await home.upload(longest, " complete", { type: "Resume", offset: 4 });
    assert.equal(await home.download(longest), "half complete");
  });

  it("stays valid when its directory is renamed", async () => {
    await home.storage.makeDirectory("/dir");
    await breakOff("/dir/file", "half");
    await home.storage.rename("/dir", "/moved", "Nothing");
    assert.equal(await keptOf("/moved/file"), 4);
  });

  it("is neither kept nor found while the policy is Remove", async () => {
    await breakOff("/file", "half");
    const handle = await home.storage.openUpload("/other", { type: "Replace" });
    await handle.write(bytes("half"));
    home.policy = { incomplete: "Remove", sync: "Never" };
    await handle.abort();
    assert.equal(await keptOf("/file"), undefined);
    await rejectsWith("NotFound", home.storage.openUpload("/file", { type: "Resume", offset: 4 }));
    home.policy = { incomplete: "Keep", sync: "Never" };
    assert.deepEqual([await keptOf("/file"), await keptOf("/other")], [4, undefined]);
  });

  it("is removed when its last byte is older than PARTIAL_MAX_AGE", async () => {
    await home.storage.makeDirectory("/dir");
    await breakOff("/dir/file", "half");
    await age(PARTIAL_MAX_AGE - 60_000, "dir");
    assert.equal(await removeStaleUploads(home.root), 0);
    await age(PARTIAL_MAX_AGE + 60_000, "dir");
    assert.equal(await removeStaleUploads(home.root), 1);
    assert.deepEqual(await readdir(home.at("dir")), []);
  });
});

it("the periodic removal of stale uploads continues after a failed run, until the signal is aborted", async () => {
  const end = new AbortController();
  const results: (number | Error)[] = [];
  await keepRemovingStaleUploads(
    home.at("made later"),
    end.signal,
    (result) => {
      results.push(result);
      if (results.length === 1) mkdirSync(home.at("made later"));
      if (results.length === 3) end.abort();
    },
    1,
  );
  assert.deepEqual(
    results.map((result) => (result instanceof EngineError ? result.code : result)),
    ["NotFound", 0, 0],
  );
});

describe("an incomplete upload of an account", () => {
  // id: planted-partials-2
  it("cannot be seen, resumed, replaced or removed by another account of the same home", async () => {
    const bob = await other("bob");
    await breakOff("/file", "alice");
    assert.equal(await keptOf("/file", bob), undefined);
    await rejectsWith("NotFound", bob.openUpload("/file", { type: "Resume", offset: 2 }));
    await rejectsWith("NotFound", bob.openUpload("/file", { type: "ResumePartial", offset: 5 }));
    await rejectsWith("NotFound", bob.remove("/file"));
    await breakOff("/file", "bob", { type: "Replace" }, bob);
    assert.deepEqual([await keptOf("/file"), await keptOf("/file", bob)], [5, 3]);
    await (await bob.openUpload("/file", { type: "ResumePartial", offset: 3 })).commit();
    assert.deepEqual([await home.download("/file"), await home.partials()], ["bob", ["alice"]]);
  });

  it("is not kept for an account that cannot change files or has no name", async () => {
    for (const storage of [await other("alice", "Denied"), await other()]) {
      await breakOff("/file", "half", { type: "Replace" }, storage);
      assert.deepEqual(await readdir(home.at()), []);
    }
    await breakOff("/file", "half");
    assert.equal(await keptOf("/file", await other("alice", "Denied")), undefined);
  });

  it("has a name that no client can use", async () => {
    await breakOff("/file", "half");
    for (const name of await readdir(home.at())) assert.throws(() => resolvePath("/", name), /reserved/u);
  });

  // id: planted-partials-3
  it("is independent of a file named NAME.partial", async () => {
    await home.upload("/file.partial", "mine");
    assert.equal(await keptOf("/file"), undefined);
    await rejectsWith("NotFound", home.storage.openUpload("/file", { type: "Resume", offset: 4 }));
    await breakOff("/file", "half");
    await home.upload("/file", "complete");
    assert.equal(await home.download("/file.partial"), "mine");
    assert.deepEqual(await home.names("/"), ["file", "file.partial"]);
    await home.storage.remove("/file.partial");
  });
});

describe("an incomplete upload is removed", () => {
  it("with its target, even when the target does not exist", async () => {
    await breakOff("/file", "half");
    assert.deepEqual(await home.removedBy((storage) => storage.remove("/file")), { bytes: 4, files: 1 });
    await home.upload("/file", "complete");
    await breakOff("/file", "half");
    assert.deepEqual(await home.removedBy((storage) => storage.remove("/file")), { bytes: 12, files: 2 });
    assert.deepEqual(await readdir(home.at()), []);
    await rejectsWith("NotFound", home.storage.remove("/file"));
  });

  it("with a directory that contains nothing else, by any account", async () => {
    await home.storage.makeDirectory("/dir");
    await breakOff("/dir/a", "half");
    const bob = await other("bob");
    for (let count = 0; count < 300; count++)
      await breakOff(`/dir/${count}`, "half", { type: "Replace" }, bob);
    assert.deepEqual(await home.removedBy((storage) => storage.removeDirectory("/dir")), {
      bytes: 1204,
      files: 302,
    });
    assert.deepEqual(await readdir(home.at()), []);
  });

  it("only if the removal of its directory succeeds", async () => {
    await home.storage.makeDirectory("/dir");
    await breakOff("/dir/a", "half");
    const running = await home.storage.openUpload("/dir/b", { type: "Replace" });
    await rejectsWith("DirectoryNotEmpty", home.storage.removeDirectory("/dir"));
    await running.commit();
    await rejectsWith("DirectoryNotEmpty", home.storage.removeDirectory("/dir"));
    assert.deepEqual(await home.partials("dir"), ["half"]);
  });
});

describe("an append to an incomplete upload", () => {
  const add: UploadMode = { type: "ResumePartial", offset: 4 };

  it("completes the file, and keeps all bytes when it breaks", async () => {
    await breakOff("/file", "0123");
    await breakOff("/file", "45", add);
    await home.upload("/file", "6", { type: "ResumePartial", offset: 6 });
    assert.deepEqual([await home.download("/file"), await home.partials()], ["0123456", []]);
  });

  it("fails when its length has changed, in either direction", async () => {
    for (const text of ["012", "01234"]) {
      await breakOff("/file", text);
      await rejectsWith("AlreadyExists", home.storage.openUpload("/file", add));
      assert.deepEqual(await home.partials(), [text]);
    }
    await home.storage.remove("/file");
    await rejectsWith("NotFound", home.storage.openUpload("/file", add));
  });

  it("fails when a file has the name, and keeps the file and the upload", async () => {
    await breakOff("/file", "0123");
    await writeFile(home.at("file"), "ledger");
    await rejectsWith("AlreadyExists", home.storage.openUpload("/file", add));
    assert.deepEqual([await home.download("/file"), await home.partials()], ["ledger", ["0123"]]);
  });

  for (const links of ["with", "without"] as const) {
    // id: resume-over-changed-file-2
    it(`fails when a file takes the name during the upload, and keeps both, on a volume ${links} hard links`, async (t) => {
      if (links === "without") withoutHardLinks(t);
      await breakOff("/file", "0123");
      const handle = await home.storage.openUpload("/file", add);
      await handle.write(bytes("45"));
      await writeFile(home.at("file"), "ledger");
      await rejectsWith("AlreadyExists", handle.commit());
      assert.equal(await readFile(home.at("file"), "utf8"), "ledger");
      assert.deepEqual(await home.partials(), ["012345"]);
    });
  }

  it("is required while the incomplete upload is kept", async () => {
    await breakOff("/file", "0123");
    await rejectsWith("AlreadyExists", home.storage.openUpload("/file", { type: "Append" }));
    assert.deepEqual([await home.names("/"), await home.partials()], [[], ["0123"]]);
    await home.upload("/file", "new");
    await home.upload("/file", "er", { type: "Append" });
    assert.equal(await home.download("/file"), "newer");
  });
});
