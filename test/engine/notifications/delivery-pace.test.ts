/** Tests the pace of deliveries during event bursts. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { DeliveryPace } from "../../../src/engine/notifications/delivery/delivery-pace.ts";
import { Delivery } from "../../../src/engine/notifications/delivery/delivery.ts";
import { BURST_EVENTS, DELIVERY_PERIOD, MAX_DEFERRAL } from "../../../src/engine/notifications/limits.ts";
import { createMetrics } from "../../../src/engine/metrics/metrics.ts";
import { SegmentLog } from "../../../src/engine/notifications/outbox/volume/segment-log.ts";
import { inTemporaryFolder } from "../../cluster/temporary.ts";
import { waitUntil } from "../../cluster/wait.ts";
import { ManualClock } from "../../support/engine/manual-clock.ts";
import { TestLog } from "../../support/engine/server.ts";

const TIMEOUT = 60_000;

test("a few events are not deferred", () => {
  const pace = new DeliveryPace(new ManualClock());
  for (let event = 1; event < BURST_EVENTS; event++) pace.added(1);
  pace.endPeriod(undefined);
  assert.equal(pace.isDeferred, false);
});

test("the events of a burst are deferred until the burst ends", () => {
  const clock = new ManualClock();
  const pace = new DeliveryPace(clock);
  for (let period = 0; period < 10; period++) {
    pace.added(BURST_EVENTS);
    clock.advance(DELIVERY_PERIOD);
    pace.endPeriod(undefined);
    assert.equal(pace.isDeferred, true);
  }
  clock.advance(DELIVERY_PERIOD);
  pace.endPeriod(undefined);
  assert.equal(pace.isDeferred, false);
});

test("a long burst defers no event for longer than the maximum", () => {
  const clock = new ManualClock();
  const pace = new DeliveryPace(clock);
  const startedAt = clock.now();
  const endPeriod = (oldest?: number): void => {
    for (let event = 0; event < BURST_EVENTS; event++) pace.added(1);
    pace.endPeriod(oldest);
  };
  endPeriod();
  while (pace.isDeferred) {
    assert.ok(clock.now() - startedAt < MAX_DEFERRAL);
    clock.advance(DELIVERY_PERIOD);
    endPeriod();
  }
  // Deliveries are not deferred while they are late.
  endPeriod(clock.now() - MAX_DEFERRAL);
  assert.equal(pace.isDeferred, false);
  endPeriod(clock.now());
  assert.equal(pace.isDeferred, true);
});

test("a delivery sends the events of a burst after the burst", async () => {
  await inTemporaryFolder(async (directory) => {
    const clock = new ManualClock();
    const log = await SegmentLog.open(directory);
    let sent = 0;
    const delivery = new Delivery({
      name: "test",
      sink: {
        send: async () => {
          sent += 1;
          return { type: "Delivered" };
        },
        check: async () => undefined,
      },
      own: log,
      clock,
      log: new TestLog(),
      observer: createMetrics(),
    });
    await using _ends = { [Symbol.asyncDispose]: () => delivery.close() };
    delivery.start();
    const upload = async (): Promise<void> => {
      const event = { id: "1", time: new Date(clock.now()).toISOString() };
      await log.append([JSON.stringify({ keys: [], event })], false);
      delivery.notify(1);
    };
    for (let period = 0; period < 5; period++) {
      for (let event = 0; event < BURST_EVENTS; event++) await upload();
      clock.advance(DELIVERY_PERIOD);
      assert.equal(sent, 0);
    }
    clock.advance(DELIVERY_PERIOD);
    await waitUntil("all events are sent", TIMEOUT, () => assert.equal(sent, 5 * BURST_EVENTS));
  });
});
