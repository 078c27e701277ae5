import type { FtpServerSpec } from "../../api/ftpserver.generated.ts";

/** UID and GID of the image. */
const IMAGE_ID = 65532;
/** Lowest port that a process can bind without privileges on Linux. */
const FIRST_UNPRIVILEGED_PORT = 1024;
/** Mode for files that the owner and the group fsGroup can read. */
const GROUP_READABLE = 0o440;
/** Mode for files that every process in the pod can read. The engine is the only process. */
const READABLE = 0o444;

/** Returns the security context of the pods. It conforms to the Pod Security Standard `restricted`. */
export function buildPodSecurityContext({ pod, active }: FtpServerSpec): object {
  const { ids, runAsUser, runAsGroup, fsGroup, fsGroupChangePolicy, ...more } = pod.securityContext;
  const { supplementalGroups, seLinuxOptions } = more;
  const fixed = {
    runAsUser: runAsUser ?? IMAGE_ID,
    runAsGroup: runAsGroup ?? IMAGE_ID,
    fsGroup: fsGroup ?? IMAGE_ID,
  };
  return {
    runAsNonRoot: true,
    ...(ids === "Fixed" ? fixed : {}),
    fsGroupChangePolicy,
    ...(supplementalGroups.length === 0 ? {} : { supplementalGroups }),
    ...(seLinuxOptions === undefined ? {} : { seLinuxOptions }),
    seccompProfile: { type: "RuntimeDefault" },
    ...sourcePortSysctl(active),
  };
}

/**
 * Returns the mode of files in Secret volumes. Their group is fsGroup, or root if fsGroup is not set. A platform can assign a UID
 * without an fsGroup.
 */
export function secretFileMode({ pod }: FtpServerSpec): number {
  return pod.securityContext.ids === "Fixed" ? GROUP_READABLE : READABLE;
}

/**
 * Returns a sysctl for connections from a port below 1024, because the engine has no capabilities. The sysctl is safe in the sense of
 * Kubernetes, and the Pod Security Standard `restricted` permits it.
 */
function sourcePortSysctl({ sourcePort }: FtpServerSpec["active"]): object {
  return sourcePort === undefined || sourcePort >= FIRST_UNPRIVILEGED_PORT
    ? {}
    : { sysctls: [{ name: "net.ipv4.ip_unprivileged_port_start", value: `${sourcePort}` }] };
}
