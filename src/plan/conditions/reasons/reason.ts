import type { Condition } from "../../../api/kubernetes.ts";

/** A condition reason, and the only condition status that can have the reason. */
export interface ReasonEntry {
  status: Condition["status"];
  /**
   * Complete sentences. The only permitted Markdown elements are code spans and links relative to `docs/operations`.
   */
  meaning: string;
  /** Action to take. The field is absent when no action is necessary. */
  remedy?: string;
}

export type Reasons = Readonly<Record<string, ReasonEntry>>;
