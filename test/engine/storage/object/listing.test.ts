import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { DEFAULT_MODES } from "../../../../src/api/file-modes.ts";
import { OBJECT_LIMITS } from "../../../../src/engine/storage/object/limits.ts";
import { ListedKeys, type PageLease } from "../../../../src/engine/storage/object/listed-keys.ts";
import { entriesIn } from "../../../../src/engine/storage/object/listing.ts";
import type { ListOptions, ListPage } from "../../../../src/engine/storage/object/object-store.ts";
import type { Storage } from "../../../../src/engine/storage/storage.ts";
import { describeEachServer } from "../../../cluster/s3/each-server.ts";
import { collectGarbage } from "../../../support/collect-garbage.ts";
import { namesIn, rejectsWith, textOf, upload } from "../../../support/engine/storage-calls.ts";
import { TestTrees } from "../../../support/s3/test-tree.ts";

const PAGE = 1000;
const KEYS = 1_000_000;
const MIB = 1024 * 1024;
const SHOWN = 25;

/** Simulates a bucket with many keys. Generates the keys for each listing page. */
class ManyKeys {
  async list(prefix: string, { token = "0" }: ListOptions = {}): Promise<ListPage> {
    const start = Number(token);
    const keyOf = (index: number): string => `${prefix}file-${String(index).padStart(9, "0")}`;
    const modified = new Date();
    const objects = Array.from({ length: PAGE }, (_, index) => ({
      key: keyOf(start + index),
      size: index,
      modified,
      etag: `"${start + index}"`,
    }));
    const next = start + PAGE;
    return { objects, prefixes: [], next: next < KEYS ? String(next) : undefined };
  }
}

function heapInUse(): number {
  collectGarbage();
  return process.memoryUsage().heapUsed;
}

describe("a listing of object storage", () => {
  test("of 1,000,000 keys needs only the memory of one page", async () => {
    const before = heapInUse();
    let entries = 0;
    let highest = 0;
    const listed = new ListedKeys(OBJECT_LIMITS);
    const lease = (): PageLease => listed.lease("home/");
    const options = { modes: DEFAULT_MODES, mustHaveKeys: true, lease };
    for await (const some of entriesIn(new ManyKeys(), "home/", options)) {
      assert.equal(listed.held, OBJECT_LIMITS.pageKeys);
      entries += some.length;
      if (entries % (100 * PAGE) === 0) highest = Math.max(highest, heapInUse());
    }
    assert.deepEqual([entries, listed.held], [KEYS, 0]);
    assert.ok(highest - before < 8 * MIB, `${Math.round((highest - before) / MIB)} MiB`);
  });

  describeEachServer((running) => {
    const trees = new TestTrees(running);

    test("continues after the first page, and counts all keys", async () => {
      const { storage, tree, keys } = await trees.home({ limits: { pageKeys: 10 } });
      const names = Array.from({ length: SHOWN }, (_, index) => `f${String(index).padStart(5, "0")}`);
      for (const name of names) await upload(storage, `/${name}`, "x");
      assert.deepEqual(await namesIn(storage, "/"), names);
      const usage = (await Array.fromAsync(storage.measure())).reduce((sum, { files }) => sum + files, 0);
      assert.equal(usage, SHOWN);
      assert.equal((await tree.store.list(keys.base)).objects.length, 10);
    });

    test("has smaller pages while other listings hold their pages", async () => {
      const limits = { pageKeys: 10, listedKeys: 20, minPageKeys: 2 };
      const { storage, tree } = await trees.home({ limits });
      const other = await tree.openHome("/other");
      for (let index = 0; index < SHOWN; index++)
        for (const home of [storage, other]) await upload(home, `/${index}`, "x");
      const open: AsyncIterator<readonly unknown[]>[] = [];
      const firstPage = async (home: Storage): Promise<number> => {
        const entries = home.list("/")[Symbol.asyncIterator]();
        open.push(entries);
        return ((await entries.next()).value ?? []).length;
      };
      assert.equal(await firstPage(storage), 10);
      assert.equal(await firstPage(storage), 5, "one home can use three quarters of the keys");
      assert.equal(await firstPage(storage), 2);
      assert.equal(await firstPage(other), 3);
      assert.equal(await firstPage(other), 2);
      for (const entries of open) await entries.return?.();
      assert.equal(await firstPage(other), 10, "listings that have ended hold no keys");
      assert.equal((await namesIn(storage, "/")).length, SHOWN);
    });

    test("shows directories that other programs created without a marker", async () => {
      const { storage, keys } = await trees.home();
      await running().bucket.put(`${keys.base}d/e/f`, "content");
      assert.deepEqual(await namesIn(storage, "/"), ["d/"]);
      assert.deepEqual(await namesIn(storage, "/d"), ["e/"]);
      assert.equal((await storage.stat("/d/e")).type, "Directory");
      assert.equal(await textOf(storage, "/d/e/f"), "content");
      await rejectsWith("DirectoryNotEmpty", storage.removeDirectory("/d"));
      await rejectsWith("AlreadyExists", storage.makeDirectory("/d"));
      await storage.remove("/d/e/f");
      assert.equal((await storage.stat("/d/e")).type, "Directory");
      await storage.removeDirectory("/d/e");
      assert.deepEqual(await namesIn(storage, "/d"), []);
    });

    test("omits names that FTP cannot express, and keeps their directory", async () => {
      const { storage, keys } = await trees.home();
      const { bucket } = running();
      await storage.makeDirectory("/d");
      await bucket.put(`${keys.base}d/a\u0007b`, "bell");
      await upload(storage, "/d/c", "c");
      assert.deepEqual(await namesIn(storage, "/d"), ["c"]);
      await storage.remove("/d/c");
      await rejectsWith("DirectoryNotEmpty", storage.removeDirectory("/d"));
    });
  });
});
