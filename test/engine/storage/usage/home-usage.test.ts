import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { setImmediate } from "node:timers/promises";
import { Semaphore } from "../../../../src/common/semaphore.ts";
import {
  COUNT_PATIENCE,
  HomeUsage,
  RECOUNT_PERIOD,
} from "../../../../src/engine/storage/usage/home-usage.ts";
import { ManualClock } from "../../../support/engine/manual-clock.ts";
import { MemoryStorage } from "../../../support/engine/memory-storage.ts";
import { settle } from "../../../support/engine/world.ts";
import type { Entry, Usage } from "../../../../src/engine/storage/storage.ts";

function home(): { clock: ManualClock; storage: MemoryStorage; usage: HomeUsage; closing: AbortController } {
  const clock = new ManualClock();
  const closing = new AbortController();
  const usage = new HomeUsage(clock, { semaphore: new Semaphore(1), signal: closing.signal });
  const storage = new MemoryStorage();
  storage.directories.add("/d").add("/d/e");
  storage.put("/f", "12345");
  storage.put("/d/e/g", "123");
  return { clock, storage, usage, closing };
}

const DIRECTORY: Entry = {
  name: "d",
  type: "Directory",
  size: 0,
  modified: new Date(0),
  unique: "d",
  mode: 0o755,
};

/** Storage whose listings wait until `gate` is resolved. */
class SlowStorage extends MemoryStorage {
  gate = Promise.withResolvers<void>();

  override async *list(path: string): AsyncGenerator<Entry[]> {
    yield* super.list(path);
    await this.gate.promise;
  }
}

describe("HomeUsage", () => {
  it("counts files and directories at any depth when it is first needed", async () => {
    const { storage, usage } = home();
    assert.deepEqual(usage.now, { bytes: 0, files: 0 });
    await usage.ready(storage);
    assert.deepEqual(usage.now, { bytes: 8, files: 4 });
  });

  it("adds changes and running uploads", async () => {
    const { storage, usage } = home();
    await usage.ready(storage);
    const end = usage.hold({ bytes: 100 });
    usage.change({ bytes: -5, files: -1 });
    assert.deepEqual(usage.now, { bytes: 103, files: 3 });
    end();
    assert.deepEqual(usage.now, { bytes: 3, files: 3 });
  });

  it("counts again when the count is old, and uses the old count until the new one is complete", async () => {
    const { clock, storage, usage } = home();
    await usage.ready(storage);
    usage.change({ bytes: 1, files: 1 });
    storage.put("/by-another", "1234567890");
    clock.advance(RECOUNT_PERIOD - 1);
    await usage.ready(storage);
    await settle();
    assert.deepEqual(usage.now, { bytes: 9, files: 5 });
    clock.advance(1);
    await usage.ready(storage);
    assert.deepEqual(usage.now, { bytes: 9, files: 5 });
    await settle();
    assert.deepEqual(usage.now, { bytes: 18, files: 5 });
  });

  it("makes uploads wait for the first count for a limited time, then uses the parts counted so far", async () => {
    const { clock, usage } = home();
    const slow = new SlowStorage();
    slow.put("/f", "12345");
    slow.directories.add("/d");
    let ready = false;
    const waiting = usage.ready(slow).then(() => (ready = true));
    await settle();
    clock.advance(COUNT_PATIENCE - 1);
    await settle();
    assert.equal(ready, false);
    clock.advance(1);
    await waiting;
    usage.change({ bytes: 10, files: 1 });
    assert.deepEqual(usage.now, { bytes: 15, files: 3 });
    slow.gate.resolve();
    await settle();
    assert.deepEqual(usage.now, { bytes: 15, files: 3 });
    assert.equal(clock.pending, 0);
  });

  describe("during another count", () => {
    /** Starts a second count and applies `change` after the count has found one file of 5 bytes. */
    async function changing(change: (usage: HomeUsage) => void): Promise<Usage> {
      const { clock, usage } = home();
      const slow = new SlowStorage();
      slow.put("/f", "12345");
      slow.put("/g", "12345");
      slow.gate.resolve();
      await usage.ready(slow);
      slow.gate = Promise.withResolvers();
      slow.files.delete("/g");
      clock.advance(RECOUNT_PERIOD);
      await usage.ready(slow);
      await settle();
      change(usage);
      slow.gate.resolve();
      await settle();
      return usage.now;
    }

    it("does not subtract removed files, which the count can have missed", async () =>
      assert.deepEqual(await changing((usage) => usage.change({ bytes: -5, files: -1 })), {
        bytes: 5,
        files: 1,
      }));

    it("does not lower the usage after a directory was moved", async () =>
      assert.deepEqual(await changing((usage) => usage.startMove()(DIRECTORY)), {
        bytes: 10,
        files: 2,
      }));

    it("does not lower the usage during a rename, and ignores a failed rename", async () => {
      assert.deepEqual(await changing((usage) => void usage.startMove()), { bytes: 10, files: 2 });
      assert.deepEqual(await changing((usage) => usage.startMove()(undefined)), { bytes: 5, files: 1 });
    });

    it("adds only a moved file, which the count can have missed", async () => {
      const storage = new MemoryStorage();
      storage.put("/g", "123");
      const file = await storage.stat("/g");
      assert.deepEqual(await changing((usage) => usage.startMove()(file)), { bytes: 8, files: 2 });
    });

    it("adds growth", async () =>
      assert.deepEqual(await changing((usage) => usage.change({ bytes: 1, files: 1 })), {
        bytes: 6,
        files: 2,
      }));
  });

  it("yields to the event loop between the parts of a count that never waits", async () => {
    const { storage, usage } = home();
    storage.measure = async function* (): AsyncGenerator<Usage> {
      for (let part = 0; part < 3200; part++) yield { bytes: 1, files: 1 };
    };
    const seen: number[] = [];
    const counting = usage.ready(storage).then(() => seen.push(Infinity));
    for (let tick = 0; tick < 50; tick++) {
      await setImmediate();
      seen.push(tick);
    }
    await counting;
    assert.deepEqual(usage.now, { bytes: 3200, files: 3200 });
    assert.ok(seen.indexOf(Infinity) >= 50, `it ended before tick ${seen.indexOf(Infinity)}`);
  });

  it("counts other homes during the long count of one home", async () => {
    const { clock, closing, storage, usage } = home();
    const semaphore = new Semaphore(1);
    const endless = new MemoryStorage();
    endless.measure = async function* (): AsyncGenerator<Usage> {
      for (;;) yield await setImmediate({ bytes: 1, files: 1 });
    };
    const long = new HomeUsage(clock, { semaphore, signal: closing.signal });
    const waiting = long.ready(endless);
    const short = new HomeUsage(clock, { semaphore, signal: closing.signal });
    await short.ready(storage);
    await usage.ready(storage);
    assert.deepEqual(short.now, usage.now);
    closing.abort();
    await waiting;
    assert.ok(long.now.bytes > 0);
  });

  it("aborts a count when the engine stops", async () => {
    const { storage, usage, closing } = home();
    closing.abort();
    await usage.ready(storage);
    assert.deepEqual(usage.now, { bytes: 0, files: 0 });
  });
});
