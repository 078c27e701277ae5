/** Names that the project uses in a cluster. */

const GROUP = "ftp-operator.io";
const VERSION = "v1alpha1";
export const API_VERSION = `${GROUP}/${VERSION}`;
export const KIND = "FtpServer";
export const PLURAL = "ftpservers";
export const USER_KIND = "FtpUser";

/** Field manager of the operator for server-side apply. */
export const FIELD_MANAGER = "ftp-operator";

/** Label of StatefulSets and pods that contains the slot name. */
export const SLOT_LABEL = `${GROUP}/slot`;

/** Port names in Services and pods. Kubernetes allows at most 15 characters in a port name. */
export const CONTROL_PORT_NAME = "ftp";
export const METRICS_PORT_NAME = "metrics";

/**
 * Ports in each pod. The passive port range must not contain these ports. The engine has no capability to bind ports
 * below 1024. Clients use the control port of the Service.
 */
export const CONTAINER_CONTROL_PORT = 2121;
export const CONTAINER_METRICS_PORT = 8080;

/** Name of the engine container in each pod. */
export const ENGINE_CONTAINER = "engine";

/** Returns the name of a passive port in the Service and in the pod that owns it, for example `pasv-50000`. */
export function passivePortName(port: number): string {
  return `pasv-${port}`;
}

/** Maximum number of slots: 25 replicas and one additional slot during a rollout. */
export const MAX_SLOTS = 26;

/** Names of slots: `a` to `z`. */
export const SLOT_NAMES: readonly string[] = Array.from({ length: MAX_SLOTS }, (_, index) =>
  String.fromCharCode("a".charCodeAt(0) + index),
);

/**
 * Maximum length of an FtpServer name. The pod label `controller-revision-hash` is `<name>-<slot>-<hash>` with a hash
 * of 10 characters. A label value has at most 63 characters. For a name of the maximum length, two characters remain
 * unused.
 */
export const MAX_NAME_LENGTH = 48;

/**
 * Returns the home directory root for FtpUsers from a namespace other than the namespace of the FtpServer. Only these
 * FtpUsers can have home directories below this directory. The CRD rejects other paths that begin with `/@`, and user
 * names cannot begin with `@`.
 */
export function namespaceHome(namespace: string): string {
  return `/@${namespace}`;
}

/** Names of the child objects of an FtpServer, in the same namespace. */
export const childNames = {
  service: (server: string): string => server,
  networkPolicy: (server: string): string => server,
  podDisruptionBudget: (server: string): string => server,
  serviceAccount: (server: string): string => server,
  /** Secret that contains the engine configuration. */
  configSecret: (server: string): string => `${server}-config`,
  /** PersistentVolumeClaim for `spec.storage.persistentVolumeClaim.create`. */
  persistentVolumeClaim: (server: string): string => `${server}-data`,
  statefulSet: (server: string, slot: string): string => `${server}-${slot}`,
  /** The only pod of a slot. */
  pod: (server: string, slot: string): string => `${server}-${slot}-0`,
} as const;

/** Label of child objects that contains the FtpServer name. */
export const INSTANCE_LABEL = "app.kubernetes.io/instance";
export const MANAGED_BY_LABEL = "app.kubernetes.io/managed-by";

/** Returns labels that select all pods of an FtpServer and no others. */
export function selectorLabels(server: string): Record<string, string> {
  return { "app.kubernetes.io/name": "ftp-server", [INSTANCE_LABEL]: server };
}

/** Returns the labels of all child objects. */
export function serverLabels(server: string): Record<string, string> {
  return {
    ...selectorLabels(server),
    "app.kubernetes.io/component": "engine",
    [MANAGED_BY_LABEL]: FIELD_MANAGER,
    "app.kubernetes.io/part-of": "ftp-operator",
  };
}

/** Returns labels that select the only pod of a slot. */
export function slotSelectorLabels(server: string, slot: string): Record<string, string> {
  return { ...selectorLabels(server), [SLOT_LABEL]: slot };
}

/** Returns a label selector as a string for list requests and `status.selector`. */
export function formatSelector(labels: Readonly<Record<string, string>>): string {
  return Object.entries(labels)
    .map(([key, value]) => `${key}=${value}`)
    .toSorted()
    .join(",");
}
