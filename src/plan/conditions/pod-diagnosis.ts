import { isReady, isTerminating } from "../model/objects.ts";
import type { ContainerStatus, Pod } from "../model/objects.ts";
import type { Observed } from "../model/observed.ts";
import { stuckTerminatingPod } from "./stuck-terminating-pod.ts";
import { type PodProblem, secondsAfter } from "./pod-problem.ts";
import { statefulSetWithoutPod } from "./stateful-set-without-pod.ts";

/** What a pod may take from its making until its container runs, in seconds. */
const CREATING_SECONDS = 60;

export interface PodProblems {
  /** In words that do not change with every retry; empty while pods just start and drain. */
  messages: string[];
  /** Slots whose pods can not end. */
  endlessSlots: ReadonlySet<string>;
  /** When there would be more to say by time alone; milliseconds of Unix time. */
  until: number | undefined;
}

/** Why pods are not made, do not get ready, and do not end. */
export function podProblems(observed: Observed): PodProblems {
  const { pods, statefulSets } = observed.children;
  const all = [
    ...pods.flatMap((pod) =>
      isTerminating(pod) ? stuckTerminatingPod(pod, observed) : startProblems(pod, observed),
    ),
    ...statefulSets.flatMap((set) => statefulSetWithoutPod(set, observed)),
  ];
  const now = Date.parse(observed.now);
  const violations = all.filter(({ from = 0 }) => from <= now);
  const later = all.flatMap(({ from = 0 }) => (from > now ? [from] : []));
  return {
    messages: violations.map(({ message }) => message),
    endlessSlots: new Set(violations.flatMap(({ endlessSlot }) => endlessSlot ?? [])),
    until: later.length === 0 ? undefined : Math.min(...later),
  };
}

function startProblems(pod: Pod, { nodes }: Observed): PodProblem[] {
  if (isReady(pod)) return [];
  const ofNode = nodeProblem(pod, nodes);
  if (ofNode !== undefined) return [ofNode];
  const { name, creationTimestamp } = pod.metadata;
  const violations = (pod.status?.containerStatuses ?? []).flatMap((one) => containerProblem(name, one));
  if (violations.length > 0 || creationTimestamp === undefined || !isBeingCreated(pod)) return violations;
  return [
    {
      from: secondsAfter(creationTimestamp, CREATING_SECONDS),
      message:
        `Pod ${name} is still being created: see \`kubectl describe pod ${name}\`. ` +
        "Mostly its image takes long, or a volume can not be mounted.",
    },
  ];
}

function nodeProblem(
  { metadata: { name }, spec, status }: Pod,
  nodes: Observed["nodes"],
): PodProblem | undefined {
  const unscheduled = status?.conditions?.find(
    (one) => one.type === "PodScheduled" && one.status === "False",
  );
  if (unscheduled !== undefined)
    return { message: `Pod ${name} has no node: ${unscheduled.message ?? unscheduled.reason ?? ""}` };
  const node = nodes?.find((one) => one.name === spec.nodeName);
  return node?.ready === false ? { message: `Pod ${name}: node ${node.name} does not answer.` } : undefined;
}

function containerProblem(pod: string, container: ContainerStatus): PodProblem[] {
  const reason = reasonOf(container);
  if (reason === undefined || STARTING_REASONS.has(reason)) return [];
  const exit = describeExit(container);
  return [
    {
      message: `Pod ${pod}: ${reason}${exit}; see \`kubectl describe pod ${pod}\` and \`kubectl logs ${pod}\`.`,
    },
  ];
}

function reasonOf({ state }: ContainerStatus): string | undefined {
  return state?.waiting?.reason ?? state?.terminated?.reason;
}

function isBeingCreated({ status: { phase = "Pending", containerStatuses = [] } = {} }: Pod): boolean {
  return (
    phase === "Pending" &&
    containerStatuses.every((container) => STARTING_REASONS.has(reasonOf(container) ?? ""))
  );
}

const STARTING_REASONS: ReadonlySet<string> = new Set(["ContainerCreating", "PodInitializing"]);

function describeExit({ state, lastState }: ContainerStatus): string {
  const end = state?.terminated ?? lastState?.terminated;
  return end === undefined ? "" : ` (exit code ${end.exitCode})`;
}
