import assert from "node:assert/strict";
import { test } from "node:test";
import {
  fromStatus,
  fromThrown,
  isExpired,
  KubeError,
  retryAfterMilliseconds,
} from "../../src/kube/errors.ts";

const STATUSES = [
  [404, { reason: "NotFound" }, undefined, "NotFound", undefined],
  [409, { reason: "AlreadyExists" }, undefined, "AlreadyExists", undefined],
  [409, undefined, undefined, "Conflict", undefined],
  [410, { reason: "Expired" }, undefined, "Expired", undefined],
  [429, undefined, "7", "TooManyRequests", 7],
  [500, { reason: "ServerTimeout", details: { retryAfterSeconds: 2 } }, undefined, "ServerTimeout", 2],
  [503, { message: "upstream" }, "Wed, 21 Oct 2026 07:28:00 GMT", "ServiceUnavailable", undefined],
  [418, { reason: "Teapot" }, undefined, "Unknown", undefined],
] as const;

for (const [status, body, retryAfter, reason, seconds] of STATUSES) {
  test(`fromStatus returns ${reason} for status ${status} with ${JSON.stringify(body)}`, () => {
    const error = fromStatus(status, body, retryAfter);
    assert.deepEqual([error.reason, error.status, error.retryAfterSeconds], [reason, status, seconds]);
    assert.equal(isExpired(error), reason === "Expired");
    assert.equal(retryAfterMilliseconds(error), (seconds ?? 0) * 1000);
  });
}

test("fromThrown returns Aborted for an aborted call and Unreachable for other exceptions", () => {
  const known = new KubeError("Invalid", "no");
  assert.equal(fromThrown(known), known);
  assert.equal(fromThrown(new Error("ECONNRESET")).reason, "Unreachable");
  assert.equal(fromThrown("text").reason, "Unreachable");
  assert.equal(fromThrown(AbortSignal.abort().reason).reason, "Aborted");
  assert.equal(fromThrown(new DOMException("late", "TimeoutError")).reason, "Aborted");
});
