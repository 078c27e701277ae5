import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  FIRST_PAUSE,
  MAX_PAUSE,
  IoScheduler,
} from "../../../../src/engine/storage/local/system/io-scheduler.ts";

/** A scheduler with a clock that only the calls advance. */
function schedulerOf(isLocal = true): {
  scheduler: IoScheduler;
  call: (milliseconds: number) => Promise<string>;
  wait: (milliseconds: number) => void;
} {
  let now = 0;
  const scheduler = new IoScheduler(isLocal, () => now);
  return {
    scheduler,
    wait: (milliseconds) => void (now += milliseconds),
    call: (milliseconds) =>
      scheduler.call(
        () => {
          now += milliseconds;
          return "at once";
        },
        async () => "on a thread",
      ),
  };
}

describe("IoScheduler", () => {
  it("makes calls at once while they take no time", async () => {
    const { scheduler, call } = schedulerOf();
    for (let number = 0; number < 1000; number++) assert.equal(await call(0.01), "at once");
    assert.ok(scheduler.isFast);
  });

  it("leaves them to threads after one that took long, and tries again after a pause", async () => {
    const { call, wait } = schedulerOf();
    assert.equal(await call(25), "at once");
    assert.equal(await call(25), "on a thread");
    wait(FIRST_PAUSE - 1);
    assert.equal(await call(25), "on a thread");
    wait(1);
    assert.equal(await call(0.01), "at once");
    assert.equal(await call(0.01), "at once");
  });

  it("tries less and less often while it stays slow, and as often as at first once it was fast for as long", async () => {
    const { scheduler, call, wait } = schedulerOf();
    const pauseAfterSlowCall = async (): Promise<number> => {
      assert.equal(await call(25), "at once");
      let pause = 0;
      for (; !scheduler.isFast; pause += 50) wait(50);
      return pause;
    };
    const pauses = [];
    for (let number = 0; number < 9; number++) pauses.push(await pauseAfterSlowCall());
    assert.deepEqual(pauses.slice(0, 3), [FIRST_PAUSE, 2 * FIRST_PAUSE, 4 * FIRST_PAUSE]);
    assert.equal(pauses.at(-1), MAX_PAUSE);
    await call(0.01);
    assert.equal(await pauseAfterSlowCall(), MAX_PAUSE);
    wait(MAX_PAUSE + 1);
    await call(0.01);
    assert.equal(await pauseAfterSlowCall(), FIRST_PAUSE);
  });

  it("makes a call that counts as many at once while that is fast, and not at all while it is not", async () => {
    const { scheduler, wait } = schedulerOf();
    const large = (milliseconds: number): string | undefined =>
      scheduler.ifFast(4, () => {
        wait(milliseconds);
        return "at once";
      });
    for (let number = 0; number < 100; number++) assert.equal(large(0.9), "at once");
    for (let number = 0; number < 100 && scheduler.isFast; number++) large(1.1);
    assert.equal(large(0.1), undefined);
  });

  it("notices many that are a little slow, and forgives one among many fast ones", async () => {
    const { scheduler, call } = schedulerOf();
    for (let number = 0; number < 100; number++) await call(0.01);
    await call(5);
    assert.ok(scheduler.isFast, "another program had the processor");
    let slow = 0;
    while (scheduler.isFast && slow < 100) {
      slow += 1;
      await call(1);
    }
    assert.ok(slow < 20, `${slow} calls of a millisecond`);
  });

  it("makes one call after the other of a batch at once, and ends early when they are slow", async () => {
    const { scheduler, wait } = schedulerOf();
    const batch = (milliseconds: number): Promise<string[]> =>
      scheduler.forEach(
        Array.from({ length: 128 }),
        () => {
          wait(milliseconds);
          return "at once";
        },
        async () => "on a thread",
      );
    assert.deepEqual(await scheduler.forEach([], String, async () => ""), []);
    assert.deepEqual(new Set(await batch(0.01)), new Set(["at once"]));
    assert.ok(scheduler.isFast);
    const slow = await batch(7);
    assert.equal(slow.filter((how) => how === "at once").length, 3);
    assert.equal(slow.length, 128);
    assert.deepEqual(new Set(await batch(7)), new Set(["on a thread"]));
  });

  it("makes no call at once to a volume that may never answer", async () => {
    const { call } = schedulerOf(false);
    assert.equal(await call(0.01), "on a thread");
  });

  it("hands errors through, and counts their time too", async () => {
    const { scheduler, wait } = schedulerOf();
    const failing = scheduler.call(
      () => {
        wait(25);
        throw new Error("broken");
      },
      async () => "on a thread",
    );
    await assert.rejects(failing, /broken/);
    assert.ok(!scheduler.isFast);
  });
});
