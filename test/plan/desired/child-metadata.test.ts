import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { CHILD_METADATA_ANNOTATION } from "../../../src/plan/model/objects.ts";
import { serverOf, type SpecPatch, Cluster } from "../../support/plan/cluster.ts";

const CLAIM: SpecPatch["storage"] = {
  type: "PersistentVolumeClaim",
  persistentVolumeClaim: {
    create: {
      accessModes: ["ReadWriteOnce"],
      size: "1Gi",
      metadata: { labels: { team: "claims" }, annotations: { "example.com/team": "claims" } },
    },
    whenDeleted: "Retain",
  },
};
const CHILD_KINDS = [
  "ServiceAccount",
  "Secret",
  "PersistentVolumeClaim",
  "NetworkPolicy",
  "Service",
  "PodDisruptionBudget",
  "StatefulSet",
  "Pod",
] as const;
const TEAM: SpecPatch = {
  childMetadata: { labels: { team: "a", tier: "files" }, annotations: { "example.com/team": "a" } },
};

function settled(spec: SpecPatch): Cluster {
  const world = new Cluster(serverOf(spec));
  world.settle();
  return world;
}

function everyChild(world: Cluster): { kind: string; team: string | undefined; note: string | undefined }[] {
  return CHILD_KINDS.flatMap((kind) =>
    world.all(kind).map(({ metadata: { labels, annotations } }) => ({
      kind,
      team: labels?.["team"],
      note: annotations?.["example.com/team"],
    })),
  );
}

describe("spec.childMetadata", () => {
  it("is on every object, and goes from every object", () => {
    const world = settled({ ...TEAM, storage: { type: "Ephemeral" } });
    const all = everyChild(world);
    assert.deepEqual(
      new Set(all.map(({ kind }) => kind)),
      new Set(CHILD_KINDS.filter((kind) => kind !== "PersistentVolumeClaim")),
    );
    for (const { kind, team, note } of all) assert.deepEqual([team, note], ["a", "a"], kind);
    world.change({ childMetadata: { labels: { tier: "files" } } });
    world.settle();
    for (const { kind, team, note } of everyChild(world))
      assert.deepEqual([team, note], [undefined, undefined], kind);
    assert.equal(world.all("Pod")[0]?.metadata.labels?.["tier"], "files");
  });

  it("yields to the metadata of the Service, the claim and the pods", () => {
    const world = settled({
      ...TEAM,
      storage: CLAIM,
      exposure: { type: "ClusterIP", controlPort: 21, service: { labels: { team: "service" } } },
      pod: { metadata: { labels: { team: "pods" } } },
    });
    const teams = Object.fromEntries(everyChild(world).map(({ kind, team }) => [kind, team]));
    assert.deepEqual(
      [teams["Service"], teams["PersistentVolumeClaim"], teams["Pod"], teams["Secret"]],
      ["service", "claims", "pods", "a"],
    );
  });

  it("reaches running pods, and new ones, without a rollout", () => {
    const world = settled({});
    const [before] = world.all("Pod");
    world.change(TEAM);
    const { patchPods, status } = world.step();
    assert.deepEqual(
      patchPods.map(({ ref, metadata }) => [ref.name, metadata.labels]),
      [["demo-a-0", { team: "a", tier: "files" }]],
    );
    assert.equal(status.slots?.[0]?.state, "Serving");
    world.settle();
    const [after] = world.all("Pod");
    assert.equal(after, before, "the same pod");
    assert.equal(after?.metadata.labels?.["team"], "a");
    const [set] = world.all("StatefulSet");
    assert.equal(set?.spec.template.metadata.labels["team"], "a");
    assert.deepEqual(world.step().patchPods, []);
  });

  it("removes only its own keys from pods, and its record with the last one", () => {
    const world = settled(TEAM);
    const [pod] = world.all("Pod");
    assert.ok(pod);
    pod.metadata.labels = { ...pod.metadata.labels, stranger: "x" };
    world.change({ childMetadata: {} });
    world.settle();
    const { labels = {}, annotations = {} } = pod.metadata;
    assert.deepEqual([labels["stranger"], labels["team"]], ["x", undefined]);
    assert.ok(!(CHILD_METADATA_ANNOTATION in annotations));
  });

  it("survives a record that somebody has spoilt", () => {
    const world = settled(TEAM);
    const [pod] = world.all("Pod");
    assert.ok(pod);
    for (const record of ["{", "null", '{"labels":3}', "[]"]) {
      pod.metadata.annotations = { ...pod.metadata.annotations, [CHILD_METADATA_ANNOTATION]: record };
      world.settle();
      assert.match(pod.metadata.annotations[CHILD_METADATA_ANNOTATION] ?? "", /"labels":\["team","tier"\]/);
    }
  });

  it("leaves pods alone in maintenance", () => {
    const world = settled({});
    world.change({ ...TEAM, maintenance: { mode: "Enabled" } });
    world.settle();
    assert.equal(world.all("Pod")[0]?.metadata.labels?.["team"], undefined);
    world.change({ maintenance: { mode: "Disabled" } });
    world.settle();
    assert.equal(world.all("Pod")[0]?.metadata.labels?.["team"], "a");
  });
});
