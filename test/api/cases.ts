/** FtpServers that the API server must reject, each with a similar FtpServer that the API server must accept. */
import { NETWORKS } from "./rejections/networks.ts";
import { ALICE, pod, user } from "./rejections/parts.ts";
import type { Json, RejectionCase } from "./rejections/parts.ts";
import { PORTS } from "./rejections/ports.ts";
import { POD_SETTINGS } from "./rejections/pod-settings.ts";
import { NOTIFICATIONS } from "./rejections/notifications.ts";
import { OBJECT_STORAGE } from "./rejections/object-storage.ts";
import { OTHERS, REPLICAS } from "./rejections/storage-and-pods.ts";
import { SECURITY } from "./rejections/security.ts";
import { UNIONS } from "./rejections/unions.ts";
import { USERS } from "./rejections/users.ts";

/** Returns an FtpServer that contains one user and the given spec fields. */
export function ftpServer(spec: Json = {}, name = "demo"): Json {
  return {
    apiVersion: "ftp-operator.io/v1alpha1",
    kind: "FtpServer",
    metadata: { name },
    spec: { users: [ALICE], ...spec },
  };
}

/** FtpServers with unknown fields, which the API server must reject instead of silently dropping the fields. */
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

/** Test cases for the API server and for validate.ts. */
export const REJECTIONS: readonly RejectionCase[] = [
  ...PORTS,
  ...UNIONS,
  ...REPLICAS,
  ...OBJECT_STORAGE,
  ...NOTIFICATIONS,
  ...USERS,
  ...NETWORKS,
  ...OTHERS,
  ...POD_SETTINGS,
  ...SECURITY,
];

export const BAD_NAMES = ["1demo", "de.mo", `d${"x".repeat(48)}`];
export const LONGEST_NAME = `d${"x".repeat(47)}`;

const nodeTerm = { matchExpressions: [{ key: "disk", operator: "In", values: ["ssd"] }] };
const podTerm = { topologyKey: "kubernetes.io/hostname", labelSelector: { matchLabels: { a: "b" } } };
const podAffinity = {
  requiredDuringSchedulingIgnoredDuringExecution: [podTerm],
  preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 1, podAffinityTerm: podTerm }],
};

/** A value of `spec.pod` that contains the fields of a Kubernetes pod. */
export const FULL_POD = {
  metadata: { labels: { team: "a" }, annotations: { "example.com/x": "y" } },
  image: "ftp-operator:1",
  imagePullSecrets: [{ name: "registry" }],
  priorityClassName: "high",
  nodeSelector: { "kubernetes.io/os": "linux" },
  resources: { requests: { cpu: "100m" }, limits: { memory: "256Mi" } },
  tolerations: [{ key: "ftp", operator: "Exists", effect: "NoExecute", tolerationSeconds: 30 }],
  affinity: {
    nodeAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [nodeTerm] },
      preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 100, preference: nodeTerm }],
    },
    podAffinity,
    podAntiAffinity: podAffinity,
  },
  topologySpreadConstraints: [
    {
      maxSkew: 1,
      minDomains: 2,
      topologyKey: "topology.kubernetes.io/zone",
      whenUnsatisfiable: "DoNotSchedule",
      labelSelector: { matchLabels: { a: "b" } },
      matchLabelKeys: ["pod-template-hash"],
      nodeAffinityPolicy: "Honor",
      nodeTaintsPolicy: "Ignore",
    },
  ],
};

/** Returns a pod with those fields of `spec.pod` that a Kubernetes pod also has. */
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
