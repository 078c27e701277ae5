import assert from "node:assert/strict";
import { describe, it } from "node:test";
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

/** Node ports of the Service after a change, while the old pod still holds a port of the range before. */
function nodePorts(before: SpecPatch, after: SpecPatch): object {
  const world = new Cluster(serverOf(before));
  world.settle();
  world.change(after);
  world.step();
  const ports = world.all("Service")[0]?.spec.ports?.slice(1) ?? [];
  return Object.fromEntries(ports.map(({ port, nodePort }) => [port, nodePort]));
}

describe("ports that an ending pod holds outside the range", () => {
  it("are no node ports where they were none before, or could not be", () => {
    assert.deepEqual(nodePorts(passive(50000), { exposure: NODE_PORT, ...passive(30100) }), {
      30100: 30100,
      30101: 30101,
      // Any number, as the API server likes.
      50000: 31003,
    });
  });

  it("stay the node ports that clients dial", () => {
    const before = { exposure: NODE_PORT, ...passive(30200) };
    assert.deepEqual(nodePorts(before, passive(30100)), { 30100: 30100, 30101: 30101, 30200: 30200 });
  });
});
