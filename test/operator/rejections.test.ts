/** Tests operator writes that the API server or an admission policy rejects. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { CONFIG_GENERATION_ANNOTATION } from "../../src/plan/model/objects.ts";
import { type ControlPlane, startControlPlane } from "../cluster/control-plane.ts";
import { FaultProxy } from "../support/kube/fault-proxy.ts";
import {
  eventually,
  getJson,
  installCrd,
  type RunningOperator,
  startOperator,
} from "../support/operator/running.ts";

let plane: ControlPlane;
let proxy: FaultProxy;
let operator: RunningOperator;

before(async () => {
  plane = await startControlPlane();
  await installCrd(plane);
  await plane.kubectl(["create", "secret", "generic", "alice", "--from-literal=password=x"]);
  proxy = await FaultProxy.start(plane);
  operator = startOperator(plane, { kubeconfig: proxy.kubeconfig });
});
after(async () => {
  await operator?.stop();
  await proxy?.[Symbol.asyncDispose]();
  await plane?.stop();
});

const apply = (object: object): Promise<string> =>
  plane.kubectl(["apply", "-f", "-"], JSON.stringify(object));

const putServer = (name: string, spec: object = {}): Promise<string> =>
  apply({
    apiVersion: "ftp-operator.io/v1alpha1",
    kind: "FtpServer",
    metadata: { name },
    spec: { users: [{ name: "alice", passwordSecretRef: { name: "alice" } }], ...spec },
  });

async function conditionOf(server: string, type: string): Promise<{ reason: string; message: string }> {
  const { status } = await getJson(plane, "ftpserver", server);
  const found = status?.conditions?.find((condition: { type: string }) => condition.type === type);
  assert.ok(found, `${type} of ${server}`);
  return found;
}

async function setsOf(server: string): Promise<string[]> {
  const { items } = await getJson(plane, "statefulset", "-l", `app.kubernetes.io/instance=${server}`);
  return items.map(({ metadata }: { metadata: { name: string } }) => metadata.name);
}

/** Denies an operation on the objects of one FtpServer. Resolves when the admission policy is in effect. */
async function deny(server: string, operation: string, apiGroup: string, resource: string): Promise<void> {
  const rule = (operations: string[], group: string, resources: string[]): object => ({
    apiGroups: [group],
    apiVersions: ["v1"],
    operations,
    resources,
  });
  const labels = { "app.kubernetes.io/instance": server };
  await apply({
    apiVersion: "admissionregistration.k8s.io/v1",
    kind: "ValidatingAdmissionPolicy",
    metadata: { name: server },
    spec: {
      matchConstraints: {
        objectSelector: { matchLabels: labels },
        resourceRules: [rule([operation], apiGroup, [resource]), rule(["CREATE"], "", ["configmaps"])],
      },
      validations: [{ expression: "false", message: "denied by test", reason: "Forbidden" }],
    },
  });
  await apply({
    apiVersion: "admissionregistration.k8s.io/v1",
    kind: "ValidatingAdmissionPolicyBinding",
    metadata: { name: server },
    spec: { policyName: server, validationActions: ["Deny"] },
  });
  const probe = JSON.stringify({
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: "probe", labels },
  });
  await eventually("the policy is in force", () =>
    assert.rejects(plane.kubectl(["create", "--dry-run=server", "-f", "-"], probe), /denied by test/),
  );
}

test("a webhook denial without a code appears in Stalled, and other writes continue", async () => {
  proxy.fault = ({ method, url }) =>
    method === "PATCH" && url.includes("/services/webhook?")
      ? { type: "Answer", status: 400, reason: "BadRequest" }
      : undefined;
  await putServer("webhook");
  await eventually("the condition is set", async () => {
    const { reason, message } = await conditionOf("webhook", "Stalled");
    assert.equal(reason, "ChangeRejected");
    assert.match(message, /Service `webhook`: injected BadRequest/);
  });
  assert.deepEqual(await setsOf("webhook"), ["webhook-a"]);
  proxy.fault = () => undefined;
  await putServer("webhook", { banner: "again" });
  await eventually("the condition is cleared", async () =>
    assert.equal((await conditionOf("webhook", "Stalled")).reason, "NotStalled"),
  );
});

test("pods that cannot be annotated do not stop the reconcile", async () => {
  await deny("unannotated", "UPDATE", "", "pods");
  await putServer("unannotated");
  await eventually("it has a StatefulSet", async () =>
    assert.deepEqual(await setsOf("unannotated"), ["unannotated-a"]),
  );
  // The test creates the pod, because no StatefulSet controller runs.
  const { template } = (await getJson(plane, "statefulset", "unannotated-a")).spec;
  const metadata = { ...template.metadata, name: "unannotated-a-0" };
  await apply({ apiVersion: "v1", kind: "Pod", metadata, spec: template.spec });
  await putServer("unannotated", { banner: "new", exposure: { type: "ClusterIP" } });
  await eventually("the status is updated", async () => {
    const { metadata, status } = await getJson(plane, "ftpserver", "unannotated");
    assert.equal(status?.observedGeneration, metadata.generation);
    assert.equal((await conditionOf("unannotated", "AddressAssigned")).reason, "ClusterAddress");
  });
  assert.equal((await conditionOf("unannotated", "Stalled")).reason, "NotStalled");
  const pod = await getJson(plane, "pod", "unannotated-a-0");
  assert.equal(pod.metadata.annotations[CONFIG_GENERATION_ANNOTATION], undefined);
});

test("a rejected deletion appears in Stalled", async () => {
  await putServer("kept");
  await eventually("it has a StatefulSet", async () => assert.deepEqual(await setsOf("kept"), ["kept-a"]));
  await deny("kept", "DELETE", "networking.k8s.io", "networkpolicies");
  await putServer("kept", { networkPolicy: { mode: "Disabled" } });
  await eventually("the condition is set", async () => {
    const { reason, message } = await conditionOf("kept", "Stalled");
    assert.equal(reason, "ChangeRejected");
    assert.match(message, /NetworkPolicy `kept`: .*denied by test/);
  });
});

test("no pod starts while its NetworkPolicy is rejected", async () => {
  await deny("guarded", "CREATE", "networking.k8s.io", "networkpolicies");
  await putServer("guarded", { networkPolicy: { allowedClients: ["192.0.2.0/24"] } });
  await eventually("the condition is set", async () =>
    assert.match((await conditionOf("guarded", "Stalled")).message, /NetworkPolicy `guarded`/),
  );
  await plane.kubectl(["get", "service", "guarded"]);
  assert.deepEqual(await setsOf("guarded"), []);
  await plane.kubectl(["delete", "validatingadmissionpolicybinding", "guarded"]);
  // No watch event reports the change to the admission policy. The operator retries after 30 seconds.
  await eventually("the pods start", async () => assert.deepEqual(await setsOf("guarded"), ["guarded-a"]));
});
