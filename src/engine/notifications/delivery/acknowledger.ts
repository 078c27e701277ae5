import type { EventLog, Position } from "../outbox/event-log.ts";

/** Delivered event. */
interface Delivered {
  log: EventLog;
  /** Position after the event. */
  end: Position;
}

/** Records in each log which events are delivered. Makes one change at a time. */
export class Acknowledger {
  readonly #onError: (error: unknown) => void;
  #waiting: Delivered[] = [];
  #running: Promise<void> | undefined;

  constructor(onError: (error: unknown) => void) {
    this.#onError = onError;
  }

  /** Resolves when all events are recorded. */
  get idle(): Promise<void> {
    return this.#running ?? Promise.resolve();
  }

  add(events: readonly Delivered[]): void {
    this.#waiting.push(...events);
    this.#running ??= this.#run();
  }

  async #run(): Promise<void> {
    // Events that are delivered in the same event-loop tick share one change to each log.
    await Promise.resolve();
    while (this.#waiting.length > 0) {
      const events = this.#waiting;
      this.#waiting = [];
      for (const [log, ends] of Map.groupBy(events, ({ log }) => log)) {
        try {
          await log.acknowledge(ends.map(({ end }) => end));
        } catch (error) {
          this.#onError(error);
        }
      }
    }
    this.#running = undefined;
  }
}
