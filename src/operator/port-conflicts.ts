import type { KubeObject, ObjectRef } from "../api/kubernetes.ts";
import { FIELD_MANAGER } from "../api/names.ts";
import type { KubeClient } from "../kube/client.ts";
import { servicePorts } from "../plan/model/objects.ts";
import type { Service, ServicePort } from "../plan/model/objects.ts";

interface ManagedField {
  manager?: string;
  operation?: string;
  subresource?: string;
}

type ManagedService = Service & { metadata: KubeObject["metadata"] & { managedFields?: ManagedField[] } };

/**
 * Removes ports from a Service that have the name of a desired port and another number. Server-side apply merges the list by number,
 * and the API server rejects two ports with the same name.
 *
 * Replaces the complete list with a merge patch. Then removes the ownership that the patch created, so that the following apply owns
 * the ports and a later one can remove them.
 * @returns whether there was a conflicting port
 */
export async function removeConflictingPorts(
  client: KubeClient,
  ref: ObjectRef,
  desired: Service,
  signal: AbortSignal,
): Promise<boolean> {
  const actual = await client.get<ManagedService>(ref, { signal });
  const ports = servicePorts(desired);
  const isConflicting = ({ name, port }: ServicePort): boolean =>
    ports.some((other) => other.name === name && other.port !== port);
  if (!servicePorts(actual).some(isConflicting)) return false;
  const replaced = await client.mergePatch<ManagedService>(ref, { spec: { ports } }, { signal });
  const { managedFields = [], resourceVersion } = replaced.metadata;
  const others = managedFields.filter(
    ({ manager, operation, subresource }) =>
      manager !== FIELD_MANAGER || operation !== "Update" || subresource !== undefined,
  );
  await client.mergePatch(ref, { metadata: { managedFields: others, resourceVersion } }, { signal });
  return true;
}
