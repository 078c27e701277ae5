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

test("what was written counts until the watch shows it, or for a while", () => {
  const written = new ExpectationCache();
  written.remember(SERVER, [service("one", "5")], 0);
  const seenBefore = written.overlay(SERVER, "Service", [service("one", "4")], 1);
  assert.deepEqual([seenBefore, written.hasPendingWrites(SERVER)], [[service("one", "5")], true]);
  assert.deepEqual(written.overlay(SERVER, "Service", [], 1), [service("one", "5")]);
  const seen = written.overlay(SERVER, "Service", [service("one", "5")], 1);
  assert.deepEqual([seen, written.hasPendingWrites(SERVER)], [[service("one", "5")], false]);
  written.remember(SERVER, [service("one", "6")], 0);
  const late = written.overlay(SERVER, "Service", [], EXPECTATION_TIMEOUT_MILLISECONDS + 1);
  assert.deepEqual([late, written.hasPendingWrites(SERVER)], [[], false]);
});

test("a deletion ends it at once, but not for one of the same name that was written since", () => {
  const written = new ExpectationCache();
  written.remember(SERVER, [service("two", "9")], 0);
  written.forgetObject(SERVER, service("one", "5"));
  assert.deepEqual(written.overlay(SERVER, "Service", [], 1), [service("two", "9")]);
  written.forgetObject(SERVER, service("two", "9"));
  assert.deepEqual(written.overlay(SERVER, "Service", [], 1), []);
});
