import type { ObjectStorageResult } from "../../../observer.ts";
import { explainFailure, type S3Failure } from "./errors.ts";

/** One attempt to send a request. A retry is a separate attempt. */
export interface Attempt {
  /** S3 operation, for example `PutObject`. */
  readonly operation: string;
  /** Number of the attempt, starting at 1. */
  readonly attempt: number;
  readonly seconds: number;
  readonly result: ObjectStorageResult;
  /** The value is undefined if the request succeeded or was aborted. */
  readonly failure: S3Failure | undefined;
}

export type AttemptObserver = (attempt: Attempt) => void;

/**
 * Returns a function that sends a request and reports its result to an observer.
 * @param command SDK command, whose class name contains the S3 operation
 * @param isAborted returns whether the engine aborted the request
 */
export function observed<T>(
  command: object,
  send: (signal: AbortSignal) => Promise<T>,
  observe: AttemptObserver,
  isAborted: () => boolean,
): (signal: AbortSignal) => Promise<T> {
  const operation = command.constructor.name.replace(/Command$/u, "");
  let attempt = 0;
  return async (signal) => {
    attempt += 1;
    const startedAt = performance.now();
    const ended = (result: ObjectStorageResult, failure?: S3Failure): void =>
      observe({ operation, attempt, seconds: (performance.now() - startedAt) / 1000, result, failure });
    try {
      const answer = await send(signal);
      ended("Success");
      return answer;
    } catch (error) {
      const failure = isAborted() ? undefined : explainFailure(error);
      ended(failure === undefined ? "Aborted" : resultOf(failure), failure);
      throw error;
    }
  };
}

const THROTTLED = /^(?:SlowDown|Throttling|TooManyRequests|ServiceUnavailable)/u;

function resultOf({ error: { code }, state, s3Code }: S3Failure): ObjectStorageResult {
  if (code === "NotFound" || code === "Conflict") return code;
  if (THROTTLED.test(s3Code)) return "Throttled";
  if (state === "AccessDenied" || state === "CredentialsRejected") return "Denied";
  return state === "EndpointUnreachable" || state === "EndpointNotTrusted" ? "Unreachable" : "Failed";
}
