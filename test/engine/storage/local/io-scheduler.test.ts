import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  type CountSwitches,
  FIRST_PAUSE,
  MAX_PAUSE,
  IoScheduler,
} from "../../../../src/engine/storage/local/system/io-scheduler.ts";

/** Returns a scheduler whose clock advances only when the test calls `call` or `wait`. */
function schedulerOf(
  isLocal = true,
  count?: CountSwitches,
): {
  scheduler: IoScheduler;
  call: (milliseconds: number, during?: () => void) => Promise<string>;
  wait: (milliseconds: number) => void;
} {
  let now = 0;
  const scheduler = new IoScheduler(isLocal, count, () => now);
  return {
    scheduler,
    wait: (milliseconds) => void (now += milliseconds),
    call: (milliseconds, during = () => {}) =>
      scheduler.call(
        () => {
          now += milliseconds;
          during();
          return "at once";
        },
        async () => "on a thread",
      ),
  };
}

describe("IoScheduler", () => {
  it("makes synchronous calls while they are fast", async () => {
    const { scheduler, call } = schedulerOf();
    for (let number = 0; number < 1000; number++) assert.equal(await call(0.01), "at once");
    assert.ok(scheduler.isFast);
  });

  it("uses threads after a slow call, and tries synchronous calls after a pause", async () => {
    const { call, wait } = schedulerOf();
    assert.equal(await call(25), "at once");
    assert.equal(await call(25), "on a thread");
    wait(FIRST_PAUSE - 1);
    assert.equal(await call(25), "on a thread");
    wait(1);
    assert.equal(await call(0.01), "at once");
    assert.equal(await call(0.01), "at once");
  });

  it("doubles the pause while calls stay slow, and resets it after a fast period of the same length", async () => {
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

  it("makes a call that counts as several only while calls are fast", async () => {
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

  it("uses threads after many moderately slow calls, but not after one among many fast calls", async () => {
    const { scheduler, call } = schedulerOf();
    for (let number = 0; number < 100; number++) await call(0.01);
    await call(5);
    assert.ok(scheduler.isFast, "one slow call can be caused by another program");
    let slow = 0;
    while (scheduler.isFast && slow < 100) {
      slow += 1;
      await call(1);
    }
    assert.ok(slow < 20, `${slow} calls of a millisecond`);
  });

  it("does not use threads after calls that only waited for a CPU", async () => {
    const switches = { voluntary: 7, involuntary: 3 };
    const { scheduler, call } = schedulerOf(true, () => ({ ...switches }));
    const preempted = (): void => void (switches.involuntary += 1);
    const slept = (): void => void (switches.voluntary += 1);
    for (let number = 0; number < 100; number++) await call(25, preempted);
    assert.ok(scheduler.isFast, "calls that another program interrupted");
    await call(25, () => (preempted(), slept()));
    assert.ok(!scheduler.isFast, "a call that waited for the disk and was interrupted");
  });

  it("uses threads after a slow call during which the thread was never suspended", async () => {
    const { scheduler, call } = schedulerOf(true, () => ({ voluntary: 7, involuntary: 3 }));
    await call(25);
    assert.ok(!scheduler.isFast);
  });

  it("makes the calls of a batch synchronously until they are slow", async () => {
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

  it("makes no synchronous call to a network volume", async () => {
    const { call } = schedulerOf(false);
    assert.equal(await call(0.01), "on a thread");
  });

  it("passes errors on and measures failed calls", async () => {
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
