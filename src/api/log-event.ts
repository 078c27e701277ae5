/**
 * Identifier of an entry in the engine log. The field `event` contains the identifier. Programs identify entries by
 * this field, because messages can change. Entries that no program reads have no identifier.
 */
export type LogEvent =
  | "Starting"
  | "Serving"
  | "Draining"
  | "Ended"
  | "LoggedIn"
  | "LoginFailed"
  /** A file command failed. The engine logs this event at the level `debug`. */
  | "CommandRejected"
  /** A transfer has ended, with or without an error. */
  | "Transfer";

/** Returns the log field that identifies an entry. */
export function logEvent(event: LogEvent): { event: LogEvent } {
  return { event };
}
