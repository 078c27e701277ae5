import type { FtpServerSpec } from "../../api/ftpserver.generated.ts";

/** User ID and group ID in the engine image. */
const IMAGE_ID = 65532;
/** Lowest port that an unprivileged process can bind on Linux. */
const FIRST_UNPRIVILEGED_PORT = 1024;
/** File mode that permits reads by the owner and by the group in `fsGroup`. */
const GROUP_READABLE = 0o440;
/** File mode that permits reads by every process in the pod. The engine is the only process in the pod. */
const READABLE = 0o444;

/** Returns the pod security context, which conforms to the Pod Security Standard `restricted`. */
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
 * Returns the mode of files from Secrets and ConfigMaps. The group of the files is `fsGroup`, or root when `fsGroup` is
 * not set. A platform can assign a user ID without setting `fsGroup`. In that case, every user must be able to read the
 * files.
 */
export function secretFileMode({ pod }: FtpServerSpec): number {
  return pod.securityContext.ids === "Fixed" ? GROUP_READABLE : READABLE;
}

/**
 * Returns a sysctl that permits binding a port below 1024, because the engine has no capabilities. The Pod Security
 * Standard `restricted` permits this sysctl, which Kubernetes classifies as safe.
 */
function sourcePortSysctl({ sourcePort }: FtpServerSpec["active"]): object {
  return sourcePort === undefined || sourcePort >= FIRST_UNPRIVILEGED_PORT
    ? {}
    : { sysctls: [{ name: "net.ipv4.ip_unprivileged_port_start", value: `${sourcePort}` }] };
}
