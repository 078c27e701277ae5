import assert from "node:assert/strict";
import { getEventListeners } from "node:events";
import { afterEach, beforeEach, describe, it, mock } from "node:test";
import { ReachabilityProber } from "../../src/operator/reachability-prober.ts";
import type { ReachabilityOutcome, ReachabilityTarget, ProbeRequest } from "../../src/plan/model/observed.ts";

const REACHABLE: ReachabilityOutcome = {
  type: "Reachable",
  unchecked: [],
  commands: ["PASV", "EPSV"],
  hosts: ["192.0.2.10"],
  skipped: [],
};
const BROKEN: ReachabilityOutcome = {
  type: "Unreachable",
  reason: "ConnectFailed",
  detail: "x",
  usualCause: "y",
};
const SLICE = { first: 50000, last: 50004 };
const KEY = "files/demo";

const target = (host: string): ReachabilityTarget => ({
  hosts: [{ host }],
  port: 21,
  tls: "None",
  token: "t",
  dataAddresses: [],
  slots: [{ name: "a", ports: SLICE }],
});
const desired = (host = "one"): ProbeRequest => ({
  type: "Check",
  target: target(host),
  periodSeconds: 600,
});

describe("the checks of an operator", () => {
  let dialled: string[];
  let changes: string[];
  let next: ReachabilityOutcome;
  let checks: ReachabilityProber;
  /** Lets timers run out, and what they began end. */
  const pass = async (seconds: number): Promise<void> => {
    for (let second = 0; second < seconds; second++) {
      mock.timers.tick(1000);
      for (let turn = 0; turn < 10; turn++) await Promise.resolve();
    }
  };

  beforeEach(() => {
    mock.timers.enable({ apis: ["setTimeout"] });
    [dialled, changes, next] = [[], [], REACHABLE];
    checks = new ReachabilityProber({
      probe: async ({ hosts }) => {
        dialled.push(...hosts.map(({ host }) => host));
        return next;
      },
      onChange: (key) => void changes.push(key),
    });
  });
  afterEach(() => {
    checks.close();
    mock.timers.reset();
  });

  it("dial a moment after a change, then once a period, and tell what is new only", async () => {
    checks.schedule(KEY, desired(), false);
    await pass(2);
    assert.deepEqual(dialled, []);
    await pass(2);
    assert.deepEqual([dialled, changes, checks.outcome(KEY)], [["one"], [KEY], REACHABLE]);
    checks.schedule(KEY, desired(), false);
    await pass(598);
    assert.equal(dialled.length, 1);
    await pass(2);
    assert.deepEqual([dialled.length, changes.length], [2, 1]);
    checks.schedule(KEY, desired("two"), false);
    await pass(4);
    assert.deepEqual(dialled, ["one", "one", "two"]);
  });

  it("believe a failure when it has come three times, and look again soon", async () => {
    next = BROKEN;
    checks.schedule(KEY, desired(), false);
    await pass(12);
    assert.deepEqual([dialled.length, checks.outcome(KEY)], [2, undefined]);
    await pass(2);
    assert.deepEqual([dialled.length, checks.outcome(KEY), changes.length], [3, BROKEN, 1]);
    next = { ...BROKEN, detail: "another port" };
    await pass(61);
    assert.deepEqual([dialled.length, changes.length], [4, 1]);
    next = REACHABLE;
    await pass(61);
    assert.deepEqual([checks.outcome(KEY), changes.length], [REACHABLE, 2]);
  });

  it("do not dial everybody at once when an operator starts that knows how it went", async () => {
    for (let index = 0; index < 200; index++)
      checks.schedule(`files/${index}`, desired(`host-${index}`), true);
    await pass(60);
    assert.ok(dialled.length < 60, `${dialled.length} in the first minute`);
    await pass(541);
    assert.equal(new Set(dialled).size, 200);
  });

  it("stop with the wish, and keep what was found while they wait", async () => {
    checks.schedule(KEY, desired(), false);
    await pass(4);
    checks.schedule(KEY, { type: "Wait" }, false);
    await pass(1000);
    assert.deepEqual([dialled.length, checks.outcome(KEY)], [1, REACHABLE]);
    checks.schedule(KEY, desired(), false);
    await pass(4);
    assert.equal(dialled.length, 2);
    checks.schedule(KEY, { type: "Skip", reason: "CheckDisabled", message: "" }, false);
    await pass(1000);
    assert.deepEqual([dialled.length, checks.outcome(KEY)], [2, undefined]);
  });

  it("leave nothing behind, however many there are", async () => {
    const listeners: number[] = [];
    checks = new ReachabilityProber({
      probe: async (_, signal) => {
        listeners.push(getEventListeners(signal, "abort").length);
        return REACHABLE;
      },
      onChange: () => undefined,
    });
    checks.schedule(KEY, desired(), false);
    await pass(4 + 3 * 600);
    assert.deepEqual(listeners, [0, 0, 0, 0]);
  });

  it("are at most four at once", async () => {
    let running = 0;
    let most = 0;
    const end: (() => void)[] = [];
    checks = new ReachabilityProber({
      probe: async () => {
        most = Math.max(most, ++running);
        await new Promise<void>((resolve) => end.push(resolve));
        running -= 1;
        return REACHABLE;
      },
      onChange: (key) => void changes.push(key),
    });
    for (let index = 0; index < 10; index++) checks.schedule(`files/${index}`, desired(), false);
    await pass(4);
    assert.equal(running, 4);
    while (end.length > 0) {
      end.shift()?.();
      await pass(1);
    }
    assert.deepEqual([most, changes.length], [4, 10]);
  });
});
