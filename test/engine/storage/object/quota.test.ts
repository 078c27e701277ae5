import assert from "node:assert/strict";
import { describe, test } from "node:test";
import * as fc from "fast-check";
import { Quotas } from "../../../../src/engine/storage/usage/quotas.ts";
import type { EngineQuota } from "../../../../src/api/engine-config.ts";
import type { Storage } from "../../../../src/engine/storage/storage.ts";
import { describeEachServer } from "../../../cluster/s3/each-server.ts";
import { ManualClock } from "../../../support/engine/manual-clock.ts";
import { breakUpload, rejectsWith, upload } from "../../../support/engine/storage-calls.ts";
import { MIB } from "../../../support/s3/object-homes.ts";
import { patternOf, TestTrees } from "../../../support/s3/test-tree.ts";

const QUOTA = { bytes: 100 };

type Change =
  | { do: "upload"; path: string; size: number }
  | { do: "remove"; path: string }
  | { do: "rename"; from: string; to: string };

const path = fc.constantFrom("/a", "/b", "/d/a");
const change: fc.Arbitrary<Change> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant("upload"), path, size: fc.constantFrom(0, 10, 40, 90) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("remove"), path }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("rename"), from: path, to: path }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant("rename"), from: fc.constant("/d"), to: fc.constant("/e") }),
  },
);
const changes = fc.array(change, { minLength: 1, maxLength: 4 });

async function apply(storage: Storage, change: Change): Promise<void> {
  switch (change.do) {
    case "upload":
      // The directory does not exist at the start and after a rename.
      if (change.path.startsWith("/d/")) await storage.makeDirectory("/d").catch(() => undefined);
      return await upload(storage, change.path, Buffer.alloc(change.size));
    case "remove":
      return await storage.remove(change.path);
    case "rename":
      return await storage.rename(change.from, change.to, "Files");
  }
}

/** Returns the total size of all objects in a home in bytes. */
async function bytesIn(storage: Storage): Promise<number> {
  let found = 0;
  for await (const { bytes } of storage.measure()) found += bytes;
  return found;
}

describe("a quota of a home in object storage", () => {
  describeEachServer((running) => {
    const trees = new TestTrees(running);

    /** Opens a home with a quota. Each call opens a new ledger, like a different engine. */
    const withQuota = async (
      quota: EngineQuota,
      path?: string,
    ): Promise<{ storage: Storage; path: string }> => {
      const quotas = new Quotas(new ManualClock(), { current: () => ({ quota }) });
      const home = await trees.home();
      const homeDirectory = path ?? home.path;
      const ledger = quotas.ledgerOf({ name: "alice", homeDirectory });
      return {
        storage: await home.tree.openHome(homeDirectory, { account: "alice", ledger }),
        path: homeDirectory,
      };
    };

    // id: object-quota
    test("rejects bytes and files beyond it, also for another engine", async () => {
      const { storage, path } = await withQuota({ bytes: 100, files: 3 });
      await upload(storage, "/a", "x".repeat(60));
      await rejectsWith("QuotaExceeded", upload(storage, "/b", "x".repeat(41)));
      await upload(storage, "/b", "x".repeat(40));
      await upload(storage, "/a", "y".repeat(60));
      await rejectsWith("QuotaExceeded", upload(storage, "/a", "y".repeat(61)));
      await rejectsWith("QuotaExceeded", upload(storage, "/b", "y", { type: "Append" }));
      await storage.makeDirectory("/d");
      await rejectsWith("QuotaExceeded", storage.makeDirectory("/e"));
      const other = await withQuota({ bytes: 100, files: 3 }, path);
      await rejectsWith("QuotaExceeded", upload(other.storage, "/c", ""));
      assert.equal(await other.storage.availableBytes("/"), 0);
    });

    test("releases the bytes of removed, replaced and renamed files", async () => {
      const { storage } = await withQuota({ bytes: 100 });
      await upload(storage, "/a", "x".repeat(100));
      await upload(storage, "/a", "x".repeat(10));
      await upload(storage, "/b", "x".repeat(90));
      await storage.rename("/b", "/a", "Files");
      await upload(storage, "/b", "x".repeat(10));
      await storage.remove("/a");
      await upload(storage, "/c", "x".repeat(90));
      assert.equal(await storage.availableBytes("/"), 0);
    });

    // id: object-quota-exact
    test("records the file that each of several concurrent uploads to one name replaces", async () => {
      const { storage } = await withQuota({ bytes: 100 });
      for (let round = 0; round < 10; round++) {
        await upload(storage, "/a", "x".repeat(60));
        const handles = await Promise.all(
          [5, 10, 20].map(async (size) => {
            const handle = await storage.openUpload("/a", { type: "Replace" });
            await handle.write([Buffer.alloc(size)]);
            return handle;
          }),
        );
        await Promise.all(handles.map((handle) => handle.commit()));
        assert.equal(await storage.availableBytes("/"), 100 - (await storage.stat("/a")).size);
      }
    });

    test("records exactly what the home contains after any concurrent changes", async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(changes, { maxLength: 6 }), async (batches) => {
          const { storage } = await withQuota(QUOTA);
          for (const batch of batches) {
            await Promise.allSettled(batch.map((change) => apply(storage, change)));
            const bytes = await bytesIn(storage);
            const state = JSON.stringify(batches);
            assert.ok(bytes <= QUOTA.bytes, state);
            assert.equal(await storage.availableBytes("/"), QUOTA.bytes - bytes, state);
          }
        }),
        { numRuns: 20 },
      );
    });

    test("counts the bytes of incomplete uploads until they are removed", async () => {
      const { storage } = await withQuota({ bytes: 12 * MIB });
      await breakUpload(storage, "/a", patternOf(10 * MIB + 1));
      assert.equal((await storage.resumable("/a"))?.size, 10 * MIB);
      await rejectsWith("QuotaExceeded", upload(storage, "/b", patternOf(3 * MIB)));
      await upload(storage, "/a", patternOf(2 * MIB), { type: "ResumePartial", offset: 10 * MIB });
      assert.equal(await storage.availableBytes("/"), 0);
      await storage.remove("/a");
      assert.equal(await storage.availableBytes("/"), 12 * MIB);
    });
  });
});
