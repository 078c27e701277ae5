/** The subset of the structural CRD schema language that the files in `src/api/schema/` use. */
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
  /** Schemas use this field only with `x-kubernetes-int-or-string`, which requires `anyOf`. */
  anyOf?: readonly Schema[];
  "x-kubernetes-int-or-string"?: boolean;
  "x-kubernetes-list-type"?: "atomic" | "set" | "map";
  "x-kubernetes-list-map-keys"?: readonly string[];
  "x-kubernetes-map-type"?: "atomic";
  "x-kubernetes-preserve-unknown-fields"?: boolean;
  /** `x-kubernetes-validations` of the published CRD. */
  rules?: readonly Rule[];
  /**
   * Complete path of the field that replaced this field, for example `spec.tls.certificateRef.name`. The API server
   * rejects the old field.
   */
  renamed?: string;
}

/** A CEL validation rule. */
export interface Rule {
  /** Identifier of the rule in code, docs and tests, in kebab case. Rules with the same id are copies of one rule. */
  id: string;
  rule: string;
  /** Description of the violation and its correction. */
  message: string;
  /** Path of the rejected field below the schema of the rule, for example `.loadBalancer`. */
  fieldPath?: string;
  /** Machine-readable reason for the API error. FieldValueInvalid by default. */
  reason?: "FieldValueForbidden" | "FieldValueRequired";
  /** True if the rule also applies to new objects, for which `oldSelf` is an empty optional. */
  optionalOldSelf?: boolean;
}
