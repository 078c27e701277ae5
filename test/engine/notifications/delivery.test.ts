import assert from "node:assert/strict";
import { copyFile, mkdir, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { array, assert as check, asyncProperty, constantFrom, nat, property, uniqueArray } from "fast-check";
import { type Clock, systemClock } from "../../../src/common/clock.ts";
import { Backoff } from "../../../src/engine/notifications/delivery/backoff.ts";
import { Delivery } from "../../../src/engine/notifications/delivery/delivery.ts";
import { isInternal } from "../../../src/engine/notifications/delivery/denied-address.ts";
import { resultOf, type SinkResult } from "../../../src/engine/notifications/delivery/response.ts";
import { parseStored } from "../../../src/engine/notifications/delivery/stored-event.ts";
import { DeliveryWindow, type Loaded } from "../../../src/engine/notifications/delivery/window.ts";
import { MAX_EVENT_AGE, MAX_RETRY_DELAY } from "../../../src/engine/notifications/limits.ts";
import type { NotificationObserver } from "../../../src/engine/notifications/notification-observer.ts";
import { SegmentLog } from "../../../src/engine/notifications/outbox/volume/segment-log.ts";
import { waitUntil } from "../../cluster/wait.ts";
import { TestLog } from "../../support/engine/server.ts";

const TIMEOUT = 60_000;

class CountingObserver implements NotificationObserver {
  readonly counts: Record<string, number> = {};
  notificationAdded(): void {}
  delivered(): void {
    this.#count("Delivered", 1);
  }
  retried(): void {
    this.#count("Retried", 1);
  }
  threadFailed(): void {}
  discarded(_name: string, reason: string, count: number): void {
    this.#count(reason, count);
  }
  #count(key: string, count: number): void {
    this.counts[key] = (this.counts[key] ?? 0) + count;
  }
}

async function withDirectory(run: (directory: string) => Promise<void>): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), "delivery-"));
  try {
    await run(directory);
  } finally {
    await rm(directory, { recursive: true });
  }
}

const START = Date.now();
/** Clock that runs 1000 times faster, so that retries take milliseconds. */
const FAST_CLOCK: Clock = {
  now: () => START + (Date.now() - START) * 1000,
  schedule: (milliseconds, action) => systemClock.schedule(milliseconds / 1000, action),
};

/** Receiver of the events. */
type Send = (event: { id: string; subject: string }) => Promise<SinkResult>;

/** Returns a log line for an event. By default, the event time is the current time of the fast clock. */
function lineOf(id: string, key: string, time = FAST_CLOCK.now()): string {
  const event = { id, subject: key, time: new Date(time).toISOString() };
  return JSON.stringify({ keys: [key], event });
}

function deliveryOf(own: SegmentLog, send: Send, observer = new CountingObserver()): Delivery {
  const delivery = new Delivery({
    name: "test",
    sink: {
      send: async (line) => await send((parseStored(line) ?? assert.fail()).event),
      check: async () => undefined,
    },
    own,
    clock: FAST_CLOCK,
    log: new TestLog(),
    observer,
    random: () => 0,
  });
  delivery.start();
  return delivery;
}

function disposable(delivery: Delivery): AsyncDisposable {
  return { [Symbol.asyncDispose]: () => delivery.close() };
}

/** Copies the files of a log. Ignores files that the delivery removes during the copy. */
async function copyLog(from: string, to: string): Promise<void> {
  await mkdir(to);
  for (const name of await readdir(from)) {
    try {
      await copyFile(join(from, name), join(to, name));
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "ENOENT")) throw error;
    }
  }
}

test("the window returns events with a common key one after another", () => {
  check(
    property(
      array(uniqueArray(constantFrom("a", "b", "c"), { maxLength: 2 }), { maxLength: 12 }),
      array(nat(11)),
      (events, choices) => {
        const window = new DeliveryWindow<number>();
        events.forEach((keys, index) => window.add(index, keys));
        const running: Loaded<number>[] = [];
        const taken: number[] = [];
        for (const choice of [...choices, ...events.map(() => 0)]) {
          for (let next = window.next(); next !== undefined; next = window.next()) {
            const { value, keys } = next;
            // No event in delivery has a key in common with the next event.
            assert.ok(!running.some((one) => one.keys.some((key) => keys.includes(key))));
            window.change(next, "Running");
            running.push(next);
            assert.equal(events[value], keys);
          }
          const [done] = running.splice(choice % Math.max(1, running.length), 1);
          if (done !== undefined) window.change(done, "Done");
          taken.push(...window.takeDone());
        }
        assert.deepEqual(taken, [...events.keys()]);
      },
    ),
  );
});

// id: at-least-once
test("every event is delivered at least once, and in order for each key, across crashes and failed requests", async () => {
  await check(
    asyncProperty(
      array(constantFrom("a", "b", "c", "d"), { minLength: 1, maxLength: 60 }),
      array(constantFrom("Delivered", "Retry", "Lost"), { maxLength: 80 }),
      array(nat(20), { maxLength: 4 }),
      async (keys, answers, crashes) =>
        await withDirectory(async (directory) => {
          const limits = { segmentBytes: 300, storedBytes: 1e9, positionPeriod: 0, recentBytes: 400 };
          const received: { id: string; key: string }[] = [];
          let requests = 0;
          const send: Send = async ({ id, subject }) => {
            const answer = answers[requests++] ?? "Delivered";
            await new Promise<void>((resolve) => void setImmediate(resolve));
            if (answer === "Retry") return { type: "Retry", reason: "ServerError" };
            received.push({ id, key: subject });
            // The sink receives the event, but its response is lost.
            return answer === "Lost" ? { type: "Retry", reason: "ConnectionFailed" } : { type: "Delivered" };
          };
          // A delivery that is still running after a failure would keep the test process alive.
          await using deliveries = new AsyncDisposableStack();
          let log = await SegmentLog.open(join(directory, "0"), limits);
          let delivery = deliveryOf(log, send);
          deliveries.use(disposable(delivery));
          for (const [index, key] of keys.entries()) {
            await log.append([lineOf(String(index), key)], false);
            delivery.notify(1);
            if (!crashes.includes(index)) continue;
            // The next engine reads the files that existed at the time of the crash.
            const next = join(directory, String(index + 1));
            await copyLog(log.directory, next);
            await delivery.close();
            log = await SegmentLog.open(next, limits);
            delivery = deliveryOf(log, send);
            deliveries.use(disposable(delivery));
          }
          await waitUntil("all events are delivered", TIMEOUT, () => assert.equal(delivery.queued, 0));
          await delivery.close();
          assert.deepEqual(new Set(received.map(({ id }) => Number(id))), new Set(keys.keys()));
          for (const key of new Set(keys)) {
            const first = [...new Set(received.filter((one) => one.key === key).map(({ id }) => Number(id)))];
            assert.deepEqual(
              first,
              first.toSorted((a, b) => a - b),
            );
          }
        }),
    ),
    { numRuns: 40 },
  );
});

test("an event that is too old becomes a dead letter without a request", async () => {
  await withDirectory(async (directory) => {
    const log = await SegmentLog.open(directory);
    await log.append([lineOf("old", "a", Date.now() - MAX_EVENT_AGE - 1000), "damaged"], false);
    const observer = new CountingObserver();
    const delivery = new Delivery({
      name: "test",
      sink: { send: () => assert.fail("a request was sent"), check: async () => undefined },
      own: log,
      clock: systemClock,
      log: new TestLog(),
      observer,
    });
    await using _ends = disposable(delivery);
    delivery.start();
    await waitUntil("both are discarded", TIMEOUT, () =>
      assert.deepEqual(observer.counts, { Damaged: 1, Expired: 1 }),
    );
  });
});

test("an event that a working sink never accepts becomes a dead letter and delays only its own file", async () => {
  await withDirectory(async (directory) => {
    const log = await SegmentLog.open(directory);
    const others = Array.from({ length: 1000 }, (_, index) => lineOf(`good-${index}`, `file-${index}`));
    await log.append([lineOf("bad", "a"), ...others, lineOf("after", "a")], false);
    const observer = new CountingObserver();
    const received: string[] = [];
    let turn = Promise.resolve();
    const send: Send = async ({ id }) => {
      if (id === "bad") return { type: "Retry", reason: "ServerError", status: 500 };
      // Each response takes 2 ms, so that the engine sends the failing event many times.
      turn = turn.then(() => new Promise((resolve) => setTimeout(resolve, 2)));
      await turn;
      received.push(id);
      return { type: "Delivered" };
    };
    await using _delivery = disposable(deliveryOf(log, send, observer));
    await waitUntil("the last event is delivered", TIMEOUT, () => assert.equal(received.at(-1), "after"));
    assert.equal(observer.counts["Delivered"], 1001);
    assert.equal(observer.counts["AttemptsExceeded"], 1);
  });
});

test("a delay that ends while the engine starts requests does not stop the delivery", async () => {
  await withDirectory(async (directory) => {
    let now = START;
    // The clock advances by 60 ms with each call, so that delays can expire between two calls.
    const clock: Clock = {
      now: () => (now += 60),
      schedule: (milliseconds, action) =>
        systemClock.schedule(milliseconds / 100, () => {
          now += milliseconds;
          action();
        }),
    };
    const log = await SegmentLog.open(directory);
    await log.append([lineOf("one", "a", now)], false);
    let requests = 0;
    const delivery = new Delivery({
      name: "test",
      sink: {
        send: async () =>
          ++requests < 15 ? { type: "Retry", reason: "ServerError" } : { type: "Delivered" },
        check: async () => undefined,
      },
      own: log,
      clock,
      log: new TestLog(),
      observer: new CountingObserver(),
      random: () => (requests % 10) / 10,
    });
    await using _ends = disposable(delivery);
    delivery.start();
    await waitUntil("the event is delivered", TIMEOUT, () => assert.equal(delivery.queued, 0));
  });
});

test("delays double up to a maximum, and concurrent failures count once", () => {
  const backoff = new Backoff(() => 0);
  backoff.failed(0, 0);
  backoff.failed(0, 0);
  assert.equal(backoff.until, 250);
  for (let now = backoff.until; now < 10 * MAX_RETRY_DELAY; now = backoff.until) {
    backoff.failed(now, now);
    assert.ok(backoff.until - now <= MAX_RETRY_DELAY);
  }
  const now = backoff.until;
  backoff.failed(now, now, 120_000);
  assert.equal(backoff.until, now + 120_000);
  backoff.succeeded();
  assert.equal(backoff.isFailing, false);
});

test("Retry-After is read as seconds or as a date", () => {
  const now = Date.parse("2026-01-01T00:00:00Z");
  for (const [text, expected] of [
    ["7", 7000],
    ["Thu, 01 Jan 2026 00:00:09 GMT", 9000],
    ["soon", undefined],
  ] as const)
    assert.deepEqual(resultOf(503, text, now), {
      type: "Retry",
      reason: "ServerError",
      status: 503,
      retryAfter: expected,
    });
});

test("addresses inside a cluster or on a machine are internal", () => {
  const internal =
    "127.0.0.1 10.96.0.1 192.168.1.1 172.16.0.1 169.254.169.254 100.64.0.1 0.0.0.0 224.0.0.1 ::1 fe80::1 fd00::1 ::ffff:10.0.0.1 64:ff9b::a00:1 2002:7f00:1:: x";
  for (const address of internal.split(" ")) assert.equal(isInternal(address), true, address);
  for (const address of ["93.184.215.14", "2606:4700::1111", "64:ff9b::808:808"])
    assert.equal(isInternal(address), false, address);
});
