import assert from "node:assert/strict";
import { describe, test } from "node:test";
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
  const cluster = new Cluster(serverOf(spec));
  cluster.settle();
  return cluster;
}

function everyChild(
  cluster: Cluster,
): { kind: string; team: string | undefined; note: string | undefined }[] {
  return CHILD_KINDS.flatMap((kind) =>
    cluster.all(kind).map(({ metadata: { labels, annotations } }) => ({
      kind,
      team: labels?.["team"],
      note: annotations?.["example.com/team"],
    })),
  );
}

describe("spec.childMetadata", () => {
  test("is added to every object and removed from every object", () => {
    const cluster = settled({ ...TEAM, storage: { type: "Ephemeral" } });
    const all = everyChild(cluster);
    assert.deepEqual(
      new Set(all.map(({ kind }) => kind)),
      new Set(CHILD_KINDS.filter((kind) => kind !== "PersistentVolumeClaim")),
    );
    for (const { kind, team, note } of all) assert.deepEqual([team, note], ["a", "a"], kind);
    cluster.change({ childMetadata: { labels: { tier: "files" } } });
    cluster.settle();
    for (const { kind, team, note } of everyChild(cluster))
      assert.deepEqual([team, note], [undefined, undefined], kind);
    assert.equal(cluster.all("Pod")[0]?.metadata.labels?.["tier"], "files");
  });

  test("has lower precedence than the metadata of the Service, the claim and the pods", () => {
    const cluster = settled({
      ...TEAM,
      storage: CLAIM,
      exposure: { type: "ClusterIP", controlPort: 21, service: { labels: { team: "service" } } },
      pod: { metadata: { labels: { team: "pods" } } },
    });
    const teams = Object.fromEntries(everyChild(cluster).map(({ kind, team }) => [kind, team]));
    assert.deepEqual(
      [teams["Service"], teams["PersistentVolumeClaim"], teams["Pod"], teams["Secret"]],
      ["service", "claims", "pods", "a"],
    );
  });

  test("reaches running and new pods without a rollout", () => {
    const cluster = settled({});
    const [before] = cluster.all("Pod");
    cluster.change(TEAM);
    const { patchPods, status } = cluster.step();
    assert.deepEqual(
      patchPods.map(({ ref, metadata }) => [ref.name, metadata.labels]),
      [["demo-a-0", { team: "a", tier: "files" }]],
    );
    assert.equal(status.slots?.[0]?.state, "Serving");
    cluster.settle();
    const [after] = cluster.all("Pod");
    assert.equal(after, before, "the same pod");
    assert.equal(after?.metadata.labels?.["team"], "a");
    const [set] = cluster.all("StatefulSet");
    assert.equal(set?.spec.template.metadata.labels["team"], "a");
    assert.deepEqual(cluster.step().patchPods, []);
  });

  test("removes only its own keys from pods, and its record with the last one", () => {
    const cluster = settled(TEAM);
    const [pod] = cluster.all("Pod");
    assert.ok(pod);
    pod.metadata.labels = { ...pod.metadata.labels, stranger: "x" };
    cluster.change({ childMetadata: {} });
    cluster.settle();
    const { labels = {}, annotations = {} } = pod.metadata;
    assert.deepEqual([labels["stranger"], labels["team"]], ["x", undefined]);
    assert.ok(!(CHILD_METADATA_ANNOTATION in annotations));
  });

  test("ignores an invalid record", () => {
    const cluster = settled(TEAM);
    const [pod] = cluster.all("Pod");
    assert.ok(pod);
    for (const record of ["{", "null", '{"labels":3}', "[]"]) {
      pod.metadata.annotations = { ...pod.metadata.annotations, [CHILD_METADATA_ANNOTATION]: record };
      cluster.settle();
      assert.match(pod.metadata.annotations[CHILD_METADATA_ANNOTATION] ?? "", /"labels":\["team","tier"\]/);
    }
  });

  test("does not change pods during maintenance", () => {
    const cluster = settled({});
    cluster.change({ ...TEAM, maintenance: { mode: "Enabled" } });
    cluster.settle();
    assert.equal(cluster.all("Pod")[0]?.metadata.labels?.["team"], undefined);
    cluster.change({ maintenance: { mode: "Disabled" } });
    cluster.settle();
    assert.equal(cluster.all("Pod")[0]?.metadata.labels?.["team"], "a");
  });
});
