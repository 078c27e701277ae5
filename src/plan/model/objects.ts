import type { KubeObject, ObjectMeta } from "../../api/kubernetes.ts";

/** The kinds that the operator owns or reads, as far as it uses them. */

export interface ServicePort {
  name: string;
  port: number;
  protocol: "TCP";
  targetPort: string;
  nodePort?: number;
}

export interface Service extends KubeObject {
  kind: "Service";
  spec: {
    type: "ClusterIP" | "NodePort" | "LoadBalancer";
    selector: Record<string, string>;
    /** See {@link servicePorts}. */
    ports?: ServicePort[];
    clusterIP?: string;
    /** One for each of `ipFamilies`, the primary one first. */
    clusterIPs?: string[];
    ipFamilyPolicy?: "SingleStack" | "PreferDualStack" | "RequireDualStack";
    /** The API server fills them in; it never changes the first one. */
    ipFamilies?: ("IPv4" | "IPv6")[];
    externalTrafficPolicy?: "Local" | "Cluster";
    allocateLoadBalancerNodePorts?: boolean;
    loadBalancerClass?: string;
    loadBalancerSourceRanges?: string[];
  };
  status?: { loadBalancer?: { ingress?: { ip?: string; hostname?: string }[] } };
}

export interface ContainerPort {
  name: string;
  containerPort: number;
  hostPort?: number;
  protocol: "TCP";
}

interface Container {
  name: string;
  ports?: ContainerPort[];
  env?: EnvironmentVariable[];
  [field: string]: unknown;
}

/** A variable with a literal value. */
export interface EnvironmentVariable {
  name: string;
  value: string;
}

export interface PodSpec {
  containers: Container[];
  [field: string]: unknown;
}

export interface PodTemplate {
  metadata: { labels: Record<string, string>; annotations: Record<string, string> };
  spec: PodSpec;
}

export interface StatefulSet extends KubeObject {
  kind: "StatefulSet";
  spec: {
    replicas: number;
    template: PodTemplate;
    selector: { matchLabels: Record<string, string> };
    [field: string]: unknown;
  };
  status?: { observedGeneration?: number; replicas?: number };
}

export interface ContainerStatus {
  name: string;
  /** Digest of the image that runs, with its registry; empty until it is pulled. */
  imageID?: string;
  /** Runs, and its startup probe has passed. */
  started?: boolean;
  state?: {
    waiting?: { reason?: string; message?: string };
    terminated?: { exitCode: number; reason?: string };
  };
  lastState?: { terminated?: { exitCode: number; reason?: string } };
}

export interface Pod extends KubeObject {
  kind: "Pod";
  spec: PodSpec & { nodeName?: string };
  status?: {
    phase?: string;
    hostIP?: string;
    podIP?: string;
    /** One for each address family of the node. */
    hostIPs?: { ip: string }[];
    podIPs?: { ip: string }[];
    conditions?: { type: string; status: string; reason?: string; message?: string }[];
    containerStatuses?: ContainerStatus[];
  };
}

export interface Secret extends KubeObject {
  kind: "Secret";
  type: string;
  /** Values in base64. */
  data: Record<string, string>;
}

export interface ConfigMap extends KubeObject {
  kind: "ConfigMap";
  data?: Record<string, string>;
}

export interface PersistentVolumeClaim extends KubeObject {
  kind: "PersistentVolumeClaim";
  spec: {
    accessModes?: string[];
    storageClassName?: string;
    volumeAttributesClassName?: string;
    dataSourceRef?: object;
    resources?: { requests?: { storage?: string | number } };
  };
  status?: { phase?: string; conditions?: { type: string; status: string; message?: string }[] };
}

export interface NetworkPolicyPeer {
  ipBlock?: { cidr: string };
  namespaceSelector?: object;
  podSelector?: object;
}

export interface NetworkPolicyRule {
  ports: { protocol: "TCP" | "UDP"; port: number; endPort?: number }[];
  from?: NetworkPolicyPeer[];
  to?: NetworkPolicyPeer[];
}

export interface NetworkPolicy extends KubeObject {
  kind: "NetworkPolicy";
  spec: {
    podSelector: { matchLabels: Record<string, string> };
    policyTypes: ("Ingress" | "Egress")[];
    ingress: NetworkPolicyRule[];
    egress: NetworkPolicyRule[];
  };
}

export interface PodDisruptionBudget extends KubeObject {
  kind: "PodDisruptionBudget";
  spec: {
    maxUnavailable: number;
    unhealthyPodEvictionPolicy: "AlwaysAllow";
    selector: { matchLabels: Record<string, string> };
  };
}

export interface ServiceAccount extends KubeObject {
  kind: "ServiceAccount";
  automountServiceAccountToken: boolean;
}

/** An object that a plan may make. */
export type ChildObject =
  | NetworkPolicy
  | PersistentVolumeClaim
  | PodDisruptionBudget
  | Secret
  | Service
  | ServiceAccount
  | StatefulSet;

/** Whether the object waits for finalizers or its grace period. */
export function isTerminating(object: { metadata: ObjectMeta }): boolean {
  return object.metadata.deletionTimestamp !== undefined;
}

/** None in a Service that somebody has edited to another type. */
export function servicePorts(service: Service | undefined): ServicePort[] {
  return service?.spec.ports ?? [];
}

export function isReady(pod: Pod): boolean {
  return pod.status?.conditions?.some((c) => c.type === "Ready" && c.status === "True") ?? false;
}
