/** Event that is loaded for delivery. */
export interface Loaded<T> {
  readonly value: T;
  readonly keys: readonly string[];
  /** State of the event. Only {@link DeliveryWindow.change} changes the state. */
  state: State;
}

type State = "Waiting" | "Running" | "Done";

/**
 * Loaded events in log order. Events with a common key are delivered sequentially. Other events can be delivered
 * concurrently.
 */
export class DeliveryWindow<T> {
  readonly #events: Loaded<T>[] = [];
  /** Number of events in each state. */
  readonly #counts: Record<State, number> = { Waiting: 0, Running: 0, Done: 0 };

  get size(): number {
    return this.#events.length;
  }

  /** Number of undelivered events. */
  get undelivered(): number {
    return this.#events.length - this.#counts.Done;
  }

  get running(): number {
    return this.#counts.Running;
  }

  /** Oldest undelivered event. */
  get first(): T | undefined {
    return this.#events[0]?.value;
  }

  has(condition: (value: T) => boolean): boolean {
    return this.#events.some(({ value }) => condition(value));
  }

  add(value: T, keys: readonly string[]): void {
    this.#events.push({ value, keys, state: "Waiting" });
    this.#counts.Waiting += 1;
  }

  change(event: Loaded<T>, state: State): void {
    this.#counts[event.state] -= 1;
    this.#counts[state] += 1;
    event.state = state;
  }

  /**
   * Returns the first waiting event that has no key in common with an earlier undelivered event.
   * @param avoided event to return only if no other event is available
   */
  next(avoided?: Loaded<T>): Loaded<T> | undefined {
    let fallback: Loaded<T> | undefined;
    const blocked = new Set<string>();
    for (const event of this.#events) {
      if (event.state === "Done") continue;
      if (event.state === "Waiting" && !event.keys.some((key) => blocked.has(key))) {
        if (event !== avoided) return event;
        fallback = event;
      }
      for (const key of event.keys) blocked.add(key);
    }
    return fallback;
  }

  /** Removes and returns all events before the first event that is not done. */
  takeDone(): T[] {
    const index = this.#events.findIndex(({ state }) => state !== "Done");
    const done = this.#events.splice(0, index < 0 ? this.#events.length : index);
    this.#counts.Done -= done.length;
    return done.map(({ value }) => value);
  }
}
