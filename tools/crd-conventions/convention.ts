import type { Schema } from "../../src/api/schema.ts";
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
