/** The operator of the installed chart, and what tests do to it. */
import { OPERATOR_NAMESPACE, RELEASE } from "./installation.ts";
import { eventually, type World } from "./world.ts";

const SELECTOR = `app.kubernetes.io/instance=${RELEASE},app.kubernetes.io/component=operator`;

/** Runs kubectl in the operator's namespace. */
export function inOperatorNamespace({ cluster }: World, ...args: string[]): Promise<string> {
  return cluster.kubectl(["-n", OPERATOR_NAMESPACE, ...args]);
}

/** Ends the operator as a lost node does: no signal that it could act upon, no time. */
export async function killOperator(world: World): Promise<void> {
  await inOperatorNamespace(world, "delete", "pod", "-l", SELECTOR, "--grace-period=0", "--force");
}

/** Waits until the operator's Deployment is as wished. */
export async function operatorRuns(world: World): Promise<void> {
  await inOperatorNamespace(world, "rollout", "status", `deployment/${RELEASE}`, "--timeout=120s");
}

/** Sets the number of operators and waits until there are as many. */
export async function scaleOperator(world: World, replicas: number): Promise<void> {
  await inOperatorNamespace(world, "scale", `deployment/${RELEASE}`, `--replicas=${replicas}`);
  await operatorRuns(world);
  await eventually(`${replicas} operators`, async () => {
    const pods = await inOperatorNamespace(world, "get", "pods", "-l", SELECTOR, "-o", "name");
    const count = pods.split("\n").filter(Boolean).length;
    if (count !== replicas) throw new Error(`there are ${count}`);
  });
}
