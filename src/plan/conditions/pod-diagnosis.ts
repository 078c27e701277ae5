import type { FtpServer } from "../../api/ftpserver.generated.ts";
import { SLOT_LABEL } from "../../api/names.ts";
import { isReady, isTerminating } from "../model/objects.ts";
import type { ContainerStatus, Pod, StatefulSet } from "../model/objects.ts";
import type { Observed } from "../model/observed.ts";

/**
 * Number of seconds from the creation of a pod until the operator reports that the containers of the pod have not
 * started.
 */
const CREATION_SECONDS = 60;
/** Number of seconds after which the operator reports a StatefulSet without a pod. */
const POD_CREATION_SECONDS = 30;
/**
 * Number of seconds from `metadata.deletionTimestamp` of a pod until the operator reports the pod as stuck. The
 * timestamp includes the grace period.
 */
const REMOVAL_SECONDS = 60;

/** Faults that prevent pods from being created, becoming ready or terminating. */
export interface PodDiagnosis {
  /** Messages that do not change between retries. The list is empty while pods start or drain normally. */
  messages: string[];
  /** Slots whose pods do not terminate. */
  stuckSlots: ReadonlySet<string>;
  /** Time in milliseconds since the epoch at which the next message is due. */
  validUntil: number | undefined;
}

interface Symptom {
  message: string;
  /**
   * Time in milliseconds since the epoch at which the operator starts to report the symptom. If this field is absent,
   * the operator reports the symptom immediately.
   */
  from?: number;
  /** Slot whose pod does not terminate. */
  stuckSlot?: string | undefined;
}

/** Returns the faults in the pods and StatefulSets of an FtpServer. */
export function diagnosePods(observed: Observed): PodDiagnosis {
  const { pods, statefulSets } = observed.children;
  const all = [
    ...pods.flatMap((pod) => (isTerminating(pod) ? terminating(pod, observed) : starting(pod, observed))),
    ...statefulSets.flatMap((set) => withoutPod(set, observed)),
  ];
  const now = Date.parse(observed.now);
  const current = all.filter(({ from = 0 }) => from <= now);
  const later = all.flatMap(({ from = 0 }) => (from > now ? [from] : []));
  return {
    messages: current.map(({ message }) => message),
    stuckSlots: new Set(current.flatMap(({ stuckSlot }) => stuckSlot ?? [])),
    validUntil: later.length === 0 ? undefined : Math.min(...later),
  };
}

function starting(pod: Pod, { nodes }: Observed): Symptom[] {
  if (isReady(pod)) return [];
  const ofNode = nodeSymptom(pod, nodes);
  if (ofNode !== undefined) return [ofNode];
  const { name, creationTimestamp } = pod.metadata;
  const symptoms = (pod.status?.containerStatuses ?? []).flatMap((one) => containerSymptom(name, one));
  if (symptoms.length > 0 || creationTimestamp === undefined || !isBeingCreated(pod)) return symptoms;
  return [
    {
      from: secondsAfter(creationTimestamp, CREATION_SECONDS),
      message:
        `Pod \`${name}\` is still being created. The usual cause is a slow image pull or a volume that cannot be mounted. ` +
        `Run \`kubectl describe pod ${name}\`.`,
    },
  ];
}

function nodeSymptom(
  { metadata: { name }, spec, status }: Pod,
  nodes: Observed["nodes"],
): Symptom | undefined {
  const unscheduled = status?.conditions?.find(
    (one) => one.type === "PodScheduled" && one.status === "False",
  );
  if (unscheduled !== undefined) {
    const cause = (unscheduled.message ?? unscheduled.reason ?? "unknown cause").replace(/\.$/u, "");
    return { message: `Pod \`${name}\` is not scheduled to a node: ${cause}.` };
  }
  const node = nodes?.find((one) => one.name === spec.nodeName);
  return node?.ready === false
    ? { message: `Pod \`${name}\` is not ready, because node \`${node.name}\` does not respond.` }
    : undefined;
}

function containerSymptom(pod: string, container: ContainerStatus): Symptom[] {
  const reason = reasonOf(container);
  if (reason === undefined || STARTING_REASONS.has(reason)) return [];
  const message =
    `Pod \`${pod}\` is not ready: ${reason}${exitCode(container)}. ` +
    `Run \`kubectl describe pod ${pod}\` and \`kubectl logs ${pod}\`.`;
  return [{ message }];
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

function exitCode({ state, lastState }: ContainerStatus): string {
  const end = state?.terminated ?? lastState?.terminated;
  return end === undefined ? "" : ` (exit code ${end.exitCode})`;
}

/** A pod that does not terminate keeps its slot, because sessions can continue on an unresponsive node. */
function terminating({ metadata, spec }: Pod, { nodes }: Pick<Observed, "nodes">): Symptom {
  const { name, labels, deletionTimestamp = "" } = metadata;
  const { nodeName } = spec;
  const stuckSlot = labels?.[SLOT_LABEL];
  const force = `\`kubectl delete pod ${name} --force\``;
  const node = nodes?.find((one) => one.name === nodeName);
  if (nodes !== undefined && nodeName !== undefined && node === undefined)
    return {
      stuckSlot,
      message: `Pod \`${name}\` cannot terminate, because node \`${nodeName}\` was deleted. If the pod still exists after a few minutes, run ${force}.`,
    };
  if (node?.ready === false)
    return {
      stuckSlot,
      message:
        `Pod \`${name}\` cannot terminate, because node \`${node.name}\` does not respond. After you shut down the machine, delete the Node, ` +
        `add the taint \`node.kubernetes.io/out-of-service\`, or run ${force}.`,
    };
  return {
    stuckSlot,
    from: secondsAfter(deletionTimestamp, REMOVAL_SECONDS),
    message:
      `Pod \`${name}\` did not terminate by ${deletionTimestamp}. The node does not respond, or a finalizer blocks the deletion. ` +
      `Run \`kubectl describe pod ${name}\`. After you shut down the machine of the node, run ${force}.`,
  };
}

/**
 * Reports a StatefulSet whose controller cannot create the pod. The message does not contain the cause, because the
 * operator does not read events. The earliest start time of the failure is the creation of the StatefulSet or the last
 * transition of Progressing, whichever is later.
 */
function withoutPod(set: StatefulSet, { server, children, now }: Observed): Symptom[] {
  const { name, creationTimestamp } = set.metadata;
  if (creationTimestamp === undefined || !lacksPod(set, children.pods)) return [];
  const progressing = server.status?.conditions?.find(({ type }) => type === "Progressing");
  const changingSince = progressing?.status === "True" ? progressing.lastTransitionTime : now;
  const since = [creationTimestamp, changingSince].map((time) => secondsAfter(time, POD_CREATION_SECONDS));
  return [
    {
      from: Math.max(...since),
      message:
        `StatefulSet \`${name}\` cannot create its pod. Usually a quota, a LimitRange or Pod Security rejects the pod. ` +
        `Run \`kubectl describe statefulset ${name}\`.${platformHint(server)}`,
    },
  ];
}

/** OpenShift rejects pods with fixed user and group IDs. */
function platformHint({ spec }: FtpServer): string {
  return spec.pod.securityContext.ids === "Platform"
    ? ""
    : " On OpenShift, set `spec.pod.securityContext.ids` to `Platform`.";
}

function lacksPod(set: StatefulSet, pods: readonly Pod[]): boolean {
  const { metadata, spec, status } = set;
  // True when the controller has processed the current generation and counts no pods. A deleted pod can briefly remain
  // in `status.replicas`.
  const isProcessed = status?.observedGeneration === metadata.generation && (status?.replicas ?? 0) === 0;
  if (spec.replicas === 0 || isTerminating(set) || !isProcessed) return false;
  return pods.every((pod) => pod.metadata.name !== `${metadata.name}-0`);
}

/** @param time RFC 3339 */
function secondsAfter(time: string, seconds: number): number {
  return Date.parse(time) + seconds * 1000;
}
