/** Controls the operator that the chart installed. */
import { installChart, OPERATOR_NAMESPACE, RELEASE } from "./installation.ts";
import { eventually, type TestNamespace } from "./test-namespace.ts";

const SELECTOR = `app.kubernetes.io/instance=${RELEASE},app.kubernetes.io/component=operator`;

/** Runs kubectl in the operator namespace. */
export function inOperatorNamespace({ cluster }: TestNamespace, ...args: string[]): Promise<string> {
  return cluster.kubectl(["-n", OPERATOR_NAMESPACE, ...args]);
}

/** Kills the operator without a grace period, which simulates a node failure. */
export async function killOperator(namespace: TestNamespace): Promise<void> {
  await inOperatorNamespace(namespace, "delete", "pod", "-l", SELECTOR, "--grace-period=0", "--force");
}

/** Waits until the operator rollout is complete. */
export async function operatorRuns(namespace: TestNamespace): Promise<void> {
  await inOperatorNamespace(namespace, "rollout", "status", `deployment/${RELEASE}`, "--timeout=300s");
}

/**
 * Waits until a running operator holds the Lease. The Lease of a killed operator expires after 15 seconds.
 * @returns the name of the operator pod
 */
export async function operatorLeads(namespace: TestNamespace): Promise<string> {
  return await eventually("an operator leads", async () => {
    const lease = ["get", "lease", RELEASE, "-o=jsonpath={.spec.holderIdentity}"];
    const holder = await inOperatorNamespace(namespace, ...lease);
    const pods = await inOperatorNamespace(namespace, "get", "pods", "-l", SELECTOR, "-o", "name");
    const names = pods
      .split("\n")
      .filter(Boolean)
      .map((name) => name.replace("pod/", ""));
    const leader = names.find((name) => holder.startsWith(`${name}_`));
    if (leader === undefined) throw new Error(`the holder is ${holder}`);
    return leader;
  });
}

/** Sets the number of operator pods and waits until the pods are ready. */
export async function scaleOperator(namespace: TestNamespace, replicas: number): Promise<void> {
  await inOperatorNamespace(namespace, "scale", `deployment/${RELEASE}`, `--replicas=${replicas}`);
  await operatorRuns(namespace);
  await eventually(`${replicas} operators`, async () => {
    const pods = await inOperatorNamespace(namespace, "get", "pods", "-l", SELECTOR, "-o", "name");
    const count = pods.split("\n").filter(Boolean).length;
    if (count !== replicas) throw new Error(`there are ${count}`);
  });
}

/**
 * Returns two values from the operator metrics: the number of reconciles since its start, and the number of FtpServers
 * that are queued or in progress.
 */
export async function reconciled(namespace: TestNamespace): Promise<{ count: number; busy: number }> {
  const script = "process.stdout.write(await (await fetch('http://127.0.0.1:8080/metrics')).text())";
  const argv = ["node", "--input-type=module", "--eval", script];
  const metrics = await inOperatorNamespace(namespace, "exec", `deployment/${RELEASE}`, "--", ...argv);
  const sum = (name: string): number =>
    metrics
      .split("\n")
      .filter((line) => line.startsWith(`${name}{`))
      .reduce((total, line) => total + Number(line.split(" ").at(-1)), 0);
  return {
    count: sum("controller_runtime_reconcile_total"),
    busy: sum("controller_runtime_active_workers") + sum("workqueue_depth"),
  };
}

/** Sets the chart value `operator.allowInternalSinks`, and waits until the new operator is the leader. */
export async function allowInternalSinks(namespace: TestNamespace, isAllowed: boolean): Promise<void> {
  const values = ["--reuse-values", `--set=operator.allowInternalSinks=${isAllowed}`];
  const { cluster } = namespace;
  await installChart(cluster, { release: RELEASE, namespace: OPERATOR_NAMESPACE, values });
  await operatorRuns(namespace);
  await operatorLeads(namespace);
}
