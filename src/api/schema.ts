/** The part of the structural schema language of CustomResourceDefinitions that src/api/schema/ uses. */
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
  /** Only together with x-kubernetes-int-or-string, which requires it. */
  anyOf?: readonly Schema[];
  "x-kubernetes-int-or-string"?: boolean;
  "x-kubernetes-list-type"?: "atomic" | "set" | "map";
  "x-kubernetes-list-map-keys"?: readonly string[];
  "x-kubernetes-map-type"?: "atomic";
  "x-kubernetes-preserve-unknown-fields"?: boolean;
  /** `x-kubernetes-validations` of the published CRD. */
  rules?: readonly Rule[];
  /** Complete path of the field that replaced this one, for example `spec.tls.certificateRef.name`. Such a field is rejected. */
  renamed?: string;
}

/** A CEL validation rule. */
export interface Rule {
  /** Identity of the rule in code, docs and tests, in kebab case. Rules with one id are the same rule in several places. */
  id: string;
  rule: string;
  /** States what is wrong and what to write instead. */
  message: string;
  /** Path of the rejected field below the schema of the rule, for example `.loadBalancer`. */
  fieldPath?: string;
  /** Machine-readable reason of the API error. FieldValueInvalid by default. */
  reason?: "FieldValueForbidden" | "FieldValueRequired";
  /** Whether the rule also applies to new objects, for which `oldSelf` is an empty optional. */
  optionalOldSelf?: boolean;
}
