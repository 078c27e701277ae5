import type { ObjectRef } from "../api/kubernetes.ts";

/** API group, version and kind of an object. */
export interface Kind {
  apiVersion: string;
  kind: string;
}

/** Plural name and scope of each kind that the operator uses. The table replaces API discovery. */
const RESOURCES: Readonly<Record<string, { plural: string; namespaced: boolean }>> = {
  "v1/ConfigMap": { plural: "configmaps", namespaced: true },
  "v1/Namespace": { plural: "namespaces", namespaced: false },
  "v1/Node": { plural: "nodes", namespaced: false },
  "v1/PersistentVolumeClaim": { plural: "persistentvolumeclaims", namespaced: true },
  "v1/Pod": { plural: "pods", namespaced: true },
  "v1/Secret": { plural: "secrets", namespaced: true },
  "v1/Service": { plural: "services", namespaced: true },
  "v1/ServiceAccount": { plural: "serviceaccounts", namespaced: true },
  "apps/v1/StatefulSet": { plural: "statefulsets", namespaced: true },
  "coordination.k8s.io/v1/Lease": { plural: "leases", namespaced: true },
  "events.k8s.io/v1/Event": { plural: "events", namespaced: true },
  "ftp-operator.io/v1alpha1/FtpServer": { plural: "ftpservers", namespaced: true },
  "ftp-operator.io/v1alpha1/FtpUser": { plural: "ftpusers", namespaced: true },
  "networking.k8s.io/v1/NetworkPolicy": { plural: "networkpolicies", namespaced: true },
  "policy/v1/PodDisruptionBudget": { plural: "poddisruptionbudgets", namespaced: true },
};

/**
 * Returns the URL path for objects of one kind, in one namespace or in all namespaces.
 * @throws TypeError when the kind is not in the table
 */
export function collectionPath({ apiVersion, kind }: Kind, namespace?: string): string {
  const resource = RESOURCES[`${apiVersion}/${kind}`];
  if (resource === undefined) throw new TypeError(`kind ${apiVersion} ${kind} is not in the resource table`);
  const root = apiVersion === "v1" ? "/api/v1" : `/apis/${apiVersion}`;
  const scope =
    resource.namespaced && namespace !== undefined ? `/namespaces/${encodeURIComponent(namespace)}` : "";
  return `${root}${scope}/${resource.plural}`;
}

/** Returns the URL path of one object. */
export function objectPath(ref: ObjectRef): string {
  return `${collectionPath(ref, ref.namespace)}/${encodeURIComponent(ref.name)}`;
}
