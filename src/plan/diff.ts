import type { KubeObject, ObjectRef } from "../api/kubernetes.ts";
import { childNames } from "../api/names.ts";
import { hashOf } from "../common/json.ts";
import { EMPTY_PATCH, isEmptyPatch, type MetadataPatch, podMetadataPatch } from "./desired/child-metadata.ts";
import { needsApply, withHash } from "./desired/drift.ts";
import { scaleToZero } from "./desired/workload.ts";
import type { PlannedState, SlotPlan } from "./model/decision.ts";
import { CONFIG_GENERATION_ANNOTATION, isTerminating } from "./model/objects.ts";
import type { ChildObject, Pod, StatefulSet } from "./model/objects.ts";

/** Changes from the observed objects to the desired objects. */
export interface Changes {
  /** Objects for server-side apply, ordered by dependency. */
  apply: ChildObject[];
  delete: Deletion[];
  /** Patches for running pods. The operator sends patches after all applies. */
  patchPods: PodPatch[];
}

export interface Deletion {
  ref: ObjectRef;
  /** UID that the object must have. The precondition protects a new object with the same name from deletion. */
  uid: string;
}

/** Merge patch for a running pod. A null value removes the key. */
export interface PodPatch {
  ref: ObjectRef;
  metadata: MetadataPatch;
}

/**
 * @param notControlled objects that have the name of a child but another controller. The plan never changes these
 * objects.
 */
export function diff(state: PlannedState, notControlled: readonly KubeObject[]): Changes {
  return {
    apply: planApplies(state, notControlled),
    delete: planDeletions(state),
    patchPods: planPodPatches(state),
  };
}

type Comparison = readonly [desired: ChildObject | undefined, observed: ChildObject | undefined];

/** Returns the objects to apply. During maintenance, the plan applies only the Secret with the engine configuration. */
function planApplies(state: PlannedState, notControlled: readonly KubeObject[]): ChildObject[] {
  const { desired, observed, spec } = state;
  const { children } = observed;
  const config: Comparison = [desired.configSecret, children.configSecret];
  if (spec.maintenance.mode === "Enabled") return changed([config], notControlled);
  const comparisons: Comparison[] = [
    [desired.serviceAccount, children.serviceAccount],
    config,
    [desired.persistentVolumeClaim, children.persistentVolumeClaim],
    [desired.networkPolicy, children.networkPolicy],
    [desired.service, children.service],
    [desired.podDisruptionBudget, children.podDisruptionBudget],
    ...state.slots.map((slot) => compareStatefulSet(state, slot)),
  ];
  return changed(comparisons, notControlled);
}

function changed(comparisons: readonly Comparison[], notControlled: readonly KubeObject[]): ChildObject[] {
  return comparisons.flatMap(([object, observed]) => {
    if (object === undefined || notControlled.some((other) => isSameObject(other, object))) return [];
    const desired = withHash(object);
    return needsApply(desired, observed) ? [desired] : [];
  });
}

function compareStatefulSet(state: PlannedState, { name, action }: SlotPlan): Comparison {
  const observed = findStatefulSet(state, name);
  const desired = state.desired.statefulSets.get(name);
  switch (action) {
    case "Run":
      return [desired, observed];
    case "Replace":
      return [desired && { ...desired, spec: { ...desired.spec, replicas: 0 } }, observed];
    case "Drain":
      return [observed && scaleToZero(state, observed), observed];
    case "Hold":
    case "Remove":
    case "None":
      return [undefined, observed];
  }
}

function findStatefulSet({ server, observed }: PlannedState, slot: string): StatefulSet | undefined {
  const name = childNames.statefulSet(server.metadata.name, slot);
  return observed.children.statefulSets.find(({ metadata }) => metadata.name === name);
}

/** Returns the objects to delete. The plan never deletes a PersistentVolumeClaim. */
function planDeletions(state: PlannedState): Deletion[] {
  const { spec, observed, desired, slots } = state;
  if (spec.maintenance.mode === "Enabled") return [];
  const { networkPolicy, serviceAccount } = observed.children;
  const unused = [
    ...(spec.networkPolicy.mode === "Disabled" ? [networkPolicy] : []),
    ...(desired.serviceAccount === undefined ? [serviceAccount] : []),
  ];
  return [...unused, ...slots.map((slot) => slotDeletion(state, slot))].flatMap((object) => {
    if (object === undefined || isTerminating(object) || object.metadata.uid === undefined) return [];
    return [{ ref: refOf(object), uid: object.metadata.uid }];
  });
}

/** Returns the object of a slot to delete: an empty StatefulSet, or a draining pod without a StatefulSet. */
function slotDeletion(state: PlannedState, { name, action }: SlotPlan): StatefulSet | Pod | undefined {
  const set = findStatefulSet(state, name);
  if (action === "Remove") return set;
  if (action !== "Drain" || set !== undefined) return undefined;
  const podName = childNames.pod(state.server.metadata.name, name);
  return state.observed.children.pods.find(({ metadata }) => metadata.name === podName);
}

/**
 * Returns patches for pods whose {@link CONFIG_GENERATION_ANNOTATION} is outdated, and for pods whose labels or
 * annotations do not match `spec.childMetadata`. After a change to the pod, the kubelet syncs the mounted Secrets and
 * ConfigMaps immediately.
 */
function planPodPatches({ observed, desired, spec }: PlannedState): PodPatch[] {
  const { server, clientAuthorities } = observed.certificates;
  const buckets = [...observed.objectStorage.values()];
  const mounted = [
    server,
    clientAuthorities,
    ...buckets.flatMap((one) => [one.credentials, one.authorities]),
  ];
  const versions = mounted.flatMap((object) =>
    object === undefined || object === "Missing" ? [] : [object.version],
  );
  const { generation } = desired.config;
  const value = versions.length === 0 ? generation : hashOf([generation, ...versions]);
  return observed.children.pods
    .filter((pod) => !isTerminating(pod))
    .map((pod) => {
      const isCurrent = pod.metadata.annotations?.[CONFIG_GENERATION_ANNOTATION] === value;
      const patch =
        spec.maintenance.mode === "Enabled" ? EMPTY_PATCH : podMetadataPatch(desired.podMetadata, spec, pod);
      const annotations = {
        ...patch.annotations,
        ...(isCurrent ? {} : { [CONFIG_GENERATION_ANNOTATION]: value }),
      };
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
