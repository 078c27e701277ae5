import type { Schema } from "../../../src/api/schema.ts";
import type { Part } from "./part.ts";

/** A rule that is checked for each part of the CRDs. */
export interface Convention {
  /** ID in kebab case, to which exceptions refer. */
  id: string;
  /**
   * Names of the linters in kube-api-linter that check the same rule. Empty for project conventions and for Kubernetes
   * API conventions that kube-api-linter does not check.
   */
  linters: readonly string[];
  /** Returns a description of the violation in a part, or undefined if the part follows the convention. */
  check(part: Part, root: Schema): string | undefined;
  /**
   * Schema for the field `spec.example` that violates the convention. Tests verify that the convention rejects this
   * schema.
   */
  broken: Schema;
}

/**
 * Linters in kube-api-linter for which this project has no convention, each with the reason. These linters check Go
 * types and markers. The schemas in this project are YAML files.
 */
export const WITHOUT_CONVENTION: Readonly<Record<string, string>> = {
  dependenttags: "pairs of Go markers. The convention list-merge requires the map keys of map lists",
  nonpointerstructs: "pointers of Go structs, and only of types that Go code validates",
  optionalfields: "pointers and omitempty of Go fields",
  preferredmarkers: "spelling of Go markers",
  requiredfields: "pointers and omitempty of Go fields",
};
