/** Tests sessions that send commands without pauses while other sessions run. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { setImmediate as nextTick } from "node:timers/promises";
import { TickBudget } from "../../../src/common/tick-budget.ts";
import type { Owner } from "../../../src/common/fair-queue.ts";
import { CommandLoop } from "../../../src/engine/session/command-loop.ts";
import { settle, world } from "../../support/engine/world.ts";

/**
 * Starts a session that sends an endless sequence of commands. Each command takes 1 millisecond.
 * @returns a function that returns the number of processed commands
 */
function endless(ticks: TickBudget, owner: Owner, step: () => void, end: AbortSignal): () => number {
  let answered = 0;
  const loop = new CommandLoop(ticks, {
    owner: () => owner,
    ready: () => undefined,
    take: () => (end.aborted ? undefined : { type: "Line", text: "NOOP" }),
    async answer() {
      answered += 1;
      step();
    },
    idle: () => {},
    crashed: (error) => assert.ifError(error),
  });
  loop.work();
  return () => answered;
}

describe("sessions that send commands without a pause", () => {
  // id: input-limits-6
  test("share the event loop by owner, regardless of the number of sessions of one owner", async () => {
    let now = 0;
    const ticks = new TickBudget(1, () => now);
    const end = new AbortController();
    const start = (owner: string) => endless(ticks, [owner], () => void now++, end.signal);
    const greedy = Array.from({ length: 20 }, () => start("greedy"));
    const modest = start("modest");
    for (let tick = 0; tick < 200; tick++) await nextTick();
    end.abort();
    const total = greedy.reduce((sum, answered) => sum + answered(), 0);
    assert.ok(modest() > total / 2, `${total} commands of greedy, ${modest()} of modest`);
  });

  // id: input-limits-7
  test("share the event loop as their user and client, and before the login as their client", async (t) => {
    await using server = world();
    const { ticks } = server.engine.services;
    const owners: string[] = [];
    t.mock.getter(ticks, "spent", () => true);
    t.mock.method(ticks, "next", async (owner: Owner) => void owners.push(owner.join(" ")));
    const stranger = server.client("2001:db8:1:1::1");
    await stranger.reply();
    await stranger.command("NOOP");
    assert.deepEqual([...new Set(owners.splice(0))], [" 2001:db8:1:1::/64"]);
    const alice = await server.client("192.0.2.1").login();
    owners.length = 0;
    await alice.command("NOOP");
    await settle();
    assert.deepEqual([...new Set(owners)], ["alice 192.0.2.1"]);
  });
});
