/** Delays that grow with each failure, with jitter so that many callers do not meet again. */
export interface BackoffOptions {
  firstMilliseconds: number;
  maxMilliseconds: number;
}

/** Delay after the `failures`-th failure in a row (1, 2, …), between half and the whole of the doubled one. */
export function backoffDelay(
  { firstMilliseconds, maxMilliseconds }: BackoffOptions,
  failures: number,
): number {
  const full = Math.min(firstMilliseconds * 2 ** Math.min(failures - 1, 40), maxMilliseconds);
  return full * (0.5 + Math.random() / 2);
}

/**
 * Calls `work` with a signal that aborts with `outer`, with a TimeoutError when the time is up, and when the work has ended: what it
 * began beside and left behind must not go on. Nothing of it outlives the work: those of `AbortSignal.timeout` wait for their time to
 * run out, which for a fleet at its start is megabytes.
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
  return new DOMException(`it was not done within ${milliseconds / 1000} s`, "TimeoutError");
}
