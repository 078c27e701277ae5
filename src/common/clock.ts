/** Undoes a `schedule`; harmless when called again or too late. */
export type Cancel = () => void;

/** Time as an argument, so that tests hold it in their hands. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Calls `action` once, after `milliseconds`. */
  schedule(milliseconds: number, action: () => void): Cancel;
}

/** For a variable that holds a timer only sometimes. */
export const nothingToCancel: Cancel = () => {};

export const systemClock: Clock = {
  now: () => Date.now(),
  schedule(milliseconds, action) {
    const timer = setTimeout(action, milliseconds);
    return () => clearTimeout(timer);
  },
};
