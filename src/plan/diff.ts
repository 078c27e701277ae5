import type { KubeObject, ObjectRef } from "../api/kubernetes.ts";
import { childNames } from "../api/names.ts";
import { CONFIG_GENERATION_ANNOTATION } from "./model/annotations.ts";
import { buildConfigSecret } from "./desired/config-secret.ts";
import { buildNetworkPolicy } from "./desired/network-policy.ts";
import { buildPersistentVolumeClaim } from "./desired/persistent-volume-claim.ts";
import { buildPodDisruptionBudget } from "./desired/pod-disruption-budget.ts";
import { buildServiceAccount } from "./desired/service-account.ts";
import { buildService } from "./desired/service.ts";
import { buildStatefulSet, scaleToZero } from "./desired/workload.ts";
import type { Decision } from "./model/decision.ts";
import { needsApply, withHash } from "./desired/drift.ts";
import { hashOf } from "../common/canonical-json.ts";
import { isTerminating } from "./model/objects.ts";
import type { ChildObject, Pod, StatefulSet } from "./model/objects.ts";
import { isEmptyPatch, type MetadataPatch, podMetadataPatch } from "./desired/pod-metadata.ts";
import type { SlotPlan } from "./slots/rollout.ts";

export interface Deletion {
  ref: ObjectRef;
  /** Precondition: an object made anew under the same name stays. */
  uid: string;
}

/** A merge patch of a running pod: null removes a key. */
export interface PodPatch {
  ref: ObjectRef;
  metadata: MetadataPatch;
}

const NO_PATCH: MetadataPatch = { labels: {}, annotations: {} };

/** Objects that are not as wished, in the order in which they need each other. */
export function planApplies(decision: Decision, foreign: readonly KubeObject[]): ChildObject[] {
  const { children } = decision.observed;
  const config = buildConfigSecret(decision, decision.config);
  if (decision.spec.maintenance.mode === "Enabled")
    return drifted([[config, children.configSecret]], foreign);
  const desired: [ChildObject | undefined, ChildObject | undefined][] = [
    [buildServiceAccount(decision), children.serviceAccount],
    [config, children.configSecret],
    [buildPersistentVolumeClaim(decision), children.persistentVolumeClaim],
    [buildNetworkPolicy(decision, decision.publishedPorts), children.networkPolicy],
    [buildService(decision, decision.publishedPorts), children.service],
    [buildPodDisruptionBudget(decision), children.podDisruptionBudget],
    ...planStatefulSets(decision),
  ];
  return drifted(desired, foreign);
}

function drifted(
  desired: readonly [ChildObject | undefined, ChildObject | undefined][],
  foreign: readonly KubeObject[],
): ChildObject[] {
  return desired.flatMap(([object, seen]) => {
    if (object === undefined || foreign.some((other) => isSameObject(other, object))) return [];
    const desired = withHash(object);
    return needsApply(desired, seen) ? [desired] : [];
  });
}

function planStatefulSets(decision: Decision): [StatefulSet, StatefulSet | undefined][] {
  return decision.slots.flatMap(({ name, action }): [StatefulSet, StatefulSet | undefined][] => {
    const seen = findStatefulSet(decision, name);
    const slice = decision.slices.find((slice) => slice.name === name);
    if (action === "Run" && slice !== undefined) return [[buildStatefulSet(decision, slice, 1), seen]];
    if (action === "Replace" && slice !== undefined) return [[buildStatefulSet(decision, slice, 0), seen]];
    return action === "Drain" && seen !== undefined ? [[scaleToZero(decision, seen), seen]] : [];
  });
}

function findStatefulSet({ server, observed }: Decision, slot: string): StatefulSet | undefined {
  const name = childNames.statefulSet(server.metadata.name, slot);
  return observed.children.statefulSets.find(({ metadata }) => metadata.name === name);
}

/** Objects that nothing wishes any longer. Claims are never among them. */
export function planDeletions(decision: Decision): Deletion[] {
  if (decision.spec.maintenance.mode === "Enabled") return [];
  const { networkPolicy } = decision.observed.children;
  const unwished = decision.spec.networkPolicy.mode === "Disabled" ? [networkPolicy] : [];
  return [...unwished, ...decision.slots.map((slot) => slotRemainder(decision, slot))].flatMap((object) => {
    if (object === undefined || isTerminating(object) || object.metadata.uid === undefined) return [];
    return [{ ref: refOf(object), uid: object.metadata.uid }];
  });
}

/** An empty StatefulSet; or a pod to drain that no StatefulSet would end. */
function slotRemainder(decision: Decision, { name, action }: SlotPlan): StatefulSet | Pod | undefined {
  const set = findStatefulSet(decision, name);
  if (action === "Remove") return set;
  if (action !== "Drain" || set !== undefined) return undefined;
  const podName = childNames.pod(decision.server.metadata.name, name);
  return decision.observed.children.pods.find(({ metadata }) => metadata.name === podName);
}

/**
 * Pods to be told that the config or a certificate has changed, because kubelet syncs a pod's Secret as soon as the pod changes; and
 * pods without the labels and annotations of `spec.childMetadata`.
 */
export function planPodPatches({ observed, config, spec }: Decision): PodPatch[] {
  const { server, clientAuthorities } = observed.certificates;
  const versions = [server?.version, clientAuthorities?.version].filter((version) => version !== undefined);
  const value = versions.length === 0 ? config.generation : hashOf([config.generation, ...versions]);
  const generation = { [CONFIG_GENERATION_ANNOTATION]: value };
  return observed.children.pods
    .filter((pod) => !isTerminating(pod))
    .map((pod) => {
      const isTold = pod.metadata.annotations?.[CONFIG_GENERATION_ANNOTATION] === value;
      const patch = spec.maintenance.mode === "Enabled" ? NO_PATCH : podMetadataPatch(spec, pod);
      const annotations = { ...patch.annotations, ...(isTold ? {} : generation) };
      return { ref: refOf(pod), metadata: { ...patch, annotations } };
    })
    .filter(({ metadata }) => !isEmptyPatch(metadata));
}

function refOf({ apiVersion, kind, metadata: { name, namespace } }: KubeObject): ObjectRef {
  return { apiVersion, kind, name, ...(namespace === undefined ? {} : { namespace }) };
}

function isSameObject(a: KubeObject, b: KubeObject): boolean {
  return a.kind === b.kind && a.metadata.name === b.metadata.name;
}
