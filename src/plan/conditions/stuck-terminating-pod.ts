import { SLOT_LABEL } from "../../api/names.ts";
import type { Pod } from "../model/objects.ts";
import type { Observed } from "../model/observed.ts";
import { type PodProblem, secondsAfter } from "./pod-problem.ts";

/** What kubelet may take to clear away a pod whose grace period is over, which a deletionTimestamp includes. */
const CLEARING_SECONDS = 60;

/**
 * Why a pod that is to end does not. Its slot waits for it in any case: where nobody answers, sessions may still go on, and two pods
 * must not have the same ports.
 */
export function stuckTerminatingPod({ metadata, spec }: Pod, { nodes }: Pick<Observed, "nodes">): PodProblem {
  const { name, labels, deletionTimestamp = "" } = metadata;
  const { nodeName } = spec;
  const endlessSlot = labels?.[SLOT_LABEL];
  const force = `\`kubectl delete pod ${name} --force\``;
  const node = nodes?.find((one) => one.name === nodeName);
  if (nodes !== undefined && nodeName !== undefined && node === undefined)
    return {
      endlessSlot,
      message: `Pod ${name} cannot end: node ${nodeName} is gone. The cluster removes the pod within minutes; otherwise run ${force}.`,
    };
  if (node?.ready === false)
    return {
      endlessSlot,
      message:
        `Pod ${name} cannot end: node ${node.name} does not answer. Once that machine is off, delete the Node, ` +
        `taint it with node.kubernetes.io/out-of-service, or run ${force}.`,
    };
  return {
    endlessSlot,
    from: secondsAfter(deletionTimestamp, CLEARING_SECONDS),
    message:
      `Pod ${name} should have ended at ${deletionTimestamp}: its node does not answer, or something holds it. ` +
      `See \`kubectl describe pod ${name}\`; once its machine is off, run ${force}.`,
  };
}
