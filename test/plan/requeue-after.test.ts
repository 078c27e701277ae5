import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { plan } from "../../src/plan/plan.ts";
import { observedOf, serverOf, specOf } from "../support/plan/cluster.ts";

const DAY = 24 * 3600;
const NOW = Date.UTC(2026, 0, 1);

/** Returns the RFC 3339 time at the given number of seconds from now. */
function inSeconds(seconds: number): string {
  return new Date(NOW + seconds * 1000).toISOString();
}

function requeueAfter(from: number, to: number): number | undefined {
  const server = serverOf({
    tls: { ...specOf().tls, mode: "Required", certificateRef: { name: "demo-tls" } },
  });
  const certificate = { notBefore: inSeconds(from), notAfter: inSeconds(to), version: "1" };
  return plan(observedOf(server, { certificates: { server: certificate } })).requeueAfterSeconds;
}

describe("requeueAfterSeconds", () => {
  test("is undefined while time alone changes nothing", () => {
    assert.equal(plan(observedOf(serverOf())).requeueAfterSeconds, undefined);
    assert.equal(requeueAfter(-DAY, -1), undefined);
  });

  test("is the time until a certificate becomes valid, expires soon or expires", () => {
    assert.equal(requeueAfter(3600, 90 * DAY), 3600 - 60);
    assert.equal(requeueAfter(-DAY, 7 * DAY + 10), 10);
    assert.equal(requeueAfter(-DAY, 7 * DAY), DAY);
    assert.equal(requeueAfter(-DAY, 600), 600);
  });

  test("is at most one day", () => {
    assert.equal(requeueAfter(-DAY, 90 * DAY), DAY);
  });
});
