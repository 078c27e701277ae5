/**
 * Tests planned objects with a real API server. The API server must accept all objects. Defaults that the API server
 * adds must not count as drift.
 */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { FtpServer } from "../../src/api/ftpserver.generated.ts";
import type { KubeObject } from "../../src/api/kubernetes.ts";
import { FIELD_MANAGER, formatSelector, selectorLabels } from "../../src/api/names.ts";
import { KubeClient } from "../../src/kube/client.ts";
import type { Pod } from "../../src/plan/model/objects.ts";
import type { Children } from "../../src/plan/model/observed.ts";
import { plan } from "../../src/plan/plan.ts";
import type { Plan } from "../../src/plan/plan.ts";
import { CRD_FILE } from "../api/crd.ts";
import { startControlPlane } from "../cluster/control-plane.ts";
import type { ControlPlane } from "../cluster/control-plane.ts";
import { untilCrdsEstablished } from "../cluster/established-crds.ts";
import { type ExposurePatch, observedOf, serverOf, specOf, type SpecPatch } from "../support/plan/cluster.ts";
import { ACCEPTED_SPECS, passive } from "./accepted-specs.ts";

let controlPlane: ControlPlane;
let client: KubeClient;

before(async () => {
  controlPlane = await startControlPlane({ families: ["IPv4", "IPv6"] });
  await controlPlane.kubectl(["apply", "--server-side", "-f", CRD_FILE]);
  await untilCrdsEstablished(controlPlane);
  client = new KubeClient({ fieldManager: FIELD_MANAGER, kubeconfig: controlPlane.kubeconfig });
});

after(async () => {
  await client?.close();
  await controlPlane?.stop();
});

/** Maximum number of reconciles. Slots do not progress, because no StatefulSet controller runs. */
const MAX_RECONCILES = 12;

async function childrenOf(server: string, pods: readonly Pod[]): Promise<Children> {
  const list = async <T extends KubeObject>(apiVersion: string, kind: string): Promise<T[]> => {
    const labelSelector = formatSelector(selectorLabels(server));
    const page = await client.list<T>(
      { apiVersion, kind, namespace: "default", labelSelector },
      { limit: 500 },
    );
    // List items do not contain `apiVersion` and `kind`.
    return (page.items ?? []).map((item) => Object.assign(item, { apiVersion, kind }));
  };
  const kinds = {
    service: await list("v1", "Service"),
    networkPolicy: await list("networking.k8s.io/v1", "NetworkPolicy"),
    podDisruptionBudget: await list("policy/v1", "PodDisruptionBudget"),
    serviceAccount: await list("v1", "ServiceAccount"),
    configSecret: await list("v1", "Secret"),
    persistentVolumeClaim: await list("v1", "PersistentVolumeClaim"),
  };
  const single = Object.entries(kinds).flatMap(([name, [object]]) =>
    object === undefined ? [] : [[name, object]],
  );
  return { ...Object.fromEntries(single), statefulSets: await list("apps/v1", "StatefulSet"), pods };
}

/** Runs one reconcile, which observes, plans, applies, deletes and writes the status. */
async function reconcile(name: string, pods: readonly Pod[] = []): Promise<Plan> {
  const ref = { apiVersion: "ftp-operator.io/v1alpha1", kind: "FtpServer", namespace: "default", name };
  const server = await client.get<FtpServer>(ref);
  const result = plan(observedOf(server, { children: await childrenOf(name, pods) }));
  for (const object of result.apply) await client.apply(object);
  for (const { ref, uid } of result.delete)
    await client.delete(ref, { uid, propagationPolicy: "Background" });
  const status: KubeObject & Pick<FtpServer, "status"> = {
    apiVersion: ref.apiVersion,
    kind: ref.kind,
    metadata: { name, namespace: "default" },
    status: result.status,
  };
  await client.applyStatus(status);
  const written = await client.get<FtpServer>(ref);
  assert.deepEqual(written.status, result.status);
  return result;
}

async function settle(name: string): Promise<void> {
  for (let count = 0; count < MAX_RECONCILES; count += 1) {
    const { apply, delete: deletions } = await reconcile(name);
    if (apply.length === 0 && deletions.length === 0) return;
  }
  const { apply } = await reconcile(name);
  assert.fail(`still written: ${apply.map(({ kind }) => kind).join(", ")}`);
}

async function put(name: string, spec: SpecPatch): Promise<void> {
  const { apiVersion, kind } = serverOf();
  const manifest = { apiVersion, kind, metadata: { name, namespace: "default" }, spec: specOf(spec) };
  await controlPlane.kubectl(["apply", "-f", "-"], JSON.stringify(manifest));
}

describe("a plan on a real API server", () => {
  for (const [name, spec] of ACCEPTED_SPECS) {
    it(`is accepted and causes no second write: ${name}`, async () => {
      await put(name, spec);
      await settle(name);
    });
  }

  it("changes ports, exposure, image and NetworkPolicy of an FtpServer", async () => {
    const changes: SpecPatch[] = [
      {},
      {
        exposure: { type: "NodePort", controlPort: 21, nodePort: { controlPort: 30022 } },
        passive: passive(30060),
      },
      { exposure: { type: "ClusterIP", controlPort: 21 }, pod: { image: "engine:2" } },
      { replicas: 2, networkPolicy: { mode: "Disabled", allowedClients: [], metricsFrom: [] } },
      { replicas: 1, rollout: { type: "Surge", handOverSeconds: 10, drainPeriodSeconds: 5 } },
    ];
    for (const spec of changes) {
      await put("changing", spec);
      await settle("changing");
    }
  });

  it("changes the IP families of the Service in both directions", async () => {
    const steps: [service: NonNullable<ExposurePatch["service"]>, families: string[]][] = [
      [{}, ["IPv4"]],
      [{ ipFamilyPolicy: "PreferDualStack" }, ["IPv4", "IPv6"]],
      [{ ipFamilyPolicy: "RequireDualStack", ipFamilies: ["IPv4", "IPv6"] }, ["IPv4", "IPv6"]],
      [{ ipFamilyPolicy: "SingleStack" }, ["IPv4"]],
      [{ ipFamilyPolicy: "PreferDualStack", ipFamilies: ["IPv4"] }, ["IPv4", "IPv6"]],
      [{ ipFamilyPolicy: "SingleStack", ipFamilies: ["IPv4"] }, ["IPv4"]],
    ];
    for (const [service, families] of steps) {
      await put("families", { exposure: { type: "ClusterIP", controlPort: 21, service } });
      await settle("families");
      const seen = (await childrenOf("families", [])).service?.spec;
      assert.deepEqual([seen?.ipFamilies, seen?.clusterIPs?.length], [families, families.length]);
    }
  });

  it("is rejected with the message that the condition expects when the first IP family changes", async () => {
    await put("first", { exposure: { type: "ClusterIP", controlPort: 21 } });
    await settle("first");
    const service: ExposurePatch["service"] = {
      ipFamilyPolicy: "RequireDualStack",
      ipFamilies: ["IPv6", "IPv4"],
    };
    await put("first", { exposure: { type: "ClusterIP", controlPort: 21, service } });
    await assert.rejects(reconcile("first"), /indicated by `ipFamilies\[0\]`/);
  });

  it("removes labels and annotations that were removed from the spec", async () => {
    const exposure = { type: "ClusterIP", controlPort: 21 } as const;
    const childMetadata = { labels: { team: "a" }, annotations: { "example.com/owner": "b" } };
    await put("shed", { childMetadata, exposure: { ...exposure, service: { labels: { pool: "x" } } } });
    await settle("shed");
    const metadataOf = async (): Promise<[string | undefined, string | undefined, string | undefined]> => {
      const { labels, annotations } = (await childrenOf("shed", [])).service?.metadata ?? {};
      return [labels?.["team"], labels?.["pool"], annotations?.["example.com/owner"]];
    };
    assert.deepEqual(await metadataOf(), ["a", "x", "b"]);
    await put("shed", { exposure });
    await settle("shed");
    assert.deepEqual(await metadataOf(), [undefined, undefined, undefined]);
  });

  it("restores a Service that was changed to type ExternalName", async () => {
    await put("renamed", {});
    await settle("renamed");
    const before = (await childrenOf("renamed", [])).service?.spec;
    const spec = { type: "ExternalName", externalName: "ftp.example.com", ports: null, clusterIP: null };
    const patch = JSON.stringify({ spec: { ...spec, clusterIPs: null, externalTrafficPolicy: null } });
    await controlPlane.kubectl(["patch", "service", "renamed", "--type=merge", "-p", patch]);
    assert.equal((await childrenOf("renamed", [])).service?.spec.ports, undefined);
    await settle("renamed");
    const after = (await childrenOf("renamed", [])).service?.spec;
    assert.deepEqual([after?.type, after?.ports?.length], [before?.type, before?.ports?.length]);
  });

  it("changes to node ports while an old pod owns other ports", async () => {
    await put("held", {});
    await settle("held");
    const { statefulSets } = await childrenOf("held", []);
    const pods = statefulSets.map(({ spec: { template }, metadata: { name } }): Pod => {
      const metadata = { ...template.metadata, name: `${name}-0`, namespace: "default" };
      return { apiVersion: "v1", kind: "Pod", metadata, spec: template.spec };
    });
    const held = pods[0]?.spec.containers[0]?.ports?.map(({ containerPort }) => containerPort) ?? [];
    for (const first of [30050, 30070]) {
      const exposure = { type: "NodePort", controlPort: 21, nodePort: { controlPort: 30023 } } as const;
      await put("held", { exposure, passive: passive(first) });
      await reconcile("held", pods);
      const { service } = await childrenOf("held", []);
      const pinned = service?.spec.ports?.filter(({ port, nodePort }) => port === nodePort) ?? [];
      assert.deepEqual(
        pinned.map(({ port }) => port),
        Array.from({ length: 10 }, (_, index) => first + index),
      );
      assert.ok(held.some((number) => service?.spec.ports?.some(({ port }) => port === number)));
    }
  });
});
