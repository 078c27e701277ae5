import type { EventLog } from "./event-log.ts";

export interface OutboxListener {
  /** Called with a log of a stopped engine. Returns false if no notification has this name. */
  onTaken(name: string, log: EventLog): boolean;
  /** Called once, when the state of every other engine is known. The delivery of events can then start. */
  onReady(): void;
  /** Called when another engine has taken over the logs of this engine. */
  onLost(): void;
  onError(error: unknown): void;
}

/** Stored events for all notifications of an engine, on a volume or in a bucket. */
export interface Outbox {
  /** Starts to search for stopped engines, and to report to other engines that this engine is running. */
  start(): void;
  /** Returns the log of a notification. */
  log(name: string): EventLog | undefined;
  /** Appends lines. Returns the number of lines that were discarded because the log was full. */
  append(name: string, lines: readonly string[], sync: boolean): Promise<number>;
  /** Appends lines if the write takes only microseconds. Returns whether the lines are stored. */
  appendNow(name: string, lines: readonly string[]): boolean;
  /** Closes the outbox. The logs must be closed first. Stops taking over logs. */
  close(): Promise<void>;
}
