import { setTimeout as sleep } from "node:timers/promises";
import type { Pause } from "../../../../common/tick-budget.ts";
import { EngineError } from "../../../errors.ts";
import type { ObjectLimits } from "../limits.ts";
import { explainFailure, type S3Failure } from "./errors.ts";

export interface AttemptOptions {
  /** Delays each attempt. The time limit excludes this delay. */
  ready?: Pause | undefined;
  /** Maximum duration of one attempt in milliseconds. */
  timeout: number;
  /** Aborts all attempts. */
  signal?: AbortSignal | undefined;
}

/**
 * Retries a request after transient errors. The SDK cannot retry a request whose body is a stream.
 * @param attempt receives the signal that ends the attempt
 * @param onFailure called after each failed attempt
 * @throws EngineError Aborted if `signal` ends the attempts
 */
export async function withRetries<T>(
  attempt: (signal: AbortSignal) => Promise<T>,
  { attempts, pause, maxPause }: Pick<ObjectLimits, "attempts" | "pause" | "maxPause">,
  { ready, timeout, signal }: AttemptOptions,
  onFailure: (failure: S3Failure) => void,
): Promise<T> {
  for (let tries = 1; ; tries++) {
    checkRunning(signal);
    const delay = ready?.(signal);
    if (delay !== undefined) {
      await delay;
      checkRunning(signal);
    }
    // AbortSignal.timeout and AbortSignal.any would occupy memory until the time limit expires.
    const ending = new AbortController();
    const timer = setTimeout(() => ending.abort(timedOut()), timeout);
    const end = (): void => ending.abort(signal?.reason);
    signal?.addEventListener("abort", end);
    try {
      return await attempt(ending.signal);
    } catch (thrown) {
      checkRunning(signal);
      const failure = explainFailure(ending.signal.aborted ? ending.signal.reason : thrown);
      onFailure(failure);
      if (!failure.isTransient || tries >= attempts) throw failure.error;
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener("abort", end);
    }
    const longest = Math.min(maxPause, pause * 2 ** (tries - 1));
    // The random part of the pause prevents many sessions from retrying their requests at the same time.
    await sleep(longest * (0.5 + Math.random() / 2), undefined, { signal }).catch(() => undefined);
  }
}

function timedOut(): Error {
  return Object.assign(new Error("The request timed out"), { name: "TimeoutError" });
}

function checkRunning(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) throw new EngineError("Aborted", "Transfer aborted");
}
