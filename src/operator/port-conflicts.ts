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
 * Removes Service ports that have the name of a desired port but another number. Server-side apply merges the list by
 * port number, and the API server rejects two ports with the same name. The function first replaces the complete list
 * with a merge patch, and then removes the field ownership that the patch created. The next apply then owns the ports,
 * so later applies can remove them.
 * @returns whether a port conflicted
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
