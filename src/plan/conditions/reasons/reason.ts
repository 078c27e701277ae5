import type { Condition } from "../../../api/kubernetes.ts";

/** A reason of a condition, and the only status with which the condition has it. */
export interface ReasonEntry {
  status: Condition["status"];
  /** Full sentences, without Markdown except code spans and links relative to docs/operations. */
  meaning: string;
  /** What to do. Absent when no action is needed. */
  remedy?: string;
}

export type Reasons = Readonly<Record<string, ReasonEntry>>;
