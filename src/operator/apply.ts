import { type KubeObject, type ObjectKey, refOf } from "../api/kubernetes.ts";
import type { KubeClient } from "../kube/client.ts";
import { isNamespaceTerminating, KubeError, type KubeErrorReason } from "../kube/errors.ts";
import { TEMPLATE_HASH_ANNOTATION } from "../plan/model/objects.ts";
import type { ChildObject, StatefulSet } from "../plan/model/objects.ts";
import type { Rejection } from "../plan/model/observed.ts";
import type { Plan } from "../plan/plan.ts";
import type { ExpectationCache } from "./expectation-cache.ts";
import { removeConflictingPorts } from "./port-conflicts.ts";

/**
 * Resource version of an empty etcd. No object has this version. An apply with this version therefore creates an
 * object, or fails with a conflict if the object already exists.
 */
const NO_VERSION = "1";

export interface Applied {
  /** Rejected writes in the order of the plan. A retry cannot succeed until the spec or the cluster changes. */
  rejections: Rejection[];
  /** Verb, kind and name of each change, for the log. */
  changes: string[];
  /**
   * True when an object with the name of a child has a different owner. The operator does not watch objects of other
   * owners.
   */
  isNameTaken: boolean;
}

/**
 * Applies a plan. The function first applies all objects other than StatefulSets, in parallel. The function then
 * applies StatefulSets, deletes objects and annotates pods, one at a time in the order of the plan.
 *
 * After a rejected write, the remaining writes continue. Any other error ends the reconcile. When the API server
 * rejects an object that pods require, or when the name of a child is taken, serving pods are not replaced. If an
 * object is not in `known`, the operator creates the object, but never changes an existing object with the same name.
 * An apply would take over the existing object of another owner. The operator records the created object as an
 * expectation.
 * @throws KubeError
 */
export async function applyPlan(
  { client, expectations }: { client: KubeClient; expectations: ExpectationCache },
  server: ObjectKey,
  { plan, known }: { plan: Plan; known: readonly KubeObject[] },
  signal: AbortSignal,
): Promise<Applied> {
  const names = new Set(known.map(nameOf));
  const record = (object: KubeObject): void => expectations.record(server, object, performance.now());
  const changes: string[] = [];
  let isNameTaken = false;
  const write = (object: ChildObject): Promise<Rejection[]> =>
    attempt({ ref: refOf(object) }, changes, async () => {
      const isKnown = names.has(nameOf(object));
      const written = await (isKnown
        ? applyKnown(client, object, signal)
        : createOnly(client, object, signal));
      const isOwn = controllerOf(written) === controllerOf(object);
      isNameTaken ||= !isOwn;
      record(written);
      return isOwn;
    });
  const rejections = (await Promise.all(plan.apply.filter((object) => !hasPods(object)).map(write))).flat();
  const holdsPods = mustHoldPods(known, rejections);
  for (const set of isNameTaken ? [] : plan.apply.filter(hasPods))
    if (!holdsPods || onlyScalesDown(set, known)) rejections.push(...(await write(set)));
  rejections.push(...(await deleteObjects(client, plan.delete, changes, signal)));
  rejections.push(...(await annotatePods({ client, record }, plan.patchPods, changes, signal)));
  return { rejections, changes, isNameTaken };
}

/** Kinds of objects that a serving pod requires. */
const NEEDED_BY_PODS: ReadonlySet<string> = new Set([
  "NetworkPolicy",
  "PersistentVolumeClaim",
  "Secret",
  "Service",
  "ServiceAccount",
]);

/**
 * Returns whether pods must stay unchanged. If a pod serves, the plan must wait when the API server rejects any object
 * that the next pod requires. If no pod serves, the plan must wait only when the API server rejects a NetworkPolicy
 * that does not exist yet. Without the NetworkPolicy, all clients could connect to the new pod.
 */
function mustHoldPods(known: readonly KubeObject[], rejections: readonly Rejection[]): boolean {
  const isServing = known.some(
    ({ kind, metadata }) => kind === "Pod" && metadata.deletionTimestamp === undefined,
  );
  const exists = (kind: string): boolean => known.some((child) => child.kind === kind);
  return rejections.some(
    ({ ref: { kind } }) =>
      NEEDED_BY_PODS.has(kind) && (isServing || (kind === "NetworkPolicy" && !exists(kind))),
  );
}

/** Returns whether a StatefulSet drains its pod without a change to the template. */
function onlyScalesDown(set: StatefulSet, known: readonly KubeObject[]): boolean {
  const before = known.filter(hasPods).find((child) => nameOf(child) === nameOf(set));
  return set.spec.replicas === 0 && before !== undefined && templateHash(before) === templateHash(set);
}

function templateHash({ spec: { template } }: StatefulSet): string | undefined {
  return template.metadata.annotations[TEMPLATE_HASH_ANNOTATION];
}

async function deleteObjects(
  client: KubeClient,
  deletions: Plan["delete"],
  changes: string[],
  signal: AbortSignal,
): Promise<Rejection[]> {
  const rejections: Rejection[] = [];
  for (const { ref, uid } of deletions) {
    const options = { uid, propagationPolicy: "Background", signal } as const;
    const remove = async (): Promise<boolean> => {
      await ignoreGone(client.delete(ref, options));
      return true;
    };
    rejections.push(...(await attempt({ ref, verb: "delete" }, changes, remove)));
  }
  return rejections;
}

async function annotatePods(
  { client, record }: { client: KubeClient; record: (object: KubeObject) => void },
  patches: Plan["patchPods"],
  changes: string[],
  signal: AbortSignal,
): Promise<Rejection[]> {
  const rejections: Rejection[] = [];
  for (const { ref, metadata } of patches) {
    const annotate = async (): Promise<boolean> => {
      const pod = await ignoreGone(client.mergePatch<KubeObject>(ref, { metadata }, { signal }));
      if (pod !== undefined) record(pod);
      return pod !== undefined;
    };
    rejections.push(...(await attempt({ ref, verb: "annotate" }, changes, annotate)));
  }
  return rejections;
}

/**
 * Makes one change. On success, appends the change to `changes`.
 * @param change function that makes the change and resolves to true when the object changed
 * @returns the rejection, or an empty list when the change succeeded
 */
async function attempt(
  what: Omit<Rejection, "message">,
  changes: string[],
  change: () => Promise<boolean>,
): Promise<Rejection[]> {
  try {
    if (await change()) changes.push(`${what.verb ?? "apply"} ${what.ref.kind} ${what.ref.name}`);
    return [];
  } catch (error) {
    return [{ ...what, message: rejectionMessage(error) }];
  }
}

/** Creates an object. If an object with the same name exists, returns the existing object unchanged. */
async function createOnly(client: KubeClient, object: KubeObject, signal: AbortSignal): Promise<KubeObject> {
  const metadata = { ...object.metadata, resourceVersion: NO_VERSION };
  return (
    (await ignoreGone(client.apply({ ...object, metadata }, { signal }))) ??
    (await ignoreGone(client.get<KubeObject>(refOf(object), { signal }))) ??
    // The operator retries, because the existing object was deleted between the two requests.
    (await client.apply(object, { signal }))
  );
}

/**
 * Applies an object. If ports that a user added to a Service conflict with the desired ports, removes the added ports
 * and applies the object again.
 */
async function applyKnown(client: KubeClient, object: ChildObject, signal: AbortSignal): Promise<KubeObject> {
  try {
    return await client.apply(object, { signal });
  } catch (error) {
    const isInvalid = error instanceof KubeError && error.reason === "Invalid";
    if (!isInvalid || object.kind !== "Service") throw error;
    if (!(await removeConflictingPorts(client, refOf(object), object, signal))) throw error;
    return await client.apply(object, { signal });
  }
}

/** Returns the UID of the controller that owns an object. */
function controllerOf({ metadata }: KubeObject): string | undefined {
  return metadata.ownerReferences?.find(({ controller }) => controller === true)?.uid;
}

function hasPods(object: KubeObject): object is StatefulSet {
  return object.kind === "StatefulSet";
}

function nameOf({ kind, metadata }: KubeObject): string {
  return `${kind}/${metadata.name}`;
}

/** API server message when no node port is free. */
const NO_NODE_PORTS = /failed to allocate a nodePort/;

/**
 * Error reasons for which a retry cannot succeed. The API server responds with `BadRequest` when the response of an
 * admission webhook denies the request but contains no status code.
 */
const FINAL_REASONS: ReadonlySet<KubeErrorReason> = new Set(["BadRequest", "Forbidden", "Invalid"]);

/** Returns the message of a rejection. Rethrows all other errors. */
function rejectionMessage(error: unknown): string {
  if (!(error instanceof KubeError) || isNamespaceTerminating(error)) throw error;
  if (FINAL_REASONS.has(error.reason)) return error.message;
  // Until a node port is released, the API server responds with status 500.
  if (NO_NODE_PORTS.test(error.message)) return error.message;
  throw error;
}

/** Resolves to undefined when the object does not exist or was replaced by another object with the same name. */
async function ignoreGone<T>(call: Promise<T>): Promise<T | undefined> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof KubeError && (error.reason === "NotFound" || error.reason === "Conflict"))
      return undefined;
    throw error;
  }
}
