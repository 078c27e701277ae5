/** Cancels a scheduled action. Cancellation has no effect after the action has run or has been canceled. */
export type Cancel = () => void;

/** Current time and timers. Tests replace the system clock with a manual clock. */
export interface Clock {
  /** Returns the current time in milliseconds since the epoch. */
  now(): number;
  /** Runs an action once after a delay in milliseconds. */
  schedule(milliseconds: number, action: () => void): Cancel;
}

/** Cancel function for a timer that is not scheduled. */
export const nothingToCancel: Cancel = () => {};

export const systemClock: Clock = {
  now: () => Date.now(),
  schedule(milliseconds, action) {
    const timer = setTimeout(action, milliseconds);
    return () => clearTimeout(timer);
  },
};
