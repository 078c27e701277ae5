import type { Schema } from "../../../src/api/schema.ts";
import type { Part } from "./part.ts";

/** A rule for all parts of the CRDs. */
export interface Convention {
  /** Id in kebab case, used by exceptions. */
  id: string;
  /** Linters of kube-api-linter with the same purpose. Empty for other Kubernetes API conventions and for those of this project. */
  linters: readonly string[];
  /** Returns the violation of a part, or undefined. */
  check(part: Part, root: Schema): string | undefined;
  /** A schema that violates the convention when the field `spec.example` has it. Tests use it. */
  broken: Schema;
}

/**
 * Linters of kube-api-linter without a convention here, with the reason. They check Go types and markers, and the schemas of this
 * project are YAML.
 */
export const WITHOUT_CONVENTION: Readonly<Record<string, string>> = {
  dependenttags: "pairs of Go markers. The convention list-merge requires the map keys of map lists",
  nonpointerstructs: "pointers of Go structs, and only of types that Go code validates",
  optionalfields: "pointers and omitempty of Go fields",
  preferredmarkers: "spelling of Go markers",
  requiredfields: "pointers and omitempty of Go fields",
};
