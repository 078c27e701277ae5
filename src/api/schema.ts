/** A structural schema of a CustomResourceDefinition, as far as ours uses the language. */
export interface Schema {
  type?: "object" | "array" | "string" | "integer";
  description?: string;
  format?: string;
  default?: unknown;
  enum?: readonly string[];
  pattern?: string;
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  minItems?: number;
  maxItems?: number;
  maxProperties?: number;
  required?: readonly string[];
  properties?: Readonly<Record<string, Schema>>;
  additionalProperties?: Schema;
  items?: Schema;
  /** Only beside x-kubernetes-int-or-string, as Kubernetes wants it. */
  anyOf?: readonly Schema[];
  "x-kubernetes-int-or-string"?: boolean;
  "x-kubernetes-list-type"?: "atomic" | "set" | "map";
  "x-kubernetes-list-map-keys"?: readonly string[];
  "x-kubernetes-map-type"?: "atomic";
  "x-kubernetes-validations"?: readonly Rule[];
}

/** A rule in CEL. */
export interface Rule {
  rule: string;
  /** What to write instead. Unique in the schema but for rules that are the same. */
  message: string;
  /** Below the object that the rule stands at, for instance `.loadBalancer`. */
  fieldPath?: string;
  /** The rule holds for new objects, too; `oldSelf` is an optional then. */
  optionalOldSelf?: boolean;
}
