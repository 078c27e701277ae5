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
const request = (host = "one"): ProbeRequest => ({
  type: "Check",
  target: target(host),
  periodSeconds: 600,
});

describe("ReachabilityProber", () => {
  let probed: string[];
  let changes: string[];
  let next: ReachabilityOutcome;
  let prober: ReachabilityProber;
  /** Advances the timers and waits for the calls that the timers start. */
  const pass = async (seconds: number): Promise<void> => {
    for (let second = 0; second < seconds; second++) {
      mock.timers.tick(1000);
      for (let tick = 0; tick < 10; tick++) await Promise.resolve();
    }
  };

  beforeEach(() => {
    mock.timers.enable({ apis: ["setTimeout"] });
    [probed, changes, next] = [[], [], REACHABLE];
    prober = new ReachabilityProber({
      probe: async ({ hosts }) => {
        probed.push(...hosts.map(({ host }) => host));
        return next;
      },
      onChange: (key) => void changes.push(key),
    });
  });
  afterEach(() => {
    prober.close();
    mock.timers.reset();
  });

  it("probes shortly after a change and then once per period, and reports only changes", async () => {
    prober.schedule(KEY, request(), false);
    await pass(2);
    assert.deepEqual(probed, []);
    await pass(2);
    assert.deepEqual([probed, changes, prober.outcome(KEY)], [["one"], [KEY], REACHABLE]);
    prober.schedule(KEY, request(), false);
    await pass(598);
    assert.equal(probed.length, 1);
    await pass(2);
    assert.deepEqual([probed.length, changes.length], [2, 1]);
    prober.schedule(KEY, request("two"), false);
    await pass(4);
    assert.deepEqual(probed, ["one", "one", "two"]);
  });

  it("reports an unreachable FtpServer after three consecutive failures, and probes it again soon", async () => {
    next = BROKEN;
    prober.schedule(KEY, request(), false);
    await pass(12);
    assert.deepEqual([probed.length, prober.outcome(KEY)], [2, undefined]);
    await pass(2);
    assert.deepEqual([probed.length, prober.outcome(KEY), changes.length], [3, BROKEN, 1]);
    next = { ...BROKEN, detail: "another port" };
    await pass(61);
    assert.deepEqual([probed.length, changes.length], [4, 1]);
    next = REACHABLE;
    await pass(61);
    assert.deepEqual([prober.outcome(KEY), changes.length], [REACHABLE, 2]);
  });

  it("spreads the first probes of reachable FtpServers over the period", async () => {
    for (let index = 0; index < 200; index++)
      prober.schedule(`files/${index}`, request(`host-${index}`), true);
    await pass(60);
    assert.ok(probed.length < 60, `${probed.length} in the first minute`);
    await pass(541);
    assert.equal(new Set(probed).size, 200);
  });

  it("keeps the outcome for Wait and discards it for Skip", async () => {
    prober.schedule(KEY, request(), false);
    await pass(4);
    prober.schedule(KEY, { type: "Wait" }, false);
    await pass(1000);
    assert.deepEqual([probed.length, prober.outcome(KEY)], [1, REACHABLE]);
    prober.schedule(KEY, request(), false);
    await pass(4);
    assert.equal(probed.length, 2);
    prober.schedule(KEY, { type: "Skip", reason: "CheckDisabled", message: "" }, false);
    await pass(1000);
    assert.deepEqual([probed.length, prober.outcome(KEY)], [2, undefined]);
  });

  it("leaves no listeners on the signal of an FtpServer", async () => {
    const listeners: number[] = [];
    prober = new ReachabilityProber({
      probe: async (_, signal) => {
        listeners.push(getEventListeners(signal, "abort").length);
        return REACHABLE;
      },
      onChange: () => undefined,
    });
    prober.schedule(KEY, request(), false);
    await pass(4 + 3 * 600);
    assert.deepEqual(listeners, [0, 0, 0, 0]);
  });

  it("runs at most four probes at the same time", async () => {
    let running = 0;
    let max = 0;
    const end: (() => void)[] = [];
    prober = new ReachabilityProber({
      probe: async () => {
        max = Math.max(max, ++running);
        await new Promise<void>((resolve) => end.push(resolve));
        running -= 1;
        return REACHABLE;
      },
      onChange: (key) => void changes.push(key),
    });
    for (let index = 0; index < 10; index++) prober.schedule(`files/${index}`, request(), false);
    await pass(4);
    assert.equal(running, 4);
    while (end.length > 0) {
      end.shift()?.();
      await pass(1);
    }
    assert.deepEqual([max, changes.length], [4, 10]);
  });
});
