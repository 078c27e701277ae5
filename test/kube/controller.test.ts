import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate as nextTick } from "node:timers/promises";
import { Registry } from "@prometheus-io/client";
import { pino } from "pino";
import type { ObjectKey } from "../../src/api/kubernetes.ts";
import { Controller, type Reconcile } from "../../src/kube/controller.ts";
import { ControllerMetrics } from "../../src/kube/metrics.ts";

const WORKERS = 10;
const KEYS = 1000;

test("a controller yields to the event loop between reconciles that never wait", async () => {
  const reconciles = { total: 0, inTick: 0, maxInTick: 0 };
  const reconcile: Reconcile = () => {
    reconciles.total += 1;
    reconciles.inTick += 1;
    reconciles.maxInTick = Math.max(reconciles.maxInTick, reconciles.inTick);
    return Promise.resolve({ type: "Done" });
  };
  const stop = new AbortController();
  const controller = new Controller({
    metrics: new ControllerMetrics(new Registry(), "test", WORKERS),
    log: pino({ enabled: false }),
    workers: WORKERS,
  });
  for (let key = 0; key < KEYS; key += 1) controller.enqueue(`default/${key}` as ObjectKey);
  const running = controller.run(reconcile, stop.signal);
  // Each event-loop tick runs at least one reconcile, so this number of ticks is sufficient.
  for (let tick = 0; tick < KEYS; tick += 1) {
    await nextTick();
    reconciles.inTick = 0;
  }
  stop.abort();
  await running;
  assert.equal(reconciles.total, KEYS);
  const { maxInTick } = reconciles;
  assert.ok(maxInTick <= 2 * WORKERS, `${maxInTick} reconciles between two ticks of the event loop`);
});
