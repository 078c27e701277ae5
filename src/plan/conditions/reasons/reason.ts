import type { Condition } from "../../../api/kubernetes.ts";

/** A condition reason and the only condition status for which it is used. */
export interface ReasonEntry {
  status: Condition["status"];
  /** Complete sentences. The only permitted Markdown is code spans and links relative to docs/operations. */
  meaning: string;
  /** Action to take. The field is absent when no action is needed. */
  remedy?: string;
}

export type Reasons = Readonly<Record<string, ReasonEntry>>;
