/** Delays between attempts, in milliseconds. */
export interface BackoffOptions {
  firstMilliseconds: number;
  maxMilliseconds: number;
}

/**
 * Returns the delay in milliseconds after a number of consecutive failures (1, 2, …). The delay doubles with each
 * failure up to the maximum. The function subtracts a random part of up to half the delay, so that simultaneous
 * failures do not cause simultaneous retries.
 */
export function backoffDelay(
  { firstMilliseconds, maxMilliseconds }: BackoffOptions,
  failures: number,
): number {
  const full = Math.min(firstMilliseconds * 2 ** Math.min(failures - 1, 40), maxMilliseconds);
  return full * (0.5 + Math.random() / 2);
}

/**
 * Runs `work` with a time limit. The signal that `work` receives aborts when `outer` aborts, or when the time limit
 * expires (TimeoutError). The signal also aborts when `work` has ended, which stops calls that `work` started but did
 * not await.
 * The function does not use `AbortSignal.timeout`, because its timer stays in memory until the time limit expires. With
 * 5,000 FtpServers, the timers would use megabytes of memory.
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
