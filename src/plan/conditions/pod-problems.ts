import { isReady, isTerminating } from "../objects.ts";
import type { ContainerStatus, Pod } from "../objects.ts";

/** Why pods do not get ready, in words that do not change with every retry; empty while they just start. */
export function podProblems(pods: readonly Pod[]): string[] {
  return pods.filter((pod) => !isTerminating(pod) && !isReady(pod)).flatMap(describeProblem);
}

function describeProblem(pod: Pod): string[] {
  const { conditions = [], containerStatuses = [] } = pod.status ?? {};
  const { name } = pod.metadata;
  const unscheduled = conditions.find(({ type, status }) => type === "PodScheduled" && status === "False");
  if (unscheduled !== undefined) {
    return [`Pod ${name} has no node: ${unscheduled.message ?? unscheduled.reason ?? ""}`];
  }
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

const STARTING_REASONS: ReadonlySet<string> = new Set(["ContainerCreating", "PodInitializing"]);

function describeExit({ state, lastState }: ContainerStatus): string {
  const end = state?.terminated ?? lastState?.terminated;
  return end === undefined ? "" : ` (exit code ${end.exitCode})`;
}
