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
