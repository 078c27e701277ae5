import assert from "node:assert/strict";
import { setImmediate as nextTurn } from "node:timers/promises";
import { test } from "node:test";
import { Registry } from "@prometheus-io/client";
import { pino } from "pino";
import type { ObjectKey } from "../../src/api/kubernetes.ts";
import { Controller, type Reconcile } from "../../src/kube/controller.ts";
import { ControllerMetrics } from "../../src/kube/metrics.ts";

const WORKERS = 10;
const KEYS = 1000;

test("reconciles that wait for nothing keep nothing else waiting", async () => {
  const reconciles = { total: 0, inTurn: 0, mostInTurn: 0 };
  const reconcile: Reconcile = () => {
    reconciles.total += 1;
    reconciles.inTurn += 1;
    reconciles.mostInTurn = Math.max(reconciles.mostInTurn, reconciles.inTurn);
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
  // Each turn has some, so there are turns enough.
  for (let turn = 0; turn < KEYS; turn += 1) {
    await nextTurn();
    reconciles.inTurn = 0;
  }
  stop.abort();
  await running;
  assert.equal(reconciles.total, KEYS);
  const { mostInTurn } = reconciles;
  assert.ok(mostInTurn <= 2 * WORKERS, `${mostInTurn} reconciles came between two turns of the event loop`);
});
