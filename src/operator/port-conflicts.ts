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

type Managed = Service & { metadata: KubeObject["metadata"] & { managedFields?: ManagedField[] } };

/**
 * Makes room for our ports in a Service where somebody has given another port the name of one: an apply merges lists by number, and
 * two ports of one name are refused. The list is replaced as a whole, and what that says about who owns it is forgotten, so that
 * the apply that follows owns its ports alone and can take them away again one day.
 * @returns whether there was such a port
 */
export async function removeConflictingPorts(
  client: KubeClient,
  ref: ObjectRef,
  desired: Service,
  signal: AbortSignal,
): Promise<boolean> {
  const seen = await client.get<Managed>(ref, { signal });
  const ports = servicePorts(desired);
  const isConflicting = ({ name, port }: ServicePort): boolean =>
    ports.some((other) => other.name === name && other.port !== port);
  if (!servicePorts(seen).some(isConflicting)) return false;
  const replaced = await client.mergePatch<Managed>(ref, { spec: { ports } }, { signal });
  const { managedFields = [], resourceVersion } = replaced.metadata;
  const others = managedFields.filter(
    ({ manager, operation, subresource }) =>
      manager !== FIELD_MANAGER || operation !== "Update" || subresource !== undefined,
  );
  await client.mergePatch(ref, { metadata: { managedFields: others, resourceVersion } }, { signal });
  return true;
}
