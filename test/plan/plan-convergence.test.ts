/** Tests that plans for random sequences of specs converge. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import * as fc from "fast-check";
import type { FtpServerSpec } from "../../src/api/ftpserver.generated.ts";
import { validate } from "../../src/api/validate.ts";
import {
  Cluster,
  engineConfigOf,
  serverOf,
  specOf,
  type ExposurePatch,
  type SpecPatch,
  type StoragePatch,
} from "../support/plan/cluster.ts";

function passiveAt(shift: number): FtpServerSpec["passive"] {
  return { ...specOf().passive, portRange: { first: 50000 + shift, last: 50009 + 2 * shift } };
}

const specs: fc.Arbitrary<SpecPatch> = fc.record({
  replicas: fc.integer({ min: 0, max: 4 }),
  passive: fc.integer({ min: 0, max: 6 }).map(passiveAt),
  rollout: fc.record({
    type: fc.constantFrom("Surge", "Recreate"),
    handOverSeconds: fc.constantFrom(10, 0),
    drainPeriodSeconds: fc.constantFrom(600, 5),
  }),
  exposure: fc.constantFrom<ExposurePatch>(
    { type: "LoadBalancer", controlPort: 21 },
    { type: "ClusterIP", controlPort: 2100 },
    { type: "LoadBalancer", controlPort: 21, loadBalancer: { sourceRanges: ["192.0.2.0/24"] } },
  ),
  storage: fc.constantFrom<StoragePatch>(
    { type: "Ephemeral", ephemeral: { sizeLimit: "1024Mi" } },
    {
      type: "PersistentVolumeClaim",
      persistentVolumeClaim: {
        create: { accessModes: ["ReadWriteMany"], size: "1Gi" },
        whenDeleted: "Retain",
      },
    },
  ),
  active: fc.constantFrom<FtpServerSpec["active"]>(
    { mode: "Disabled" },
    { mode: "Enabled" },
    { mode: "Enabled", sourcePort: 20 },
  ),
});

describe("plan for any sequence of specs", () => {
  test("converges to the same ports in Service, pods and NetworkPolicy, and then writes nothing", () => {
    fc.assert(
      fc.property(fc.array(specs, { minLength: 1, maxLength: 4 }), (patches) => {
        const cluster = new Cluster(serverOf());
        for (const patch of patches) {
          cluster.change(patch);
          const { status } = cluster.settle();
          assert.equal(status.observedGeneration, cluster.server.metadata.generation);
          assert.deepEqual(validate("FtpServer", cluster.server), []);
          assertSamePorts(cluster);
        }
      }),
      { numRuns: 60 },
    );
  });
});

/** Checks that all objects contain the same passive port range. */
function assertSamePorts(cluster: Cluster): void {
  const { first, last } = cluster.server.spec.passive.portRange;
  const range = Array.from({ length: last - first + 1 }, (_, index) => first + index);
  const service = cluster.all("Service")[0];
  assert.deepEqual(service?.spec.ports?.map(({ port }) => port).slice(1), range);
  const pods = cluster.all("StatefulSet").flatMap(({ spec }) => spec.template.spec.containers);
  const declared = pods.flatMap(({ ports = [] }) => ports.filter(({ name }) => name.startsWith("pasv-")));
  assert.equal(new Set(declared.map(({ containerPort }) => containerPort)).size, declared.length);
  for (const { name, containerPort } of declared) {
    assert.ok(range.includes(containerPort));
    assert.equal(service?.spec.ports?.find(({ port }) => port === containerPort)?.targetPort, name);
  }
  const [rule] = cluster.all("NetworkPolicy")[0]?.spec.ingress ?? [];
  assert.deepEqual(rule?.ports[1], { protocol: "TCP", port: first, endPort: last });
  assert.equal(engineConfigOf(cluster).passive.portRange.first, first);
}
