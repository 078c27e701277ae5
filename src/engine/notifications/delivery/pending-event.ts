import type { EventLog, Position } from "../outbox/event-log.ts";
import type { StoredEvent } from "./stored-event.ts";

/** Location of an event in a log. */
interface Source {
  /** Log line that contains the event. */
  line: string;
  log: EventLog;
  /** Position after the line. */
  end: Position;
}

/** Event that is loaded for delivery, and its failures. */
export interface Pending extends Source {
  /** ID of the event. */
  id: string;
  /** Time of the event in milliseconds since the epoch. */
  time: number;
  /**
   * Number of failed deliveries of this event. A failure counts only if the sink has accepted another event since the
   * previous failure.
   */
  strikes: number;
  /** Number of events that the sink had accepted before the last failure. */
  acceptedBefore: number | undefined;
}

/** Returns an event without failures. */
export function pendingEvent({ event: { id, time } }: StoredEvent, source: Source): Pending {
  return { ...source, id, time: Date.parse(time), strikes: 0, acceptedBefore: undefined };
}

/**
 * Counts a failure. Returns the number of failures that count.
 * @param accepts number of events that the sink has accepted
 */
export function addFailure(pending: Pending, accepts: number): number {
  const { acceptedBefore } = pending;
  if (acceptedBefore !== undefined && accepts > acceptedBefore) pending.strikes += 1;
  pending.acceptedBefore = accepts;
  return pending.strikes;
}
