import type { Pod } from "../../plan/model/objects.ts";

/** Of pods that have not begun, or have ended. */
const PHASES_WITHOUT_SESSIONS = new Set<string | undefined>(["Pending", "Succeeded", "Failed"]);

/** What pods answered, by name. */
export interface Answers<T> {
  byPod: Map<string, T>;
  /** Whether every pod that can have sessions did. */
  isComplete: boolean;
}

/** Asks every pod at once. Those that do not run or do not answer are named on standard error, each with the reason. */
export async function askPods<T>(
  pods: readonly Pod[],
  ask: (pod: string) => Promise<T>,
): Promise<Answers<T>> {
  const byPod = new Map<string, T>();
  const idle = pods.filter(({ status }) => PHASES_WITHOUT_SESSIONS.has(status?.phase));
  const asked = pods.filter((pod) => !idle.includes(pod));
  const violations = await Promise.all(
    asked.map(async ({ metadata: { name } }) => {
      try {
        byPod.set(name, await ask(name));
        return [];
      } catch (error) {
        return [`${name}: ${error instanceof Error ? error.message : String(error)}\n`];
      }
    }),
  );
  const notRunning = idle.map(({ metadata, status }) => `${metadata.name}: not running (${status?.phase})\n`);
  process.stderr.write([...violations.flat(), ...notRunning].join(""));
  return { byPod, isComplete: byPod.size === asked.length };
}
