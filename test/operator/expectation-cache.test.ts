import assert from "node:assert/strict";
import { test } from "node:test";
import type { KubeObject } from "../../src/api/kubernetes.ts";
import { EXPECTATION_TIMEOUT_MILLISECONDS, ExpectationCache } from "../../src/operator/expectation-cache.ts";

const SERVER = "files/demo";
const service = (uid: string, resourceVersion: string): KubeObject => ({
  apiVersion: "v1",
  kind: "Service",
  metadata: { name: "demo", namespace: "files", uid, resourceVersion },
});

test("ExpectationCache returns a written object until the watch shows it or the timeout expires", () => {
  const expectations = new ExpectationCache();
  expectations.record(SERVER, service("one", "5"), 0);
  const seenBefore = expectations.overlay(SERVER, "Service", [service("one", "4")], 1);
  assert.deepEqual([seenBefore, expectations.hasPendingWrites(SERVER)], [[service("one", "5")], true]);
  assert.deepEqual(expectations.overlay(SERVER, "Service", [], 1), [service("one", "5")]);
  const seen = expectations.overlay(SERVER, "Service", [service("one", "5")], 1);
  assert.deepEqual([seen, expectations.hasPendingWrites(SERVER)], [[service("one", "5")], false]);
  expectations.record(SERVER, service("one", "6"), 0);
  const expired = expectations.overlay(SERVER, "Service", [], EXPECTATION_TIMEOUT_MILLISECONDS + 1);
  assert.deepEqual([expired, expectations.hasPendingWrites(SERVER)], [[], false]);
});

test("ExpectationCache forgets a deleted object, but not its successor with the same name", () => {
  const expectations = new ExpectationCache();
  expectations.record(SERVER, service("two", "9"), 0);
  expectations.forgetObject(SERVER, service("one", "5"));
  assert.deepEqual(expectations.overlay(SERVER, "Service", [], 1), [service("two", "9")]);
  expectations.forgetObject(SERVER, service("two", "9"));
  assert.deepEqual(expectations.overlay(SERVER, "Service", [], 1), []);
});
