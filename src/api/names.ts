/** All names that the project uses in a cluster. */

const GROUP = "ftp-operator.io";
const VERSION = "v1alpha1";
export const API_VERSION = `${GROUP}/${VERSION}`;
export const KIND = "FtpServer";
export const PLURAL = "ftpservers";
export const USER_KIND = "FtpUser";

/** Owner of the fields that the operator writes by server-side apply. */
export const FIELD_MANAGER = "ftp-operator";

/** Label of StatefulSets and pods with the name of their slot. */
export const SLOT_LABEL = `${GROUP}/slot`;

/** Names of the ports of Services and pods. Kubernetes allows at most 15 characters. */
export const CONTROL_PORT_NAME = "ftp";
export const METRICS_PORT_NAME = "metrics";

/**
 * Ports inside each pod. The passive port range must not contain them. They are above 1023, because the engine has no capability to
 * bind lower ones. Clients use the port of the Service.
 */
export const CONTAINER_CONTROL_PORT = 2121;
export const CONTAINER_METRICS_PORT = 8080;

/** Name of the engine container in each pod. */
export const ENGINE_CONTAINER = "engine";

/** Returns the name of a passive port in the Service and in the pod that owns it, for example `pasv-50000`. */
export function passivePortName(port: number): string {
  return `pasv-${port}`;
}

/** Maximum number of slots: 25 replicas and one more during a rollout. */
export const MAX_SLOTS = 26;

/** Names of slots: `a` to `z`. */
export const SLOT_NAMES: readonly string[] = Array.from({ length: MAX_SLOTS }, (_, index) =>
  String.fromCharCode("a".charCodeAt(0) + index),
);

/**
 * Maximum length of the name of an FtpServer. The label `controller-revision-hash` of a slot's pods is `<name>-<slot>-<hash>` with a
 * hash of 10 characters, and can have 63 characters. Two of them are reserved.
 */
export const MAX_NAME_LENGTH = 48;

/**
 * Returns the directory on a volume for the homes of FtpUsers of another namespace than the FtpServer's. The CRD rejects a path
 * that begins with "/@" elsewhere, and no name of a user begins with "@", so no other account has a home in it.
 */
export function namespaceHome(namespace: string): string {
  return `/@${namespace}`;
}

/** Names of the child objects of an FtpServer. They are in its namespace. */
export const childNames = {
  service: (server: string): string => server,
  networkPolicy: (server: string): string => server,
  podDisruptionBudget: (server: string): string => server,
  serviceAccount: (server: string): string => server,
  /** Secret with the configuration of the engine. */
  configSecret: (server: string): string => `${server}-config`,
  /** Claim that is created for `spec.storage.persistentVolumeClaim.create`. */
  persistentVolumeClaim: (server: string): string => `${server}-data`,
  statefulSet: (server: string, slot: string): string => `${server}-${slot}`,
  /** The one pod of a slot. */
  pod: (server: string, slot: string): string => `${server}-${slot}-0`,
} as const;

/** Label of child objects with the name of their FtpServer. */
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

/** Returns labels that select the one pod of a slot. */
export function slotSelectorLabels(server: string, slot: string): Record<string, string> {
  return { ...selectorLabels(server), [SLOT_LABEL]: slot };
}

/** Returns a label selector as a string, for list requests and for `status.selector`. */
export function formatSelector(labels: Readonly<Record<string, string>>): string {
  return Object.entries(labels)
    .map(([key, value]) => `${key}=${value}`)
    .toSorted()
    .join(",");
}
