import { type KubeObject, type ObjectKey, refOf } from "../api/kubernetes.ts";
import type { KubeClient } from "../kube/client.ts";
import { isNamespaceTerminating, KubeError, type KubeErrorReason } from "../kube/errors.ts";
import { TEMPLATE_HASH_ANNOTATION } from "../plan/model/objects.ts";
import type { ChildObject, StatefulSet } from "../plan/model/objects.ts";
import type { Rejection } from "../plan/model/observed.ts";
import type { Plan } from "../plan/plan.ts";
import type { ExpectationCache } from "./expectation-cache.ts";
import { removeConflictingPorts } from "./port-conflicts.ts";

/** Version of an empty etcd. No object has it, so an apply with it creates an object and conflicts with an existing one. */
const NO_VERSION = "1";

export interface Applied {
  /** Writes that the API server rejects until something changes, in the order of the plan. */
  rejections: Rejection[];
  /** Verb, kind and name of each change, for the log. */
  changes: string[];
  /** An object with the name of a child exists and has another owner. Watches do not show it. */
  isNameTaken: boolean;
}

/**
 * Carries out a plan. Applies the objects that pods need in parallel, then StatefulSets in the order of the plan, then deletions and
 * pod annotations.
 *
 * Rejections are collected and the other writes continue. Any other error ends the reconcile. While an object that pods need is
 * rejected, no pod starts and no serving pod is replaced. An object that is not in `known` is only created, because a plain apply would
 * take over an object with the same name and another owner. Such an object is recorded as an expectation, so that the next plan sees it.
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

/** Kinds without which a pod cannot serve. */
const NEEDED_BY_PODS: ReadonlySet<string> = new Set([
  "NetworkPolicy",
  "PersistentVolumeClaim",
  "Secret",
  "Service",
  "ServiceAccount",
]);

/**
 * Returns whether pods must stay unchanged. This is so while a pod serves and an object that its successor needs is rejected, and while
 * no pod serves and there is no NetworkPolicy, because a new pod would be open to all clients.
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

/** Returns whether a StatefulSet only drains its pod, without a new template. */
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
 * Makes one change and adds it to `changes`.
 * @param change resolves to whether it changed anything
 * @returns the rejection, if there was one
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

/** Creates an object. If one with its name exists, returns that one unchanged. */
async function createOnly(client: KubeClient, object: KubeObject, signal: AbortSignal): Promise<KubeObject> {
  const metadata = { ...object.metadata, resourceVersion: NO_VERSION };
  return (
    (await ignoreGone(client.apply({ ...object, metadata }, { signal }))) ??
    (await ignoreGone(client.get<KubeObject>(refOf(object), { signal }))) ??
    // The existing object was deleted between the two requests.
    (await client.apply(object, { signal }))
  );
}

/** Applies an object. If manually added ports of a Service conflict with its ports, removes them and applies it again. */
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

/** Returns the uid of the controller of an object. */
function controllerOf({ metadata }: KubeObject): string | undefined {
  return metadata.ownerReferences?.find(({ controller }) => controller === true)?.uid;
}

function hasPods(object: KubeObject): object is StatefulSet {
  return object.kind === "StatefulSet";
}

function nameOf({ kind, metadata }: KubeObject): string {
  return `${kind}/${metadata.name}`;
}

/** Message when the node port range of the cluster is exhausted. */
const NO_NODE_PORTS = /failed to allocate a nodePort/;

/** Reasons that a repeated request receives again. A webhook that denies without a code causes BadRequest. */
const FINAL_REASONS: ReadonlySet<KubeErrorReason> = new Set(["BadRequest", "Forbidden", "Invalid"]);

/** Returns the message of a rejection. @throws the error when it is not a rejection */
function rejectionMessage(error: unknown): string {
  if (!(error instanceof KubeError) || isNamespaceTerminating(error)) throw error;
  if (FINAL_REASONS.has(error.reason)) return error.message;
  // The API server responds with status 500 until a node port is released.
  if (NO_NODE_PORTS.test(error.message)) return error.message;
  throw error;
}

/** Resolves to undefined when the object does not exist, or when another one with its name has replaced it. */
async function ignoreGone<T>(call: Promise<T>): Promise<T | undefined> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof KubeError && (error.reason === "NotFound" || error.reason === "Conflict"))
      return undefined;
    throw error;
  }
}
