import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { describeEachServer } from "../../../cluster/s3/each-server.ts";
import { download, namesIn, rejectsWith, textOf, upload } from "../../../support/engine/storage-calls.ts";
import { MIB } from "../../../support/s3/object-homes.ts";
import { patternOf, TestTrees } from "../../../support/s3/test-tree.ts";

describe("a rename in object storage", () => {
  describeEachServer((running) => {
    const trees = new TestTrees(running);

    test("copies large files in parts, with their metadata", async () => {
      const limits = { copyObjectBytes: 6 * MIB, copyPartBytes: 6 * MIB };
      const { storage } = await trees.home({ limits });
      const content = patternOf(16 * MIB + 3);
      await upload(storage, "/a", content);
      const time = new Date("2021-02-03T04:05:06Z");
      await storage.setModificationTime("/a", time);
      await storage.rename("/a", "/b", "Files");
      assert.ok((await download(storage, "/b")).equals(content));
      assert.deepEqual((await storage.stat("/b")).modified, time);
      assert.deepEqual(await namesIn(storage, "/"), ["b"]);
    });

    test("of several clients to one name moves one file when nothing can be replaced", async () => {
      const { storage } = await trees.home();
      const names = ["a", "b", "c", "d", "e"];
      for (const size of [0, 10]) {
        for (const name of names) await upload(storage, `/${name}`, name.repeat(size));
        const results = await Promise.allSettled(
          names.map((name) => storage.rename(`/${name}`, "/target", "Nothing")),
        );
        assert.equal(results.filter(({ status }) => status === "fulfilled").length, 1);
        const moved = names.find((_, index) => results[index]?.status === "fulfilled") ?? "";
        assert.equal(await textOf(storage, "/target"), moved.repeat(size));
        assert.deepEqual(
          await namesIn(storage, "/"),
          [...names.filter((name) => name !== moved), "target"].toSorted(),
        );
        await storage.remove("/target");
      }
    });

    // id: directory-renames
    test("of a directory beyond the limit is rejected, and changes nothing", async () => {
      const { storage } = await trees.home({ limits: { renamedObjects: 5 } });
      await storage.makeDirectory("/d");
      for (let index = 0; index < 5; index++) await upload(storage, `/d/${index}`, "x");
      await rejectsWith("NotSupported", storage.rename("/d", "/e", "Files"));
      assert.deepEqual(await namesIn(storage, "/"), ["d/"]);
      await storage.remove("/d/0");
      await storage.rename("/d", "/e", "Files");
      assert.deepEqual(await namesIn(storage, "/e"), ["1", "2", "3", "4"]);
    });

    test("removes the incomplete upload to the new name", async () => {
      const { storage } = await trees.home();
      const handle = await storage.openUpload("/b", { type: "Replace" });
      await handle.write([patternOf(5 * MIB + 1)]);
      await handle.abort();
      await upload(storage, "/a", "a");
      await storage.rename("/a", "/b", "Files");
      await storage.remove("/b");
      assert.equal(await storage.resumable("/b"), undefined);
    });
  });
});
