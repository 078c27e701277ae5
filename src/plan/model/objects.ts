import type { KubeObject, ObjectMeta } from "../../api/kubernetes.ts";

/** Kubernetes object types with only the fields that the operator uses. */

/**
 * Annotation that contains the hash of the desired object. Every child has this annotation. With the hash, a removed
 * field counts as a difference.
 */
export const HASH_ANNOTATION = "ftp-operator.io/hash";
/**
 * Annotation that contains the hash of all fields whose change requires a new pod. Pods and pod templates have this
 * annotation.
 */
export const TEMPLATE_HASH_ANNOTATION = "ftp-operator.io/template-hash";
/** Annotation that contains a hash of the bucket settings. Pods and pod templates have this annotation. */
export const STORAGE_HASH_ANNOTATION = "ftp-operator.io/storage-hash";
/**
 * Pod annotation that contains the keys that `spec.childMetadata` added. The operator removes a key from the pod after
 * the key is removed from the spec.
 */
export const CHILD_METADATA_ANNOTATION = "ftp-operator.io/child-metadata";
/**
 * Pod annotation that contains the generation of the engine configuration. If the pod mounts certificates or bucket
 * credentials, the value is a hash that also depends on the versions of these objects. When the annotation changes,
 * the kubelet syncs the mounted Secrets and ConfigMaps immediately.
 */
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
    /** One cluster IP for each entry of `ipFamilies`, in the same order. */
    clusterIPs?: string[];
    ipFamilyPolicy?: "SingleStack" | "PreferDualStack" | "RequireDualStack";
    /** The API server sets this field if it is absent. The first family never changes. */
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

/** Environment variable with a literal value. */
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
  /** Registry and digest of the running image. The value is empty until the image has been pulled. */
  imageID?: string;
  /** True while the container is running, after its startup probe has succeeded. */
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
    /** One node address for each address family. */
    hostIPs?: { ip: string }[];
    podIPs?: { ip: string }[];
    conditions?: { type: string; status: string; reason?: string; message?: string }[];
    containerStatuses?: ContainerStatus[];
  };
}

export interface Secret extends KubeObject {
  kind: "Secret";
  type: string;
  /** Values encoded in base64. */
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

/** Object that a plan can create or change. */
export type ChildObject =
  | NetworkPolicy
  | PersistentVolumeClaim
  | PodDisruptionBudget
  | Secret
  | Service
  | ServiceAccount
  | StatefulSet;

/** Returns whether an object is being deleted but still exists, for example during its grace period. */
export function isTerminating(object: { metadata: ObjectMeta }): boolean {
  return object.metadata.deletionTimestamp !== undefined;
}

/** Returns the ports of a Service. A Service that a user changed to type `ExternalName` has no ports. */
export function servicePorts(service: Service | undefined): ServicePort[] {
  return service?.spec.ports ?? [];
}

/** Returns whether a pod has the condition Ready. */
export function isReady(pod: Pod): boolean {
  return pod.status?.conditions?.some((c) => c.type === "Ready" && c.status === "True") ?? false;
}
