/** Tests engine versions in the status. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { StorageReport } from "../../src/api/engine-report.ts";
import { SLOT_LABEL } from "../../src/api/names.ts";
import { compareVersions } from "../../src/plan/engine-reports.ts";
import type { ReportOutcome } from "../../src/plan/model/observed.ts";
import { plan } from "../../src/plan/plan.ts";
import { serverOf, Cluster } from "../support/plan/cluster.ts";

const storage: StorageReport = { state: "Writable", path: "/data", uid: 1, gid: 1, groups: [1] };

/** Returns the version in the status and the version of each slot. */
function versions(cluster: Cluster, known: Record<string, string | ReportOutcome>): unknown[] {
  const reports = new Map(
    cluster.all("Pod").flatMap(({ metadata: { uid = "", labels = {} } }): [string, ReportOutcome][] => {
      const outcome = known[labels[SLOT_LABEL] ?? ""];
      if (outcome === undefined) return [];
      if (typeof outcome !== "string") return [[uid, outcome]];
      return [[uid, { type: "Known", report: { version: outcome, ready: true, storage } }]];
    }),
  );
  const { status } = plan(cluster.observe({ reports }));
  cluster.server.status = status;
  return [status.version, ...(status.slots ?? []).map(({ version }) => version)];
}

function settled(replicas: number): Cluster {
  const cluster = new Cluster(serverOf({ replicas }));
  cluster.settle();
  return cluster;
}

describe("the status", () => {
  test("has the version of each slot's engine, and the lowest version for the FtpServer", () => {
    const cluster = settled(2);
    assert.deepEqual(versions(cluster, {}), [undefined, undefined, undefined, undefined]);
    // The third slot owns the spare slice for rollouts.
    assert.deepEqual(versions(cluster, { a: "0.10.0", b: "0.9.1" }), ["0.9.1", "0.10.0", "0.9.1", undefined]);
  });

  test("keeps a version until the first report, and removes it when the engine does not respond", () => {
    const cluster = settled(1);
    assert.deepEqual(versions(cluster, { a: "1.0.0" }), ["1.0.0", "1.0.0", undefined]);
    for (const unasked of [{}, { a: { type: "Pending" } as const }])
      assert.deepEqual(versions(cluster, unasked), ["1.0.0", "1.0.0", undefined]);
    assert.deepEqual(versions(cluster, { a: { type: "Unknown" } }), [undefined, undefined, undefined]);
  });

  test("keeps the version of a draining pod", () => {
    const cluster = settled(1);
    versions(cluster, { a: "1.0.0" });
    cluster.deletePod("demo-a-0");
    assert.equal(versions(cluster, {})[0], "1.0.0");
  });
});

describe("versions", () => {
  test("are ordered by number, with a pre-release before its release", () => {
    const ordered = ["0.9.0", "0.10.0-alpha", "0.10.0-rc.1", "0.10.0", "1.0.0", "10.0.0"];
    assert.deepEqual(ordered.toReversed().toSorted(compareVersions), ordered);
    assert.equal(compareVersions("1.0.0+a", "1.0.0+b"), 0);
  });
});
