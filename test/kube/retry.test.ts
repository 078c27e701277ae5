import assert from "node:assert/strict";
import { getEventListeners } from "node:events";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { backoffDelay, withDeadline } from "../../src/kube/retry.ts";

test("backoffDelay doubles up to the maximum and subtracts up to half at random", () => {
  for (const [failures, full] of [
    [1, 100],
    [2, 200],
    [3, 400],
    [4, 500],
    [5000, 500],
  ] as const) {
    const delay = backoffDelay({ firstMilliseconds: 100, maxMilliseconds: 500 }, failures);
    assert.ok(delay >= full / 2 && delay <= full, `${failures}: ${delay}`);
  }
});

test("withDeadline aborts calls that the work started and did not await", async () => {
  const outer = new AbortController();
  const signals: AbortSignal[] = [];
  const failing = withDeadline(60_000, outer.signal, (signal) => {
    signals.push(signal);
    return Promise.reject(new Error("one of two calls failed"));
  });
  await assert.rejects(failing, /one of two/);
  assert.deepEqual(
    signals.map(({ aborted }) => aborted),
    [true],
  );
  assert.equal(getEventListeners(outer.signal, "abort").length, 0);
});

test("withDeadline aborts the work with the outer signal and at the deadline", async () => {
  const wait = (signal: AbortSignal): Promise<void> => sleep(60_000, undefined, { signal });
  const outer = new AbortController();
  const stopped = withDeadline(60_000, outer.signal, wait);
  outer.abort(new Error("stop"));
  await assert.rejects(stopped, { name: "AbortError" });
  await assert.rejects(
    withDeadline(10, undefined, wait),
    ({ cause }) => cause instanceof DOMException && cause.name === "TimeoutError",
  );
});
