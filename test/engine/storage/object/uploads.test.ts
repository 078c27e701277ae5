import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { crc32 } from "node:zlib";
import type { UploadMode } from "../../../../src/engine/storage/storage.ts";
import { describeEachServer } from "../../../cluster/s3/each-server.ts";
import {
  breakUpload,
  download,
  namesIn,
  rejectsWith,
  textOf,
  upload,
} from "../../../support/engine/storage-calls.ts";
import { MIB } from "../../../support/s3/object-homes.ts";
import { patternOf, type TestHome, TestTrees } from "../../../support/s3/test-tree.ts";

const PART = 5 * MIB;

/** Returns the IDs of the incomplete multipart uploads for a file. */
async function uploadsTo({ tree, keys }: TestHome, path: string): Promise<string[]> {
  const pages = await Array.fromAsync(tree.store.multipart.list(keys.file(path)));
  return pages.flat().map(({ uploadId }) => uploadId);
}

/** Returns the state objects in a home, for all accounts. */
async function states({ tree, keys, reserved }: TestHome): Promise<string[]> {
  const { objects } = await tree.store.list(reserved.ofHome(keys));
  return objects.map(({ key }) => key);
}

describe("an upload to object storage", () => {
  describeEachServer((running) => {
    const trees = new TestTrees(running);

    for (const bytes of [PART - 1, PART, PART + 1, 3 * PART + 12_345])
      test(`of ${bytes} bytes is stored with its checksum`, async () => {
        const home = await trees.home();
        const content = patternOf(bytes);
        await upload(home.storage, "/a", content);
        assert.ok((await download(home.storage, "/a")).equals(content));
        const facts = await home.tree.store.head(home.keys.file("/a"));
        assert.deepEqual([facts?.size, facts?.crc32], [bytes, crc32(content)]);
        assert.deepEqual(await uploadsTo(home, "/a"), []);
      });

    test("that fits into one part has the same content type as with the SDK", async () => {
      const home = await trees.home();
      await upload(home.storage, "/a", "content");
      const facts = await home.tree.store.head(home.keys.file("/a"));
      assert.equal(facts?.metadata.contentType, "application/octet-stream");
    });

    test("is written to temporary files when the memory is used up", async () => {
      const home = await trees.home({ limits: { uploadMemory: 64 * 1024 } });
      const content = patternOf(2 * PART + 100);
      await upload(home.storage, "/a", content);
      assert.ok((await download(home.storage, "/a")).equals(content));
    });

    test("waits for its own parts before it uses temporary files", async () => {
      const home = await trees.home({ limits: { uploadMemory: 12 * MIB, spoolBytes: 0 } });
      const content = patternOf(4 * PART + 100);
      await upload(home.storage, "/a", content);
      assert.ok((await download(home.storage, "/a")).equals(content));
    });

    test("is rejected when the temporary files are too large, and leaves nothing", async () => {
      const home = await trees.home({ limits: { uploadMemory: 64 * 1024, spoolBytes: MIB } });
      const handle = await home.storage.openUpload("/a", { type: "Replace" });
      await rejectsWith("TooManyTransfers", handle.write([patternOf(2 * MIB)]));
      await handle.abort();
      assert.deepEqual(await namesIn(home.storage, "/"), []);
    });

    test("is rejected when it has too many parts, and leaves nothing", async () => {
      const home = await trees.home({ limits: { parts: 2 } });
      const handle = await home.storage.openUpload("/a", { type: "Replace" });
      await handle.write([patternOf(2 * PART + 1)]);
      await rejectsWith("NoSpace", handle.commit());
      assert.deepEqual(await namesIn(home.storage, "/"), []);
      assert.deepEqual(await uploadsTo(home, "/a"), []);
    });

    // id: resumable-parts
    test("keeps its complete parts when it breaks, and is resumed at their end", async () => {
      const home = await trees.home();
      const content = patternOf(3 * PART + 5000);
      await breakUpload(home.storage, "/a", content.subarray(0, 2 * PART + 1000));
      assert.deepEqual(await namesIn(home.storage, "/"), []);
      assert.equal((await home.storage.resumable("/a"))?.size, 2 * PART);
      await rejectsWith("AlreadyExists", home.storage.openUpload("/a", { type: "Append" }));
      await upload(home.storage, "/a", content.subarray(2 * PART), {
        type: "ResumePartial",
        offset: 2 * PART,
      });
      assert.ok((await download(home.storage, "/a")).equals(content));
      assert.equal((await home.tree.store.head(home.keys.file("/a")))?.crc32, crc32(content));
      assert.deepEqual([await uploadsTo(home, "/a"), await states(home)], [[], []]);
    });

    test("is resumed at the end of an earlier part, but not within a part", async () => {
      const home = await trees.home();
      const content = patternOf(3 * PART);
      await breakUpload(home.storage, "/a", content.subarray(0, 2 * PART + 1));
      const within: UploadMode = { type: "Resume", offset: PART + 1 };
      await rejectsWith("InvalidOffset", home.storage.openUpload("/a", within));
      await rejectsWith("InvalidOffset", home.storage.openUpload("/a", { ...within, offset: 2 * PART + 1 }));
      assert.equal((await home.storage.resumable("/a"))?.size, 2 * PART);
      await upload(home.storage, "/a", content.subarray(PART), { type: "Resume", offset: PART });
      assert.ok((await download(home.storage, "/a")).equals(content));
    });

    test("that was resumed can break and be resumed again", async () => {
      const home = await trees.home();
      const content = patternOf(3 * PART + 7);
      await breakUpload(home.storage, "/a", content.subarray(0, PART + 1));
      const resume: UploadMode = { type: "Resume", offset: PART };
      await breakUpload(home.storage, "/a", content.subarray(PART, 2 * PART + 9), resume);
      assert.equal((await home.storage.resumable("/a"))?.size, 2 * PART);
      await upload(home.storage, "/a", content.subarray(2 * PART), { type: "Resume", offset: 2 * PART });
      assert.ok((await download(home.storage, "/a")).equals(content));
    });

    test("is resumed by one session only", async () => {
      const home = await trees.home();
      await breakUpload(home.storage, "/a", patternOf(PART + 1));
      const resume: UploadMode = { type: "ResumePartial", offset: PART };
      const opened = await Promise.allSettled([1, 2, 3].map(() => home.storage.openUpload("/a", resume)));
      const handles = opened.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
      assert.equal(handles.length, 1);
      await handles[0]?.abort("Removed");
      assert.equal(await home.storage.resumable("/a"), undefined);
    });

    test("of an account that cannot change files creates new files only", async () => {
      const { storage } = await trees.home({ changes: "Denied" });
      await upload(storage, "/stor", "x");
      await upload(storage, "/stou", "x", { type: "Create" });
      for (const mode of ["Replace", "Create"] as const)
        await rejectsWith("AlreadyExists", storage.openUpload("/stor", { type: mode }));
      await rejectsWith("PermissionDenied", storage.openUpload("/new", { type: "Append" }));
    });

    test("is kept for its account only", async () => {
      const home = await trees.home();
      await breakUpload(home.storage, "/a", patternOf(PART + 1));
      const other = await home.tree.openHome(home.path, { account: "bob" });
      assert.equal(await other.resumable("/a"), undefined);
      const anonymous = await home.tree.openHome(home.path);
      assert.equal(await anonymous.resumable("/a"), undefined);
      await breakUpload(anonymous, "/b", patternOf(PART + 1));
      assert.deepEqual(await uploadsTo(home, "/b"), []);
    });

    test("is removed by DELE, by the removal of its directory, and by the policy", async () => {
      const home = await trees.home();
      await breakUpload(home.storage, "/a", patternOf(PART + 1));
      await home.storage.remove("/a");
      assert.deepEqual([await uploadsTo(home, "/a"), await states(home)], [[], []]);
      await home.storage.makeDirectory("/d");
      await breakUpload(home.storage, "/d/a", patternOf(PART + 1));
      await home.storage.removeDirectory("/d");
      assert.deepEqual([await uploadsTo(home, "/d/a"), await states(home)], [[], []]);
      trees.policy = { incomplete: "Remove", sync: "Always" };
      await breakUpload(home.storage, "/a", patternOf(PART + 1));
      trees.policy = { incomplete: "Keep", sync: "Always" };
      assert.deepEqual([await uploadsTo(home, "/a"), await states(home)], [[], []]);
    });

    test("that replaces a file prevents a resume of the old file until the upload is complete", async () => {
      const home = await trees.home();
      await upload(home.storage, "/a", "old content");
      await breakUpload(home.storage, "/a", "new");
      await rejectsWith("AlreadyExists", home.storage.openUpload("/a", { type: "Resume", offset: 3 }));
      await rejectsWith("AlreadyExists", home.storage.openUpload("/a", { type: "Append" }));
      assert.equal(await textOf(home.storage, "/a"), "old content");
      await upload(home.storage, "/a", "new content");
      await upload(home.storage, "/a", "!", { type: "Append" });
      assert.equal(await textOf(home.storage, "/a"), "new content!");
      assert.deepEqual(await states(home), []);
    });

    // id: append-objects
    test("appends to a large file with copies on the server", async () => {
      const home = await trees.home({ limits: { copyPartBytes: 6 * MIB } });
      const content = patternOf(3 * PART + 100);
      await upload(home.storage, "/a", content.subarray(0, 2 * PART));
      await upload(home.storage, "/a", content.subarray(2 * PART), { type: "Append" });
      assert.ok((await download(home.storage, "/a")).equals(content));
      await upload(home.storage, "/a", content.subarray(PART + 50, 2 * PART), {
        type: "Resume",
        offset: PART + 50,
      });
      assert.ok((await download(home.storage, "/a")).equals(content.subarray(0, 2 * PART)));
      await upload(home.storage, "/a", "", { type: "Append" });
      assert.equal((await home.storage.stat("/a")).size, 2 * PART);
      assert.deepEqual(await uploadsTo(home, "/a"), []);
    });

    test("that appends leaves the old file when it breaks, and when another upload replaced it", async () => {
      const home = await trees.home();
      for (const content of [patternOf(PART + 1), Buffer.from("small")]) {
        await upload(home.storage, "/a", content);
        await breakUpload(home.storage, "/a", "more", { type: "Append" });
        assert.ok((await download(home.storage, "/a")).equals(content));
        const late = await home.storage.openUpload("/a", { type: "Append" });
        await late.write([Buffer.from("late")]);
        await upload(home.storage, "/a", "replaced");
        await rejectsWith("Conflict", late.commit());
        assert.equal(await textOf(home.storage, "/a"), "replaced");
      }
      assert.deepEqual(await uploadsTo(home, "/a"), []);
    });

    test("of each of 20 concurrent clients stays within the memory budget", async () => {
      const home = await trees.home({ limits: { uploadMemory: 4 * MIB } });
      const content = patternOf(MIB + 17);
      await Promise.all(Array.from({ length: 20 }, (_, index) => upload(home.storage, `/${index}`, content)));
      for (let index = 0; index < 20; index++)
        assert.ok((await download(home.storage, `/${index}`)).equals(content));
    });
  });
});
