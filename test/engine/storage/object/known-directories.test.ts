import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Storage } from "../../../../src/engine/storage/storage.ts";
import { KnownDirectories } from "../../../../src/engine/storage/object/known-directories.ts";
import { OBJECT_LIMITS } from "../../../../src/engine/storage/object/limits.ts";
import type { ListPage } from "../../../../src/engine/storage/object/object-store.ts";
import { describeEachServer } from "../../../cluster/s3/each-server.ts";
import { rejectsWith, textOf, upload } from "../../../support/engine/storage-calls.ts";
import { TestTrees } from "../../../support/s3/test-tree.ts";

const NOTHING: ListPage = { objects: [], prefixes: [], next: undefined };
const EPOCH = new Date(0);

function objectAt(key: string): ListPage["objects"][number] {
  return { key, size: 0, modified: EPOCH, etag: "" };
}

/** Returns the cache of known directories for a bucket whose listings the test controls. */
function knownOf(list: (prefix: string) => Promise<ListPage>, limits = {}) {
  const clock = { now: 0 };
  const listed: string[] = [];
  const store = {
    list: (prefix: string): Promise<ListPage> => {
      listed.push(prefix);
      return list(prefix);
    },
  };
  const known = new KnownDirectories(store, { ...OBJECT_LIMITS, ...limits }, () => clock.now);
  return { known, clock, listed };
}

describe("known directories", () => {
  test("list a directory once within the maximum age", async () => {
    const { known, clock, listed } = knownOf(async () => NOTHING, { knownDirectoryAge: 5000 });
    await known.look("d/");
    clock.now = 4999;
    await known.look("d/");
    assert.deepEqual(listed, ["d/"]);
    clock.now = 5000;
    await known.look("d/");
    assert.deepEqual(listed, ["d/", "d/"]);
  });

  test("contain an object that was stored while the listing ran", async () => {
    const { promise, resolve } = Promise.withResolvers<ListPage>();
    const { known } = knownOf(() => promise);
    const looking = known.look("d/");
    known.stored("d/a");
    known.stored("d/e/b");
    resolve(NOTHING);
    const directory = await looking;
    assert.deepEqual([directory.exists, directory.isComplete], [true, true]);
    assert.deepEqual([directory.mayHaveFile("a"), directory.mayHaveFile("b")], [true, false]);
    assert.deepEqual([directory.mayHaveDirectory("e"), directory.mayHaveDirectory("a")], [true, false]);
  });

  test("forget all directories of a removed object, even while a listing runs", async () => {
    const { promise, resolve } = Promise.withResolvers<ListPage>();
    const { known, listed } = knownOf((prefix) => (prefix === "" ? promise : Promise.resolve(NOTHING)));
    const looking = known.look("");
    await known.look("d/");
    await known.look("d/e/");
    await known.look("f/");
    known.removed("d/e/a");
    resolve(NOTHING);
    await looking;
    for (const prefix of ["", "d/", "d/e/", "f/"]) await known.look(prefix);
    assert.deepEqual(listed, ["", "d/", "d/e/", "f/", "", "d/", "d/e/"]);
  });

  test("do not remember a failed listing", async () => {
    let fails = true;
    const { known } = knownOf(async () => {
      if (fails) throw new Error("broken");
      return NOTHING;
    });
    await assert.rejects(known.look("d/"), /broken/u);
    fails = false;
    assert.equal((await known.look("d/")).exists, false);
  });

  test("forget the oldest directory when there are too many", async () => {
    const { known } = knownOf(async () => NOTHING, { knownDirectories: 2 });
    for (const prefix of ["a/", "b/", "c/"]) await known.look(prefix);
    assert.deepEqual([known.has("a/"), known.has("b/"), known.has("c/")], [false, true, true]);
  });

  test("forget a directory with too many names", async () => {
    const { known } = knownOf(async () => NOTHING, { knownNames: 1 });
    await known.look("a/");
    known.stored("a/1");
    assert.ok(known.has("a/"));
    known.stored("a/2");
    assert.ok(!known.has("a/"));
  });

  test("forget the oldest directories when all directories have too many names", async () => {
    const { known } = knownOf(
      async (prefix) => ({ ...NOTHING, objects: ["1", "2", "3"].map((name) => objectAt(prefix + name)) }),
      { knownTotalNames: 5 },
    );
    for (const prefix of ["a/", "b/", "c/"]) await known.look(prefix);
    assert.deepEqual([known.has("a/"), known.has("b/"), known.has("c/")], [false, true, true]);
  });

  // id: known-names
  test("do not grow while objects are stored without a listing", async () => {
    const { known, clock } = knownOf(async () => NOTHING, { knownNames: 10, knownDirectoryAge: 5000 });
    const full = await known.look("full/");
    const old = await known.look("old/");
    for (let count = 0; count < 1000; count++) known.stored(`full/${count}/`);
    clock.now = 5000;
    for (let count = 0; count < 1000; count++) known.stored(`old/${count}`);
    assert.deepEqual([full.directories.size, old.files.size], [11, 1]);
  });

  test("keep the names that are stored while a slow listing runs", async () => {
    const { promise, resolve } = Promise.withResolvers<ListPage>();
    const { known, clock } = knownOf(() => promise, { knownDirectoryAge: 5000 });
    const looking = known.look("d/");
    clock.now = 6000;
    for (const key of ["d/a", "d/b"]) known.stored(key);
    resolve(NOTHING);
    const directory = await looking;
    assert.deepEqual([directory.mayHaveFile("a"), directory.mayHaveFile("b")], [true, true]);
  });
});

describe("changes to a known directory", () => {
  describeEachServer((running) => {
    const trees = new TestTrees(running);

    /** Returns the same home in two engines. */
    async function twoEngines(age: number): Promise<[Storage, Storage]> {
      const limits = { knownDirectoryAge: age };
      const one = await trees.home({ limits });
      const other = await (await trees.open({ limits })).openHome(one.path, { account: "alice" });
      return [one.storage, other];
    }

    test("take effect immediately in the same engine", async () => {
      const [storage] = await twoEngines(60_000);
      await storage.makeDirectory("/d");
      await upload(storage, "/d/a", "content");
      await rejectsWith("IsADirectory", storage.openUpload("/d", { type: "Replace" }));
      await storage.rename("/d", "/e", "Nothing");
      await rejectsWith("NotFound", storage.openUpload("/d/a", { type: "Replace" }));
      await upload(storage, "/d", "content");
      await rejectsWith("NotADirectory", storage.openUpload("/d/a", { type: "Replace" }));
      await storage.remove("/e/a");
      await storage.removeDirectory("/e");
      await rejectsWith("NotFound", storage.openUpload("/e/a", { type: "Replace" }));
    });

    test("take effect in other engines after the maximum age", async () => {
      const [one, other] = await twoEngines(0);
      await one.makeDirectory("/d");
      await upload(other, "/d/a", "content");
      await one.remove("/d/a");
      await one.removeDirectory("/d");
      await rejectsWith("NotFound", other.openUpload("/d/a", { type: "Replace" }));
    });

    test("never allow two engines to create the same file", async () => {
      const [one, other] = await twoEngines(60_000);
      for (const storage of [one, other]) await upload(storage, storage === one ? "/1" : "/2", "content");
      await upload(one, "/a", "first", { type: "Create" });
      await rejectsWith("AlreadyExists", upload(other, "/a", "second", { type: "Create" }));
      assert.equal(await textOf(one, "/a"), "first");
    });
  });
});
