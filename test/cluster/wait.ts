import { setTimeout as delay } from "node:timers/promises";

const POLL_INTERVAL_MS = 100;

/**
 * Calls `attempt` until the call succeeds, and returns its result.
 * @param timeout maximum time in milliseconds
 * @throws Error after the timeout, with the last failure as the cause; GiveUp when `attempt` throws this error
 */
export async function waitUntil<T>(what: string, timeout: number, attempt: () => Promise<T> | T): Promise<T> {
  const deadline = Date.now() + timeout;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (error instanceof GiveUp) throw error;
      if (Date.now() >= deadline) {
        throw new Error(`gave up after ${timeout / 1000} s: ${what}: ${messageOf(error)}`, { cause: error });
      }
    }
    await delay(POLL_INTERVAL_MS);
  }
}

/** Error that an attempt throws to prevent further attempts. */
export class GiveUp extends Error {
  override readonly name = "GiveUp";
}

/** Returns the message of a thrown value. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
