import type { KubeObject, ObjectKey, ObjectRef } from "../api/kubernetes.ts";
import type { KubeClient } from "../kube/client.ts";
import { isNamespaceEnding, KubeError } from "../kube/errors.ts";
import { CONFIG_GENERATION_ANNOTATION } from "../plan/annotations.ts";
import type { Refusal } from "../plan/observed.ts";
import type { Plan } from "../plan/plan.ts";
import type { WrittenObjects } from "./written.ts";

/** What became of a plan. */
export interface Applied {
  /** Objects that the API server will refuse again until something changes. */
  refusals: Refusal[];
  /** An object of this name is there that no cache has shown: it is somebody else's, and was not touched. */
  surprised: boolean;
}

/**
 * Carries out a plan's changes of child objects, in its order. What the API server refuses for good (403, 422) is
 * collected, and the rest goes on; any other error ends the round. An object that is not among the known ones is looked
 * for first: apply would take over somebody else's of the same name.
 * @throws KubeError
 */
export async function applyPlan(
  { client, written }: { client: KubeClient; written: WrittenObjects },
  server: ObjectKey,
  { plan, known }: { plan: Plan; known: readonly KubeObject[] },
  signal: AbortSignal,
): Promise<Applied> {
  const names = new Set(known.map(nameOf));
  const applied: Applied = { refusals: [], surprised: false };
  const remember = (object: KubeObject): void => written.remember(server, [object], performance.now());
  for (const object of plan.apply) {
    const stranger = names.has(nameOf(object))
      ? undefined
      : await ignoreGone(client.get<KubeObject>(refOf(object), { signal }));
    if (stranger !== undefined) {
      remember(stranger);
      applied.surprised = true;
      continue;
    }
    try {
      remember(await client.apply(object, { signal }));
    } catch (error) {
      applied.refusals.push({ ref: refOf(object), message: refusalOf(error) });
    }
  }
  for (const { ref, uid } of plan.delete) {
    await ignoreGone(client.delete(ref, { uid, propagationPolicy: "Background", signal }));
  }
  for (const { ref, value } of plan.touchPods) {
    const patch = { metadata: { annotations: { [CONFIG_GENERATION_ANNOTATION]: value } } };
    const pod = await ignoreGone(client.mergePatch<KubeObject>(ref, patch, { signal }));
    if (pod !== undefined) remember(pod);
  }
  return applied;
}

function nameOf({ kind, metadata }: KubeObject): string {
  return `${kind}/${metadata.name}`;
}

function refOf({ apiVersion, kind, metadata: { name, namespace } }: KubeObject): ObjectRef {
  return { apiVersion, kind, name, ...(namespace !== undefined && { namespace }) };
}

/** The message of a final refusal. @throws whatever else it was */
function refusalOf(error: unknown): string {
  if (!(error instanceof KubeError) || isNamespaceEnding(error)) throw error;
  if (error.reason === "Invalid" || error.reason === "Forbidden") return error.message;
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
