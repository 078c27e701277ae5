/** Versions of engines in the status. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { StorageReport } from "../../src/api/engine-report.ts";
import { SLOT_LABEL } from "../../src/api/names.ts";
import { compareVersions } from "../../src/plan/engine-reports.ts";
import type { ReportOutcome } from "../../src/plan/model/observed.ts";
import { plan } from "../../src/plan/plan.ts";
import { serverOf, Cluster } from "../support/plan/cluster.ts";

const storage: StorageReport = { state: "Writable", path: "/data", uid: 1, gid: 1, groups: [1] };

/** The version of the status and those of its slots, with what is known of each slot's engine. */
function versions(world: Cluster, known: Record<string, string | ReportOutcome>): unknown[] {
  const reports = new Map(
    world.all("Pod").flatMap(({ metadata: { uid = "", labels = {} } }): [string, ReportOutcome][] => {
      const outcome = known[labels[SLOT_LABEL] ?? ""];
      if (outcome === undefined) return [];
      if (typeof outcome !== "string") return [[uid, outcome]];
      return [[uid, { type: "Known", report: { version: outcome, ready: true, storage } }]];
    }),
  );
  const { status } = plan(world.observe({ reports }));
  world.server.status = status;
  return [status.version, ...(status.slots ?? []).map(({ version }) => version)];
}

function settled(replicas: number): Cluster {
  const world = new Cluster(serverOf({ replicas }));
  world.settle();
  return world;
}

describe("the status", () => {
  it("has the version of each slot's engine, and the lowest one of the FtpServer", () => {
    const world = settled(2);
    assert.deepEqual(versions(world, {}), [undefined, undefined, undefined, undefined]);
    // The third slot is the spare slice of a rollout.
    assert.deepEqual(versions(world, { a: "0.10.0", b: "0.9.1" }), ["0.9.1", "0.10.0", "0.9.1", undefined]);
  });

  it("keeps a version until the engine was asked, and drops it when the engine does not answer", () => {
    const world = settled(1);
    assert.deepEqual(versions(world, { a: "1.0.0" }), ["1.0.0", "1.0.0", undefined]);
    for (const unasked of [{}, { a: { type: "Pending" } as const }])
      assert.deepEqual(versions(world, unasked), ["1.0.0", "1.0.0", undefined]);
    assert.deepEqual(versions(world, { a: { type: "Unknown" } }), [undefined, undefined, undefined]);
  });

  it("keeps the version of a pod that is draining", () => {
    const world = settled(1);
    versions(world, { a: "1.0.0" });
    world.deletePod("demo-a-0");
    assert.equal(versions(world, {})[0], "1.0.0");
  });
});

describe("versions", () => {
  it("are ordered by numbers, and a pre-release comes before its release", () => {
    const ordered = ["0.9.0", "0.10.0-alpha", "0.10.0-rc.1", "0.10.0", "1.0.0", "10.0.0"];
    assert.deepEqual(ordered.toReversed().toSorted(compareVersions), ordered);
    assert.equal(compareVersions("1.0.0+a", "1.0.0+b"), 0);
  });
});
