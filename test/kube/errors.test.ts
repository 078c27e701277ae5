import assert from "node:assert/strict";
import { test } from "node:test";
import { backoffDelay } from "../../src/kube/retry.ts";
import {
  retryAfterMilliseconds,
  fromStatus,
  fromThrown,
  isExpired,
  KubeError,
} from "../../src/kube/errors.ts";
import { microTime } from "../../src/common/times.ts";
import { collectionPath, objectPath } from "../../src/kube/resources.ts";

test("delays double up to the limit, with half of each as jitter", () => {
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
  test(`an answer ${status} ${JSON.stringify(body)} is ${reason}`, () => {
    const error = fromStatus(status, body, retryAfter);
    assert.deepEqual([error.reason, error.status, error.retryAfterSeconds], [reason, status, seconds]);
    assert.equal(isExpired(error), reason === "Expired");
    assert.equal(retryAfterMilliseconds(error), (seconds ?? 0) * 1000);
  });
}

test("what is thrown without an answer is Unreachable, or Aborted when we ended it", () => {
  const known = new KubeError("Invalid", "no");
  assert.equal(fromThrown(known), known);
  assert.equal(fromThrown(new Error("ECONNRESET")).reason, "Unreachable");
  assert.equal(fromThrown("text").reason, "Unreachable");
  assert.equal(fromThrown(AbortSignal.abort().reason).reason, "Aborted");
  assert.equal(fromThrown(new DOMException("late", "TimeoutError")).reason, "Aborted");
});

test("a MicroTime has six fractional digits", () => {
  assert.equal(microTime(new Date(1_700_000_000_123)), "2023-11-14T22:13:20.123000Z");
});

const PATHS = [
  [{ apiVersion: "v1", kind: "Pod", name: "p", namespace: "n" }, "/api/v1/namespaces/n/pods/p"],
  [{ apiVersion: "v1", kind: "Node", name: "n1", namespace: "ignored" }, "/api/v1/nodes/n1"],
  [
    { apiVersion: "networking.k8s.io/v1", kind: "NetworkPolicy", name: "a/b", namespace: "n" },
    "/apis/networking.k8s.io/v1/namespaces/n/networkpolicies/a%2Fb",
  ],
] as const;

test("paths follow group, scope and plural", () => {
  for (const [ref, path] of PATHS) assert.equal(objectPath(ref), path);
  assert.equal(collectionPath({ apiVersion: "v1", kind: "Secret" }), "/api/v1/secrets");
  assert.throws(() => collectionPath({ apiVersion: "v1", kind: "Unicorn" }), TypeError);
});
