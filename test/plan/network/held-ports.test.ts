import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { FtpServerSpec } from "../../../src/api/ftpserver.generated.ts";
import { serverOf, specOf, Cluster, type ExposurePatch, type SpecPatch } from "../../support/plan/cluster.ts";

const NODE_PORT: ExposurePatch = {
  type: "NodePort",
  controlPort: 21,
  nodePort: { controlPort: 30021 },
};

function passive(first: number): Pick<FtpServerSpec, "passive"> {
  return { passive: { ...specOf().passive, portRange: { first, last: first + 1 } } };
}

/** Returns the node ports of the Service after a change, while the old pod owns a port of the previous range. */
function nodePorts(before: SpecPatch, after: SpecPatch): object {
  const cluster = new Cluster(serverOf(before));
  cluster.settle();
  cluster.change(after);
  cluster.step();
  const ports = cluster.all("Service")[0]?.spec.ports?.slice(1) ?? [];
  return Object.fromEntries(ports.map(({ port, nodePort }) => [port, nodePort]));
}

describe("ports of a terminating pod outside the range", () => {
  test("get no node port that they did not have before", () => {
    assert.deepEqual(nodePorts(passive(50000), { exposure: NODE_PORT, ...passive(30100) }), {
      30100: 30100,
      30101: 30101,
      // The API server assigns an arbitrary node port.
      50000: 31003,
    });
  });

  test("keep the node ports to which clients connect", () => {
    const before = { exposure: NODE_PORT, ...passive(30200) };
    assert.deepEqual(nodePorts(before, passive(30100)), { 30100: 30100, 30101: 30101, 30200: 30200 });
  });
});
