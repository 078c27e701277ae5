/**
 * Reason why an event was discarded.
 * `Rejected`: the sink reported that it will never accept the event.
 * `AttemptsExceeded`: the sink accepted other events but not this event.
 * `Expired`: the event exceeded its maximum age.
 * `QueueFull`: the stored events reached the maximum size, or the lower maximum size for new login failures.
 * `NotStored`: the outbox could not store the event.
 * `Damaged`: a stored event could not be read.
 */
export const DEAD_LETTER_REASONS = [
  "Rejected",
  "AttemptsExceeded",
  "Expired",
  "QueueFull",
  "NotStored",
  "Damaged",
] as const;

export type DeadLetterReason = (typeof DEAD_LETTER_REASONS)[number];

/** Receives delivery results. Implementations must not throw. */
export interface NotificationObserver {
  /** Called for each notification in a new configuration. */
  notificationAdded(name: string): void;
  delivered(name: string): void;
  retried(name: string): void;
  discarded(name: string, reason: DeadLetterReason, count: number): void;
  /** Called when the sink thread ends unexpectedly. */
  threadFailed(): void;
}
