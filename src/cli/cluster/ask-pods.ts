import type { Pod } from "../../plan/model/objects.ts";
import { writeMessages } from "../output.ts";

/** Phases in which a pod cannot have sessions. */
const PHASES_WITHOUT_SESSIONS = new Set<string | undefined>(["Pending", "Succeeded", "Failed"]);

/** Responses from pods. */
export interface Answers<T> {
  /** Responses, keyed by pod name. */
  byPod: Map<string, T>;
  /** True if every pod that can have sessions responded. */
  isComplete: boolean;
}

/**
 * Queries all pods concurrently. Writes a message to standard error for each pod that is not running or does not
 * respond.
 */
export async function askPods<T>(
  pods: readonly Pod[],
  ask: (pod: string) => Promise<T>,
): Promise<Answers<T>> {
  const byPod = new Map<string, T>();
  const idle = pods.filter(({ status }) => PHASES_WITHOUT_SESSIONS.has(status?.phase));
  const asked = pods.filter((pod) => !idle.includes(pod));
  const failures = await Promise.all(
    asked.map(async ({ metadata: { name } }) => {
      try {
        byPod.set(name, await ask(name));
        return [];
      } catch (error) {
        return [`pod ${name} did not respond: ${error instanceof Error ? error.message : String(error)}`];
      }
    }),
  );
  writeMessages("error", failures.flat());
  writeMessages(
    "warning",
    idle.map(({ metadata, status }) => `pod ${metadata.name} is not running: ${status?.phase}`),
  );
  return { byPod, isComplete: byPod.size === asked.length };
}
