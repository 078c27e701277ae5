import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  FIRST_PAUSE,
  MAX_PAUSE,
  IoScheduler,
  type ReadUsage,
  type ThreadUsage,
} from "../../../../src/engine/storage/local/system/io-scheduler.ts";

/** Returns a scheduler whose clock advances only when the test calls `call` or `wait`. */
function schedulerOf(
  isLocal = true,
  readUsage?: ReadUsage,
): {
  scheduler: IoScheduler;
  call: (milliseconds: number, during?: () => void) => Promise<string>;
  wait: (milliseconds: number) => void;
} {
  let now = 0;
  const scheduler = new IoScheduler(isLocal, readUsage, () => now);
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

/** Returns a scheduler with a thread whose usage increases only during the calls. */
function schedulerWithUsage(): {
  scheduler: IoScheduler;
  call: (milliseconds: number, usage?: Partial<ThreadUsage>) => Promise<string>;
  /** Returns the number of times that the scheduler has read the usage. */
  reads: () => number;
} {
  let reads = 0;
  const used = { voluntary: 7, involuntary: 3, cpuTime: 5000 };
  const use = ({ voluntary = 0, involuntary = 0, cpuTime = 0 }: Partial<ThreadUsage>): void => {
    used.voluntary += voluntary;
    used.involuntary += involuntary;
    used.cpuTime += cpuTime;
  };
  const { scheduler, call } = schedulerOf(true, () => {
    reads += 1;
    return { ...used };
  });
  return {
    scheduler,
    call: (milliseconds, usage = {}) => call(milliseconds, () => use(usage)),
    reads: () => reads,
  };
}

/** Calls of 25 ms. Each row contains the usage of the thread, and whether the call counts as slow. */
const LONG_CALLS: readonly [title: string, usage: Partial<ThreadUsage>, isSlow: boolean][] = [
  ["was never suspended and used little CPU time", { cpuTime: 1 }, true],
  ["was never suspended and used the CPU", { cpuTime: 25 }, true],
  ["waited for the disk", { voluntary: 1, cpuTime: 1 }, true],
  ["waited for the disk after it used the CPU", { voluntary: 1, cpuTime: 20 }, true],
  ["waited for the disk and for a CPU", { voluntary: 1, involuntary: 1, cpuTime: 1 }, true],
  [
    "waited for the disk and for a CPU, and used the CPU",
    { voluntary: 1, involuntary: 1, cpuTime: 20 },
    true,
  ],
  ["waited only for a CPU", { involuntary: 1, cpuTime: 1 }, false],
  ["waited only for a CPU several times", { involuntary: 5, cpuTime: 4 }, false],
  ["waited for a CPU and used the CPU for less than a timer tick", { involuntary: 1, cpuTime: 9.9 }, false],
  ["waited for a CPU and used the CPU for more than a timer tick", { involuntary: 1, cpuTime: 12 }, false],
  ["waited for a CPU and used the CPU for almost the duration", { involuntary: 1, cpuTime: 24 }, true],
];

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

  for (const [involuntary, calls] of [
    [0, 1],
    [1, 1],
    [0, 1000],
    [1, 1000],
  ] as const)
    it(`uses threads after ${calls} calls that took 25 ms of CPU time together, with ${involuntary} suspensions`, () => {
      let now = 0;
      const scheduler = new IoScheduler(
        true,
        () => ({ voluntary: 0, involuntary: now && involuntary, cpuTime: now }),
        () => now,
      );
      scheduler.ifFast(calls, () => (now += 25));
      assert.ok(!scheduler.isFast);
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

  for (const [title, usage, isSlow] of LONG_CALLS)
    it(`${isSlow ? "uses" : "does not use"} threads after a long call whose thread ${title}`, async () => {
      const { scheduler, call } = schedulerWithUsage();
      for (let number = 0; number < 64; number++) await call(0.01);
      assert.equal(await call(25, usage), "at once");
      assert.equal(scheduler.isFast, !isSlow);
    });

  for (const [milliseconds, calls] of [
    [25, 1],
    [25, 1000],
    [5, 1],
  ] as const)
    it(`does not use threads after calls in batches of ${calls} that waited ${milliseconds} ms, but only for a CPU`, () => {
      let [now, waits] = [0, 0];
      const readUsage = (): ThreadUsage => ({ voluntary: 0, involuntary: waits, cpuTime: waits / 10 });
      const scheduler = new IoScheduler(true, readUsage, () => now);
      for (let number = 0; number < 100; number++)
        scheduler.ifFast(calls, () => {
          now += milliseconds;
          waits += 1;
        });
      assert.ok(scheduler.isFast);
    });

  it("uses threads after calls that waited for a CPU and used much CPU time on average", async () => {
    const { scheduler, call } = schedulerWithUsage();
    for (let number = 0; number < 64; number++) await call(0.01);
    let slow = 0;
    for (; scheduler.isFast && slow < 100; slow++) await call(15, { involuntary: 1, cpuTime: 14 });
    assert.ok(slow > 1 && slow < 20, `${slow} calls`);
  });

  it("ignores a few milliseconds of CPU time, which can belong to earlier calls", async () => {
    const { scheduler, call } = schedulerWithUsage();
    for (let number = 0; number < 64; number++) await call(0.01);
    for (let number = 0; number < 100; number++) await call(5, { involuntary: 1, cpuTime: 4 });
    assert.ok(scheduler.isFast);
  });

  it("counts at most the duration of a call, because the kernel updates the CPU time at intervals", async () => {
    const { scheduler, call } = schedulerWithUsage();
    for (let number = 0; number < 64; number++) await call(0.01);
    await call(1, { involuntary: 1, cpuTime: 25 });
    assert.ok(scheduler.isFast);
  });

  it("does not count the CPU time of earlier consecutive calls", async () => {
    const { scheduler, call, reads } = schedulerWithUsage();
    for (let number = 0; number < 3000; number++) await call(0.01, { cpuTime: 0.01 });
    assert.ok(reads() > 20 && reads() < 40, `${reads()} reads; expected one for each millisecond`);
    await call(25, { involuntary: 1, cpuTime: 0.01 });
    assert.ok(scheduler.isFast);
  });

  it("does not count the CPU time and the suspensions between two calls", async () => {
    let now = 0;
    const used = { voluntary: 0, involuntary: 0, cpuTime: 0 };
    const scheduler = new IoScheduler(
      true,
      () => ({ ...used }),
      () => now,
    );
    scheduler.ifFast(1, () => (now += 0.01));
    now += 100;
    Object.assign(used, { voluntary: 3, involuntary: 3, cpuTime: 100 });
    scheduler.ifFast(1, () => {
      now += 25;
      used.involuntary += 1;
    });
    assert.ok(scheduler.isFast);
    now += 100;
    used.involuntary += 1;
    scheduler.ifFast(1, () => (now += 25));
    assert.ok(!scheduler.isFast);
  });

  it("uses threads after a long call when the usage is unknown", async () => {
    const { scheduler, call } = schedulerOf(true, () => undefined);
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

  it("passes on errors, and measures failed calls", async () => {
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
