/** Every name that the project gives to something in a cluster. */

const GROUP = "ftp-operator.io";
const VERSION = "v1alpha1";
export const API_VERSION = `${GROUP}/${VERSION}`;
export const KIND = "FtpServer";
export const PLURAL = "ftpservers";
export const USER_KIND = "FtpUser";

/** Owner of the fields that the operator writes by server-side apply. */
export const FIELD_MANAGER = "ftp-operator";

/** On StatefulSets and pods: which slice of the passive range they own. */
export const SLOT_LABEL = `${GROUP}/slot`;

/** Names of the ports of Services and pods, at most 15 characters as Kubernetes demands. */
export const CONTROL_PORT_NAME = "ftp";
export const METRICS_PORT_NAME = "metrics";

/**
 * Ports inside every pod, which the passive range must not hold. Above 1023, as the engine has no capability; clients see the
 * Service's port.
 */
export const CONTAINER_CONTROL_PORT = 2121;
export const CONTAINER_METRICS_PORT = 8080;

/** Name of the engine container in every pod. */
export const ENGINE_CONTAINER = "engine";

/** `pasv-50000`: a passive port has this name in the Service and in the one pod that owns it. */
export function passivePortName(port: number): string {
  return `pasv-${port}`;
}

/** More slots than this are never needed: 25 replicas and one more while a rollout goes on. */
export const MAX_SLOTS = 26;

/** Names of slots: `a` to `z`. */
export const SLOT_NAMES: readonly string[] = Array.from({ length: MAX_SLOTS }, (_, index) =>
  String.fromCharCode("a".charCodeAt(0) + index),
);

/**
 * The longest name of an FtpServer. The label `controller-revision-hash` of a slot's pods is
 * `<server>-<slot>-<hash of 10>` and may have 63 characters; two stay in reserve.
 */
export const MAX_NAME_LENGTH = 48;

/**
 * Returns the directory on a volume for the homes of FtpUsers of another namespace than the FtpServer's. The CRD rejects a path
 * that begins with "/@" elsewhere, and no name of a user begins with "@", so no other account has a home in it.
 */
export function namespaceHome(namespace: string): string {
  return `/@${namespace}`;
}

/** Names of the child objects of the FtpServer `server`, all in its namespace. */
export const childNames = {
  service: (server: string): string => server,
  networkPolicy: (server: string): string => server,
  podDisruptionBudget: (server: string): string => server,
  serviceAccount: (server: string): string => server,
  /** The Secret with the engine's whole configuration. */
  configSecret: (server: string): string => `${server}-config`,
  /** The claim made from `spec.storage.persistentVolumeClaim.template`. */
  persistentVolumeClaim: (server: string): string => `${server}-data`,
  statefulSet: (server: string, slot: string): string => `${server}-${slot}`,
  /** The only pod of a slot. */
  pod: (server: string, slot: string): string => `${server}-${slot}-0`,
} as const;

/** Which FtpServer a child object belongs to. */
export const INSTANCE_LABEL = "app.kubernetes.io/instance";
export const MANAGED_BY_LABEL = "app.kubernetes.io/managed-by";

/** What selects all pods of one FtpServer, and nothing else. */
export function selectorLabels(server: string): Record<string, string> {
  return { "app.kubernetes.io/name": "ftp-server", [INSTANCE_LABEL]: server };
}

/** Labels of every child object. */
export function serverLabels(server: string): Record<string, string> {
  return {
    ...selectorLabels(server),
    "app.kubernetes.io/component": "engine",
    [MANAGED_BY_LABEL]: FIELD_MANAGER,
    "app.kubernetes.io/part-of": "ftp-operator",
  };
}

/** What selects the one pod of a slot. */
export function slotSelectorLabels(server: string, slot: string): Record<string, string> {
  return { ...selectorLabels(server), [SLOT_LABEL]: slot };
}

/** A label selector as one string, for list requests and for `status.selector`. */
export function formatSelector(labels: Readonly<Record<string, string>>): string {
  return Object.entries(labels)
    .map(([key, value]) => `${key}=${value}`)
    .toSorted()
    .join(",");
}
