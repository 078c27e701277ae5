import type { Decision } from "../context.ts";
import { isReady, isTerminating } from "../objects.ts";
import type { ContainerStatus, Pod } from "../objects.ts";
import { NOT_CREATED } from "./condition.ts";
import type { Finding } from "./condition.ts";

/** Whether clients can log in: at least one pod serves. */
export function available({ spec, slots, observed }: Decision): Finding {
  const serving = slots.filter(({ state }) => state === "Serving").length;
  const { pods, statefulSets } = observed.children;
  const count = `${serving} of ${spec.replicas} replicas ready.`;
  if (serving >= spec.replicas) return { status: "True", reason: "AllReplicasReady", message: count };
  if (statefulSets.length === 0 && pods.length === 0) return NOT_CREATED;
  const problems = pods.filter((pod) => !isTerminating(pod) && !isReady(pod)).flatMap(describeProblem);
  const message = [count, ...problems].join(" ");
  if (serving > 0) return { status: "True", reason: "SomeReplicasReady", message };
  return { status: "False", reason: "NoReplicaReady", message, warn: problems.length > 0 };
}

/** Why a pod does not get ready, in words that do not change with every retry; empty while it just starts. */
function describeProblem(pod: Pod): string[] {
  const { conditions = [], containerStatuses = [] } = pod.status ?? {};
  const { name } = pod.metadata;
  const unscheduled = conditions.find(({ type, status }) => type === "PodScheduled" && status === "False");
  if (unscheduled !== undefined)
    return [`Pod ${name} has no node: ${unscheduled.message ?? unscheduled.reason ?? ""}`];
  return containerStatuses.flatMap((container) => {
    const { state } = container;
    const reason = state?.waiting?.reason ?? state?.terminated?.reason;
    if (reason === undefined || STARTING_REASONS.has(reason)) return [];
    const exit = describeExit(container);
    return [
      `Pod ${name}: ${reason}${exit}; see \`kubectl describe pod ${name}\` and \`kubectl logs ${name}\`.`,
    ];
  });
}

function describeExit({ state, lastState }: ContainerStatus): string {
  const end = state?.terminated ?? lastState?.terminated;
  return end === undefined ? "" : ` (exit code ${end.exitCode})`;
}

const STARTING_REASONS: ReadonlySet<string> = new Set(["ContainerCreating", "PodInitializing"]);
