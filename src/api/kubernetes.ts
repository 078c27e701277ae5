/**
 * The Kubernetes objects that this project reads and writes, as the plain JSON the API server speaks.
 *
 * Only the fields in use are named. The generated models of the client library are not used for writing: they
 * rename `from` to `_from` in NetworkPolicies and carry dates as objects.
 */

export interface OwnerReference {
  apiVersion: string;
  kind: string;
  name: string;
  uid: string;
  controller?: boolean;
  blockOwnerDeletion?: boolean;
}

export interface ObjectMeta {
  name: string;
  namespace?: string;
  uid?: string;
  resourceVersion?: string;
  generation?: number;
  /** RFC 3339. */
  creationTimestamp?: string;
  /** RFC 3339; present while the object waits for its finalizers or its grace period. */
  deletionTimestamp?: string;
  deletionGracePeriodSeconds?: number;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  ownerReferences?: OwnerReference[];
  finalizers?: string[];
}

/** Any object of the Kubernetes API. */
export interface KubeObject {
  apiVersion: string;
  kind: string;
  metadata: ObjectMeta;
}

/** What names an object in a cluster. */
export interface ObjectRef {
  apiVersion: string;
  kind: string;
  name: string;
  /** Absent for cluster-scoped kinds. */
  namespace?: string;
}

/** `metav1.Condition`. */
export interface Condition {
  type: string;
  status: "True" | "False" | "Unknown";
  /** CamelCase, for programs. */
  reason: string;
  /** One or two sentences, for people: what is wrong and what to do. */
  message: string;
  observedGeneration: number;
  /** RFC 3339, changed only when `status` changes. */
  lastTransitionTime: string;
}

/** `metav1.LabelSelector`. */
export interface LabelSelector {
  matchLabels?: Readonly<Record<string, string>>;
  matchExpressions?: readonly LabelExpression[];
}

/** `metav1.LabelSelectorRequirement`. */
export interface LabelExpression {
  key: string;
  operator: "In" | "NotIn" | "Exists" | "DoesNotExist";
  values?: readonly string[];
}

/** The namespace/name of an object, the only thing a work queue carries. */
export type ObjectKey = `${string}/${string}`;
