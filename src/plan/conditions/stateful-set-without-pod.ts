import type { FtpServer } from "../../api/ftpserver.generated.ts";
import { isTerminating } from "../model/objects.ts";
import type { Pod, StatefulSet } from "../model/objects.ts";
import type { Observed } from "../model/observed.ts";
import { type PodProblem, secondsAfter } from "./pod-problem.ts";

/** What a controller may take to make a pod, in seconds. */
const MAKING_SECONDS = 30;

/**
 * That a StatefulSet has no pod although its controller has seen what is wished: something refuses the pod, and only an event says
 * what, which the operator may not read. Nothing tells since when; it can not be for longer than the StatefulSet is there, nor than
 * the server is on its way.
 */
export function statefulSetWithoutPod(set: StatefulSet, { server, children, now }: Observed): PodProblem[] {
  const { name, creationTimestamp } = set.metadata;
  if (creationTimestamp === undefined || !makesNoPod(set, children.pods)) return [];
  const progressing = server.status?.conditions?.find(({ type }) => type === "Progressing");
  const onTheWay = progressing?.status === "True" ? progressing.lastTransitionTime : now;
  return [
    {
      from: Math.max(...[creationTimestamp, onTheWay].map((since) => secondsAfter(since, MAKING_SECONDS))),
      message:
        `StatefulSet ${name} makes no pod: see \`kubectl describe statefulset ${name}\`. ` +
        "Usually a quota, a LimitRange or Pod Security rejects it." +
        platformHint(server),
    },
  ];
}

/** Returns what helps on OpenShift, whose admission rejects fixed IDs. */
function platformHint({ spec }: FtpServer): string {
  return spec.pod.securityContext.ids === "Platform"
    ? ""
    : " On OpenShift, set spec.pod.securityContext.ids to Platform.";
}

function makesNoPod(set: StatefulSet, pods: readonly Pod[]): boolean {
  const { metadata, spec, status } = set;
  // Before its controller has seen it, it only has not got to it; a pod that it counts has just gone.
  const isTried = status?.observedGeneration === metadata.generation && (status?.replicas ?? 0) === 0;
  if (spec.replicas === 0 || isTerminating(set) || !isTried) return false;
  return pods.every((pod) => pod.metadata.name !== `${metadata.name}-0`);
}
