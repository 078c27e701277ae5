/** Runs `helm install` and `helm upgrade` on a real API server without controllers. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { type ControlPlane, startControlPlane } from "../cluster/control-plane.ts";
import { untilCrdsEstablished } from "../cluster/established-crds.ts";
import { everyValueChanged } from "./changed-values.ts";
import { CHART, documents, helm, type Rendered } from "./helm.ts";

/** Kinds of the Prometheus Operator, whose CRDs accept any field in this test. */
const MONITORING_KINDS = ["ServiceMonitor", "PodMonitor", "PrometheusRule"];

describe("helm on an API server", () => {
  let cluster: ControlPlane;
  before(async () => {
    cluster = await startControlPlane();
    for (const name of ["elsewhere", "a", "strategy"]) await cluster.kubectl(["create", "namespace", name]);
    const items = MONITORING_KINDS.map(monitoringCrd);
    await cluster.kubectl(["apply", "-f", "-"], JSON.stringify({ apiVersion: "v1", kind: "List", items }));
    await untilCrdsEstablished(cluster);
  });
  after(() => cluster.stop());

  const release = (verb: string, name: string, values: object): string => {
    const place = ["--namespace", "ftp-system", "--create-namespace", "--kubeconfig", cluster.kubeconfig];
    const args = verb === "upgrade" ? ["--reset-values"] : [];
    const { status, stdout, stderr } = helm([verb, name, CHART, ...place, ...args, "-f", "-"], values);
    assert.equal(status, 0, stderr);
    return stdout;
  };
  const deployment = async (name: string, namespace: string): Promise<Rendered> =>
    documents(await cluster.kubectl(["get", "deployment", name, "-n", namespace, "-o", "yaml"]))[0]!;

  it("installs the chart with all values changed", async () => {
    assert.match(release("install", "flipped", everyValueChanged()), /STATUS: deployed/);
    const { spec } = await deployment("other-full", "elsewhere");
    assert.equal(spec.template.spec.runtimeClassName, "gvisor");
    assert.equal(spec.strategy.rollingUpdate.maxUnavailable, "50%");
    const kinds = MONITORING_KINDS.join(",");
    const monitors = await cluster.kubectl(["get", kinds, "-n", "elsewhere", "-o", "name"]);
    assert.equal(monitors.trim().split("\n").length, MONITORING_KINDS.length);
    helm(["uninstall", "flipped", "--namespace", "ftp-system", "--kubeconfig", cluster.kubeconfig]);
    await cluster.kubectl(["delete", "crd", "-l", "app.kubernetes.io/instance=flipped"]);
  });

  it("upgrades a release to the strategy Recreate and back", async () => {
    release("install", "strategy", {});
    const name = "strategy-ftp-operator";
    assert.equal((await deployment(name, "ftp-system"))["spec"].strategy.type, "RollingUpdate");
    release("upgrade", "strategy", { operator: { strategy: { type: "Recreate" } } });
    assert.deepEqual((await deployment(name, "ftp-system"))["spec"].strategy, { type: "Recreate" });
    release("upgrade", "strategy", {});
    assert.equal((await deployment(name, "ftp-system"))["spec"].strategy.type, "RollingUpdate");
  });
});

function monitoringCrd(kind: string): object {
  const plural = `${kind.toLowerCase()}s`;
  const schema = { openAPIV3Schema: { type: "object", "x-kubernetes-preserve-unknown-fields": true } };
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: `${plural}.monitoring.coreos.com` },
    spec: {
      group: "monitoring.coreos.com",
      scope: "Namespaced",
      names: { kind, plural, singular: kind.toLowerCase() },
      versions: [{ name: "v1", served: true, storage: true, schema }],
    },
  };
}
