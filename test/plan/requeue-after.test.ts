import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { plan } from "../../src/plan/plan.ts";
import { observedOf, serverOf, specOf } from "../support/plan/cluster.ts";

const DAY = 24 * 3600;
const NOW = Date.UTC(2026, 0, 1);

/** RFC 3339, so many seconds from now. */
function inSeconds(seconds: number): string {
  return new Date(NOW + seconds * 1000).toISOString();
}

function nextLook(from: number, to: number): number | undefined {
  const server = serverOf({
    tls: { ...specOf().tls, mode: "Required", certificateRef: { name: "demo-tls" } },
  });
  const certificate = { notBefore: inSeconds(from), notAfter: inSeconds(to), version: "1" };
  return plan(observedOf(server, { certificates: { server: certificate } })).requeueAfterSeconds;
}

describe("the next look", () => {
  it("is not needed while nothing would be another by time alone", () => {
    assert.equal(plan(observedOf(serverOf())).requeueAfterSeconds, undefined);
    assert.equal(nextLook(-DAY, -1), undefined);
  });

  it("comes when a certificate gets valid, ends soon, and ends", () => {
    assert.equal(nextLook(3600, 90 * DAY), 3600 - 60);
    assert.equal(nextLook(-DAY, 7 * DAY + 10), 10);
    assert.equal(nextLook(-DAY, 7 * DAY), DAY);
    assert.equal(nextLook(-DAY, 600), 600);
  });

  it("comes within a day, as timers and clocks are not for longer", () => {
    assert.equal(nextLook(-DAY, 90 * DAY), DAY);
  });
});
