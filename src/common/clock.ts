/** Cancels a scheduled action. Has no effect after the action has run or has been canceled. */
export type Cancel = () => void;

/** Current time and timers. Tests replace the system clock with a manual one. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Runs `action` once after `milliseconds`. */
  schedule(milliseconds: number, action: () => void): Cancel;
}

/** Initial value of a variable for a timer that is not scheduled. */
export const nothingToCancel: Cancel = () => {};

export const systemClock: Clock = {
  now: () => Date.now(),
  schedule(milliseconds, action) {
    const timer = setTimeout(action, milliseconds);
    return () => clearTimeout(timer);
  },
};
