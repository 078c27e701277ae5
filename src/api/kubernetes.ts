/**
 * Kubernetes objects in the JSON format of the API server, with the fields that this project uses. The project does not
 * use the models of the client library, because these models rename `from` to `_from` in NetworkPolicies and represent
 * dates as objects.
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
  /** RFC 3339. The field is present while Kubernetes waits for finalizers or the grace period of the object. */
  deletionTimestamp?: string;
  deletionGracePeriodSeconds?: number;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  ownerReferences?: OwnerReference[];
  finalizers?: string[];
}

/** Any object in the Kubernetes API. */
export interface KubeObject {
  apiVersion: string;
  kind: string;
  metadata: ObjectMeta;
}

/** Identity of an object in a cluster. */
export interface ObjectRef {
  apiVersion: string;
  kind: string;
  name: string;
  /** The field is absent for cluster-scoped kinds. */
  namespace?: string;
}

export function refOf({ apiVersion, kind, metadata: { name, namespace } }: KubeObject): ObjectRef {
  return { apiVersion, kind, name, ...(namespace !== undefined && { namespace }) };
}

/** `metav1.Condition`. */
export interface Condition {
  type: string;
  status: "True" | "False" | "Unknown";
  /** Machine-readable reason in UpperCamelCase. */
  reason: string;
  /** Human-readable explanation and the action to take. */
  message: string;
  observedGeneration: number;
  /** RFC 3339. Time of the last change to `status`. */
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

/** Namespace and name of an object, in the form `namespace/name`. Work queues contain these keys. */
export type ObjectKey = `${string}/${string}`;
