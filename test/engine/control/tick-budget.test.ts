import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { setImmediate as nextTick } from "node:timers/promises";
import { TICK_MILLISECONDS, TickBudget } from "../../../src/engine/control/tick-budget.ts";

describe("TickBudget", () => {
  test("is spent after its milliseconds, and whole again in the next tick", async () => {
    let now = 0;
    const budget = new TickBudget(() => now);
    assert.equal(budget.spent, false);
    now += TICK_MILLISECONDS - 1;
    assert.equal(budget.spent, false);
    now += 1;
    assert.equal(budget.spent, true);
    await nextTick();
    assert.equal(budget.spent, false);
  });

  test("lets those that wait go on one per tick, the first first", async () => {
    let now = 0;
    const budget = new TickBudget(() => now);
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
});
