/** Delays between attempts, in milliseconds. */
export interface BackoffOptions {
  firstMilliseconds: number;
  maxMilliseconds: number;
}

/**
 * Returns the delay after the given number of consecutive failures (1, 2, …). The delay doubles with each failure up to the maximum.
 * Up to half of it is subtracted at random, so that clients that failed together do not retry together.
 */
export function backoffDelay(
  { firstMilliseconds, maxMilliseconds }: BackoffOptions,
  failures: number,
): number {
  const full = Math.min(firstMilliseconds * 2 ** Math.min(failures - 1, 40), maxMilliseconds);
  return full * (0.5 + Math.random() / 2);
}

/**
 * Runs `work` with a time limit. The signal that it receives aborts when `outer` aborts, when the time is up (TimeoutError), and when
 * the work has ended, which stops calls that the work started and did not await.
 *
 * `AbortSignal.timeout` is not used: its timer stays in memory until the time is up, which is megabytes for 5,000 FtpServers.
 */
export async function withDeadline<T>(
  milliseconds: number,
  outer: AbortSignal | undefined,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const ending = new AbortController();
  const abort = (): void => ending.abort(outer?.reason);
  if (outer?.aborted === true) abort();
  outer?.addEventListener("abort", abort, { once: true });
  const timer = setTimeout(() => ending.abort(timeout(milliseconds)), milliseconds);
  try {
    return await work(ending.signal);
  } finally {
    clearTimeout(timer);
    outer?.removeEventListener("abort", abort);
    ending.abort();
  }
}

function timeout(milliseconds: number): DOMException {
  return new DOMException(`timed out after ${milliseconds / 1000} s`, "TimeoutError");
}
