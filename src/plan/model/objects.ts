import type { KubeObject, ObjectMeta } from "../../api/kubernetes.ts";

/** The kinds that the operator writes or reads, with the fields that it uses. */

/** On every child: a hash of the desired object, so that a removed field counts as a difference. */
export const HASH_ANNOTATION = "ftp-operator.io/hash";
/** On pods and pod templates: a hash of everything that requires a replacement of the pod. */
export const TEMPLATE_HASH_ANNOTATION = "ftp-operator.io/template-hash";
/** On pods: the keys that `spec.childMetadata` added, so that they are removed with their entries in the spec. */
export const CHILD_METADATA_ANNOTATION = "ftp-operator.io/child-metadata";
/** On pods: the generation of the engine configuration. A change makes kubelet sync the mounted Secret at once. */
export const CONFIG_GENERATION_ANNOTATION = "ftp-operator.io/config-generation";

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
    /** One address for each of `ipFamilies`, in the same order. */
    clusterIPs?: string[];
    ipFamilyPolicy?: "SingleStack" | "PreferDualStack" | "RequireDualStack";
    /** Set by the API server if absent. The first family never changes. */
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
  /** Registry and digest of the running image. Empty until the image is pulled. */
  imageID?: string;
  /** True while the container runs and its startup probe has passed. */
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
    /** One address for each address family of the node. */
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

/** An object that a plan can create or change. */
export type ChildObject =
  | NetworkPolicy
  | PersistentVolumeClaim
  | PodDisruptionBudget
  | Secret
  | Service
  | ServiceAccount
  | StatefulSet;

/** Returns whether an object is being deleted and waits for its finalizers or its grace period. */
export function isTerminating(object: { metadata: ObjectMeta }): boolean {
  return object.metadata.deletionTimestamp !== undefined;
}

/** Returns the ports of a Service. A Service that was edited to type ExternalName has none. */
export function servicePorts(service: Service | undefined): ServicePort[] {
  return service?.spec.ports ?? [];
}

/** Returns whether a pod has the condition Ready. */
export function isReady(pod: Pod): boolean {
  return pod.status?.conditions?.some((c) => c.type === "Ready" && c.status === "True") ?? false;
}
