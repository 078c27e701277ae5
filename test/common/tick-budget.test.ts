import assert from "node:assert/strict";
import { getEventListeners } from "node:events";
import { describe, test } from "node:test";
import { setImmediate as nextTick } from "node:timers/promises";
import { type Pause, TICK_MILLISECONDS, TickBudget } from "../../src/common/tick-budget.ts";

/** A tick budget with a clock that advances by one millisecond for each step of a job. */
function manualBudget(): { budget: TickBudget; step: () => void } {
  let now = 0;
  return { budget: new TickBudget(1, () => now), step: () => void now++ };
}

describe("TickBudget", () => {
  test("is used up after its number of milliseconds, and is available again in the next tick", async () => {
    let now = 0;
    const budget = new TickBudget(1, () => now);
    assert.equal(budget.spent, false);
    now += TICK_MILLISECONDS - 1;
    assert.equal(budget.spent, false);
    now += 1;
    assert.equal(budget.spent, true);
    await nextTick();
    assert.equal(budget.spent, false);
  });

  test("resumes one waiting job per tick, the oldest first", async () => {
    let now = 0;
    const budget = new TickBudget(1, () => now);
    const order: string[] = [];
    const take = async (name: string): Promise<void> => {
      for (let round = 1; round <= 2; round++) {
        if (budget.spent) await budget.next();
        order.push(`${name}${round}`);
        now += TICK_MILLISECONDS;
      }
    };
    const all = Promise.all([take("a"), take("b"), take("c")]);
    const ticks: number[] = [];
    for (let tick = 0; tick < 6; tick++) {
      ticks.push(order.length);
      await nextTick();
    }
    await all;
    assert.deepEqual(order, ["a1", "a2", "b1", "c1", "b2", "c2"]);
    assert.deepEqual(ticks, [1, 2, 3, 4, 5, 6]);
  });

  test("continues short jobs immediately", async () => {
    const { budget, step } = manualBudget();
    const pause = budget.pauseFor(["alice"]);
    for (let tick = 0; tick < 10; tick++) {
      for (let steps = 0; steps < 4; steps++, step()) assert.equal(pause(), undefined);
      await nextTick();
    }
  });

  // id: conversion-limits-5
  test("limits the work of all jobs together in one tick, regardless of their number", async () => {
    const { budget, step } = manualBudget();
    const end = new AbortController();
    let steps = 0;
    const job = async (pause: Pause): Promise<void> => {
      for (; !end.signal.aborted; steps++, step()) await pause();
    };
    const jobs = Array.from({ length: 100 }, (_, user) => job(budget.pauseFor([`user ${user}`])));
    const perTick: number[] = [];
    for (let tick = 0; tick < 50; tick++) {
      const before = steps;
      await nextTick();
      perTick.push(steps - before);
    }
    end.abort();
    await Promise.all(jobs);
    // The first tick begins with one step of each job. A job that is already running can add one more step.
    assert.ok(Math.max(...perTick.slice(1)) <= TICK_MILLISECONDS + 1, perTick.join());
    assert.ok(Math.min(...perTick.slice(1)) >= TICK_MILLISECONDS, perTick.join());
  });

  // id: conversion-limits-6
  test("serves owners in round-robin order, regardless of the number of their jobs", async () => {
    const { budget, step } = manualBudget();
    const steps = new Map<string, number>();
    const end = new AbortController();
    const job = async (user: string): Promise<void> => {
      const pause = budget.pauseFor([user]);
      for (; !end.signal.aborted; step()) {
        await pause();
        steps.set(user, (steps.get(user) ?? 0) + 1);
      }
    };
    const jobs = [...Array.from({ length: 20 }, () => job("greedy")), job("modest")];
    for (let tick = 0; tick < 200; tick++) await nextTick();
    end.abort();
    await Promise.all(jobs);
    const [greedy = 0, modest = 0] = [steps.get("greedy"), steps.get("modest")];
    assert.ok(modest > greedy / 2, `${greedy} steps of greedy, ${modest} of modest`);
  });

  test("removes an aborted job from the queue immediately, and the order of other jobs does not change", async () => {
    const { budget, step } = manualBudget();
    const pauses = ["alice", "bob", "alice", "carol"].map((owner) => budget.pauseFor([owner]));
    assert.equal(budget.spent, false);
    for (let steps = 0; steps < TICK_MILLISECONDS; steps++) step();
    const abort = new AbortController();
    const order: string[] = [];
    const waits = pauses.map((pause, job) => pause(job === 1 ? abort.signal : undefined));
    for (const [job, wait] of waits.entries()) void wait?.then(() => order.push(String(job)));
    abort.abort();
    await waits[1];
    assert.deepEqual(order, ["1"]);
    for (let tick = 0; tick < 3; tick++) await nextTick();
    assert.deepEqual(order, ["1", "0", "3", "2"]);
  });

  test("keeps no abort listener after the wait", async () => {
    const { budget, step } = manualBudget();
    assert.equal(budget.spent, false);
    for (let steps = 0; steps < TICK_MILLISECONDS; steps++) step();
    const { signal } = new AbortController();
    const wait = budget.next([], signal);
    assert.equal(getEventListeners(signal, "abort").length, 1);
    await wait;
    assert.equal(getEventListeners(signal, "abort").length, 0);
  });

  test("continues as many short jobs in one tick as configured", async () => {
    let now = 0;
    const budget = new TickBudget(3, () => now);
    assert.equal(budget.spent, false);
    now += TICK_MILLISECONDS;
    let continued = 0;
    for (let job = 0; job < 7; job++) void budget.next().then(() => continued++);
    const counts: number[] = [];
    for (let tick = 0; tick < 4; tick++) {
      await nextTick();
      counts.push(continued);
    }
    assert.deepEqual(counts, [3, 6, 7, 7]);
  });
});
