import type { KubeObject, ObjectKey, ObjectRef } from "../api/kubernetes.ts";
import type { KubeClient } from "../kube/client.ts";
import { isNamespaceEnding, KubeError, type KubeErrorReason } from "../kube/errors.ts";
import { TEMPLATE_HASH_ANNOTATION } from "../plan/model/annotations.ts";
import type { Rejection } from "../plan/model/observed.ts";
import type { ChildObject, StatefulSet } from "../plan/model/objects.ts";
import type { Plan } from "../plan/plan.ts";
import { removeConflictingPorts } from "./port-conflicts.ts";
import type { ExpectationCache } from "./expectation-cache.ts";

/** The version of an empty store, so of no object: what is there already conflicts with it, and what is not is created. */
const NO_VERSION = "1";

export interface Applied {
  /** What the API server will refuse again until something changes, in the plan's order. */
  refusals: Rejection[];
  /** What was done, for the log. */
  changes: string[];
  /** Somebody else has an object of a child's name, which the watch does not show. */
  isNameTaken: boolean;
}

/**
 * Carries out a plan: what pods need first, side by side, then the pods in the plan's order. What the API server refuses for good
 * is collected, and the rest goes on; any other error ends the round. An object that is not among the known ones is only
 * created: a plain apply would take over somebody else's of the same name. What is there instead is remembered as if it
 * were written, so that the next plan knows of it. No pod starts without what it needs, and none that serves is replaced while what
 * its successor needs is refused.
 * @throws KubeError
 */
export async function applyPlan(
  { client, written }: { client: KubeClient; written: ExpectationCache },
  server: ObjectKey,
  { plan, known }: { plan: Plan; known: readonly KubeObject[] },
  signal: AbortSignal,
): Promise<Applied> {
  const names = new Set(known.map(nameOf));
  const remember = (object: KubeObject): void => written.remember(server, [object], performance.now());
  const changes: string[] = [];
  let isNameTaken = false;
  const write = (object: ChildObject): Promise<Rejection[]> =>
    attempt({ ref: refOf(object) }, changes, async () => {
      const isKnown = names.has(nameOf(object));
      const seen = await (isKnown ? applyKnown(client, object, signal) : createOnly(client, object, signal));
      const isOurs = controllerOf(seen) === controllerOf(object);
      isNameTaken ||= !isOurs;
      remember(seen);
      return isOurs;
    });
  const refusals = (await Promise.all(plan.apply.filter((object) => !hasPods(object)).map(write))).flat();
  const isHeld = lacksNeeds(known, refusals);
  for (const set of isNameTaken ? [] : plan.apply.filter(hasPods))
    if (!isHeld || onlyEnds(set, known)) refusals.push(...(await write(set)));
  refusals.push(...(await applyRest({ client, remember }, plan, changes, signal)));
  return { refusals, changes, isNameTaken };
}

/** What a pod cannot serve without. */
const NEEDS: ReadonlySet<string> = new Set([
  "NetworkPolicy",
  "PersistentVolumeClaim",
  "Secret",
  "Service",
  "ServiceAccount",
]);

/**
 * Whether pods have to stay as they are: where one serves, while anything that its successor needs is refused; and where none does,
 * while there is no NetworkPolicy, as everybody could reach one that starts.
 */
function lacksNeeds(known: readonly KubeObject[], refusals: readonly Rejection[]): boolean {
  const isServing = known.some(
    ({ kind, metadata }) => kind === "Pod" && metadata.deletionTimestamp === undefined,
  );
  const isThere = (kind: string): boolean => known.some((child) => child.kind === kind);
  return refusals.some(
    ({ ref: { kind } }) => NEEDS.has(kind) && (isServing || (kind === "NetworkPolicy" && !isThere(kind))),
  );
}

/** Whether a StatefulSet lets its pod end, and no successor is to come in its place. */
function onlyEnds(set: StatefulSet, known: readonly KubeObject[]): boolean {
  const before = known.filter(hasPods).find((child) => nameOf(child) === nameOf(set));
  return set.spec.replicas === 0 && before !== undefined && templateHash(before) === templateHash(set);
}

function templateHash({ spec: { template } }: StatefulSet): string | undefined {
  return template.metadata.annotations[TEMPLATE_HASH_ANNOTATION];
}

/** What goes, and pods that are told of something new. */
async function applyRest(
  { client, remember }: { client: KubeClient; remember: (object: KubeObject) => void },
  plan: Plan,
  changes: string[],
  signal: AbortSignal,
): Promise<Rejection[]> {
  const refusals: Rejection[] = [];
  for (const { ref, uid } of plan.delete) {
    const options = { uid, propagationPolicy: "Background", signal } as const;
    const remove = async (): Promise<boolean> => {
      await ignoreGone(client.delete(ref, options));
      return true;
    };
    refusals.push(...(await attempt({ ref, verb: "delete" }, changes, remove)));
  }
  for (const { ref, metadata } of plan.patchPods) {
    const touch = async (): Promise<boolean> => {
      const pod = await ignoreGone(client.mergePatch<KubeObject>(ref, { metadata }, { signal }));
      if (pod !== undefined) remember(pod);
      return pod !== undefined;
    };
    refusals.push(...(await attempt({ ref, verb: "touch" }, changes, touch)));
  }
  return refusals;
}

/** Makes one change, and notes it. @param change tells whether anything was changed  @returns what was refused of it */
async function attempt(
  what: Omit<Rejection, "message">,
  changes: string[],
  change: () => Promise<boolean>,
): Promise<Rejection[]> {
  try {
    if (await change()) changes.push(`${what.verb ?? "apply"} ${what.ref.kind} ${what.ref.name}`);
    return [];
  } catch (error) {
    return [{ ...what, message: refusalOf(error) }];
  }
}

/** @returns the new object, or the one that was there before, untouched */
async function createOnly(client: KubeClient, object: KubeObject, signal: AbortSignal): Promise<KubeObject> {
  const metadata = { ...object.metadata, resourceVersion: NO_VERSION };
  return (
    (await ignoreGone(client.apply({ ...object, metadata }, { signal }))) ??
    (await ignoreGone(client.get<KubeObject>(refOf(object), { signal }))) ??
    // It went in between.
    (await client.apply(object, { signal }))
  );
}

/** Once more when the first try met ports that somebody has put into the Service by hand. */
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

/** The uid of the object that owns it. */
function controllerOf({ metadata }: KubeObject): string | undefined {
  return metadata.ownerReferences?.find(({ controller }) => controller === true)?.uid;
}

function hasPods(object: KubeObject): object is StatefulSet {
  return object.kind === "StatefulSet";
}

function nameOf({ kind, metadata }: KubeObject): string {
  return `${kind}/${metadata.name}`;
}

function refOf({ apiVersion, kind, metadata: { name, namespace } }: KubeObject): ObjectRef {
  return { apiVersion, kind, name, ...(namespace !== undefined && { namespace }) };
}

/** What the API server says when the cluster's range of node ports is used up. */
const NO_NODE_PORTS = /failed to allocate a nodePort/;

/** What the same request gets again. A webhook that denies without a code of its own is answered as BadRequest. */
const FINAL_REASONS: ReadonlySet<KubeErrorReason> = new Set(["BadRequest", "Forbidden", "Invalid"]);

/** The message of a final refusal. @throws whatever else it was */
function refusalOf(error: unknown): string {
  if (!(error instanceof KubeError) || isNamespaceEnding(error)) throw error;
  if (FINAL_REASONS.has(error.reason)) return error.message;
  // An answer 500, though no fault of the server: it lasts until somebody frees some.
  if (NO_NODE_PORTS.test(error.message)) return error.message;
  throw error;
}

/** Gone, or replaced by another object of the same name: what was to be done is done. */
async function ignoreGone<T>(call: Promise<T>): Promise<T | undefined> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof KubeError && (error.reason === "NotFound" || error.reason === "Conflict"))
      return undefined;
    throw error;
  }
}
