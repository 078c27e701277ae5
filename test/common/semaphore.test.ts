import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { setImmediate as nextTick } from "node:timers/promises";
import * as fc from "fast-check";
import { FairQueue } from "../../src/common/fair-queue.ts";
import { Semaphore } from "../../src/common/semaphore.ts";

describe("FairQueue", () => {
  test("serves owners in round-robin order and items of one owner by age", () => {
    const queue = new FairQueue<string>();
    for (const item of ["a1", "a2", "a3"]) queue.add(["a"], item);
    queue.add(["b", "x"], "bx1");
    queue.add(["b", "x"], "bx2");
    queue.add(["b", "y"], "by1");
    const served = Array.from({ length: 7 }, () => queue.take());
    assert.deepEqual(served, ["a1", "bx1", "a2", "by1", "a3", "bx2", undefined]);
  });

  test("counts the items of each group and forgets groups that are empty", () => {
    const queue = new FairQueue<string>();
    queue.add(["a", "x"], "1");
    queue.add(["a", "y"], "2");
    assert.deepEqual(
      [queue.size(), queue.size(["a"]), queue.size(["a", "x"]), queue.size(["b"])],
      [2, 2, 1, 0],
    );
    assert.equal(queue.delete(["a", "x"], "1"), true);
    assert.equal(queue.delete(["a", "x"], "1"), false);
    assert.deepEqual([queue.size(), queue.size(["a", "x"])], [1, 0]);
    assert.equal(queue.take(), "2");
    assert.equal(queue.take(), undefined);
  });

  test("serves every item once and delays no owner by more than one item of each other owner", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 60 }), (owners) => {
        const queue = new FairQueue<{ owner: number; index: number }>();
        owners.forEach((owner, index) => queue.add([String(owner)], { owner, index }));
        const served = owners.map(() => queue.take());
        assert.deepEqual(
          served.map((item) => item?.index).toSorted((a = 0, b = 0) => a - b),
          [...owners.keys()],
        );
        const rounds = new Map<number, number>();
        for (const item of served) {
          const owner = item?.owner ?? -1;
          const round = (rounds.get(owner) ?? 0) + 1;
          rounds.set(owner, round);
          for (const other of new Set(owners)) {
            const total = owners.filter((each) => each === other).length;
            assert.ok((rounds.get(other) ?? 0) >= Math.min(total, round - 1), `${owner} overtook ${other}`);
          }
        }
      }),
    );
  });
});

describe("Semaphore", () => {
  test("runs no more jobs than it has permits, even when jobs fail", async () => {
    const semaphore = new Semaphore(2);
    let running = 0;
    let most = 0;
    const jobs = Array.from({ length: 9 }, (_, index) =>
      semaphore.run(async () => {
        most = Math.max(most, ++running);
        await nextTick();
        running -= 1;
        if (index % 3 === 0) throw new Error("failed");
      }),
    );
    const results = await Promise.allSettled(jobs);
    assert.equal(most, 2);
    assert.equal(results.filter(({ status }) => status === "rejected").length, 3);
    assert.equal(semaphore.waiting(), 0);
  });

  test("does not run a job whose signal was aborted while it waited", async () => {
    const semaphore = new Semaphore(1);
    const { promise, resolve } = Promise.withResolvers<void>();
    const first = semaphore.run(() => promise);
    const controller = new AbortController();
    let ran = false;
    const second = semaphore.run(async () => void (ran = true), { signal: controller.signal, owner: ["a"] });
    assert.equal(semaphore.waiting(["a"]), 1);
    controller.abort(new Error("gone"));
    await assert.rejects(second, /gone/u);
    assert.equal(semaphore.waiting(["a"]), 0);
    resolve();
    await first;
    assert.equal(await semaphore.run(async () => "free again"), "free again");
    assert.equal(ran, false);
  });

  test("passes the permit of a long job to a waiting job when the time slice of the long job is used up", async () => {
    let time = 0;
    const semaphore = new Semaphore(1, { sliceMilliseconds: 50, now: () => time });
    const order: string[] = [];
    const long = (name: string): Promise<void> =>
      semaphore.run(
        async (permit) => {
          for (let step = 1; step <= 4; step++) {
            order.push(`${name}${step}`);
            time += 30;
            await permit.pause();
          }
        },
        { owner: [name] },
      );
    await Promise.all([long("a"), long("b")]);
    assert.deepEqual(order, ["a1", "a2", "b1", "b2", "a3", "a4", "b3", "b4"]);
  });

  test("ends a job without waiting when its signal aborts before the job pauses", async () => {
    let now = 0;
    const semaphore = new Semaphore(1, { sliceMilliseconds: 10, now: () => now });
    const ending = new AbortController();
    const { promise: stuck, resolve } = Promise.withResolvers<void>();
    const aborted = semaphore.run(
      async (permit) => {
        await nextTick();
        ending.abort(new Error("gone"));
        now += 10;
        await permit.pause();
      },
      { signal: ending.signal },
    );
    const others = [semaphore.run(() => stuck), semaphore.run(async () => {})];
    await assert.rejects(
      Promise.race([aborted, nextTick()]).then(() => aborted),
      /gone/u,
    );
    resolve();
    await Promise.all(others);
  });

  test("ends a paused job when its signal aborts, and loses no permit", async () => {
    let time = 0;
    const semaphore = new Semaphore(1, { sliceMilliseconds: 10, now: () => time });
    const controller = new AbortController();
    const { promise, resolve } = Promise.withResolvers<void>();
    const paused = semaphore.run(
      async (permit) => {
        await nextTick();
        time += 10;
        await permit.pause();
      },
      { signal: controller.signal },
    );
    const other = semaphore.run(() => promise);
    await nextTick();
    await nextTick();
    controller.abort(new Error("gone"));
    await assert.rejects(paused, /gone/u);
    resolve();
    await other;
    assert.equal(await semaphore.run(async () => "free"), "free");
  });
});
