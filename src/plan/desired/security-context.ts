import type { FtpServerSpec } from "../../api/ftpserver.generated.ts";

/** User and group of the image. */
const IMAGE_ID = 65532;
/** Linux lets every process bind to it and to higher ports. */
const FIRST_UNPRIVILEGED_PORT = 1024;
/** Readable by owner and group. The group is fsGroup. */
const GROUP_READABLE = 0o440;
/** Readable by everyone in the pod, whose only process is the engine. */
const READABLE = 0o444;

/** Returns the security context of the engine pods, which meets the Pod Security Standard `restricted`. */
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
 * Returns the mode of files in Secret volumes. kubelet gives them to fsGroup, and to root where none is set: a platform that assigns
 * a UID need not assign an fsGroup.
 */
export function secretFileMode({ pod }: FtpServerSpec): number {
  return pod.securityContext.ids === "Fixed" ? GROUP_READABLE : READABLE;
}

/**
 * Allows the engine, which has no capabilities, to connect from a low port. The sysctl is one that Kubernetes calls safe and that
 * the Pod Security Standard `restricted` allows.
 */
function sourcePortSysctl({ sourcePort }: FtpServerSpec["active"]): object {
  return sourcePort === undefined || sourcePort >= FIRST_UNPRIVILEGED_PORT
    ? {}
    : { sysctls: [{ name: "net.ipv4.ip_unprivileged_port_start", value: `${sourcePort}` }] };
}
