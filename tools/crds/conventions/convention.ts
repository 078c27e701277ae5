import type { Schema } from "../../../src/api/schema.ts";
import type { Part } from "./part.ts";

/** A rule that every part of our CRDs follows. */
export interface Convention {
  /** Identity in kebab case, which exceptions refer to. */
  id: string;
  /** Linters of kube-api-linter with the same purpose. None: the convention is our own or that of the Kubernetes API conventions. */
  linters: readonly string[];
  /** Returns what is wrong with a part, if anything. */
  check(part: Part, root: Schema): string | undefined;
  /** A schema, as that of the field `spec.example`, that breaks this convention. Tests use it. */
  broken: Schema;
}

/**
 * Linters of kube-api-linter without a convention here, by the reason. The `linters` of the conventions name all others.
 * kube-api-linter reads Go types with markers. This project writes its schemas in YAML, so linters about Go have no object.
 */
export const WITHOUT_CONVENTION: Readonly<Record<string, string>> = {
  dependenttags: "pairs of Go markers. The convention list-merge requires the map keys of map lists",
  nonpointerstructs: "pointers of Go structs, and only of types that Go code validates",
  optionalfields: "pointers and omitempty of Go fields",
  preferredmarkers: "spelling of Go markers",
  requiredfields: "pointers and omitempty of Go fields",
};
