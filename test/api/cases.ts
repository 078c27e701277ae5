/** FtpServers that have to be refused, and some that have to be taken. */
import { NETWORKS } from "./refusals/networks.ts";
import { ALICE, pod, user } from "./refusals/parts.ts";
import type { Json, RefusalCase } from "./refusals/parts.ts";
import { PORTS } from "./refusals/ports.ts";
import { POD_SETTINGS } from "./refusals/pod-settings.ts";
import { OTHERS, REPLICAS } from "./refusals/storage-and-pods.ts";
import { SECURITY } from "./refusals/security.ts";
import { UNIONS } from "./refusals/unions.ts";
import { USERS } from "./refusals/users.ts";

/** A whole FtpServer around the interesting part of its spec. */
export function ftpServer(spec: Json = {}, name = "demo"): Json {
  return {
    apiVersion: "ftp-operator.io/v1alpha1",
    kind: "FtpServer",
    metadata: { name },
    spec: { users: [ALICE], ...spec },
  };
}

/** Fields that are not there, and that nothing silently drops. */
export const UNKNOWN_FIELDS: { spec: Json; path: string }[] = [
  { spec: { tls: { secret: "demo-tls" } }, path: "tls.secret" },
  { spec: { passive: { portrange: {} } }, path: "passive.portrange" },
  { spec: user({ password: "x" }), path: "users[0].password" },
  {
    spec: pod({ affinity: { podAffinity: { required: [] } } }),
    path: "pod.affinity.podAffinity.required",
  },
  { spec: pod({ tolerations: [{ keys: "x" }] }), path: "pod.tolerations[0].keys" },
];

/** One table for the API server and for validate.ts. */
export const REFUSALS: readonly RefusalCase[] = [
  ...PORTS,
  ...UNIONS,
  ...REPLICAS,
  ...USERS,
  ...NETWORKS,
  ...OTHERS,
  ...POD_SETTINGS,
  ...SECURITY,
];

export const BAD_NAMES = ["1demo", "de.mo", `d${"x".repeat(48)}`];
export const LONGEST_NAME = `d${"x".repeat(47)}`;

/** A pod with the members that a pod template shares with it. */
export function asPod({
  metadata,
  image,
  resources,
  ...spec
}: Record<string, unknown> & { metadata: object }): unknown {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "x", ...metadata },
    spec: { ...spec, priorityClassName: undefined, containers: [{ name: "x", image, resources }] },
  };
}
