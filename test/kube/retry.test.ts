import assert from "node:assert/strict";
import { getEventListeners } from "node:events";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { withDeadline } from "../../src/kube/retry.ts";

test("what work began beside and left behind ends with it", async () => {
  const outer = new AbortController();
  const left: AbortSignal[] = [];
  const failing = withDeadline(60_000, outer.signal, (signal) => {
    left.push(signal);
    return Promise.reject(new Error("one of two calls failed"));
  });
  await assert.rejects(failing, /one of two/);
  assert.deepEqual(
    left.map(({ aborted }) => aborted),
    [true],
  );
  assert.equal(getEventListeners(outer.signal, "abort").length, 0);
});

test("work ends with the outer signal, and when its time is up", async () => {
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
