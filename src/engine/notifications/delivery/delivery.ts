import type { NotificationReport, SinkFailure } from "../../../api/engine-report.ts";
import { nothingToCancel, type Clock } from "../../../common/clock.ts";
import type { Log } from "../../observer.ts";
import type { CloudEventJson } from "../cloud-event.ts";
import {
  MAX_EVENT_AGE,
  MAX_LOADED_EVENTS,
  MAX_REQUESTS,
  MAX_STRIKES,
  MAX_UNACKNOWLEDGED_EVENTS,
} from "../limits.ts";
import type { DeadLetterReason, NotificationObserver } from "../notification-observer.ts";
import type { Position, SegmentLog } from "../outbox/segment-log.ts";
import { Backoff } from "./backoff.ts";
import type { SinkResult } from "./response.ts";
import { DeliveryWindow, type Loaded } from "./window.ts";

/** Line of a log: an event and the keys that determine its order. */
export interface StoredEvent {
  keys: string[];
  event: CloudEventJson;
}

/** Sends one event. Never rejects. */
export interface Sink {
  send(event: CloudEventJson): Promise<SinkResult>;
  check(): Promise<SinkFailure | undefined>;
}

interface Pending {
  event: CloudEventJson;
  log: SegmentLog;
  end: Position;
  /** Number of failures before which the sink had accepted another event. */
  strikes: number;
  /** Number of events that the sink had accepted at the last failure. */
  acceptedBefore: number | undefined;
}

export interface DeliveryParts {
  /** Name of the notification. */
  name: string;
  sink: Sink;
  /** Log of this engine. */
  own: SegmentLog;
  clock: Clock;
  log: Log;
  observer: NotificationObserver;
  random?: () => number;
}

/** Delivers the events of one notification at least once. Events with a common key are delivered in order. */
export class Delivery {
  readonly #parts: DeliveryParts;
  readonly #window = new DeliveryWindow<Pending>();
  readonly #backoff: Backoff;
  /** Logs of stopped engines, oldest first. These logs are delivered before the log of this engine. */
  readonly #adopted: SegmentLog[] = [];
  #ended: Promise<void> = Promise.resolve();
  #isClosed = false;
  #wake = (): void => undefined;
  #failure: { reason: SinkFailure; status?: number | undefined } | undefined;
  /** Number of events that the sink has accepted or finally rejected. */
  #accepts = 0;
  #lastFailed: Loaded<Pending> | undefined;
  #acknowledging: Promise<void> = Promise.resolve();

  constructor(parts: DeliveryParts) {
    this.#parts = parts;
    this.#backoff = new Backoff(parts.random);
  }

  start(): void {
    this.#ended = this.#run();
  }

  get queued(): number {
    return [...this.#adopted, this.#parts.own].reduce((sum, { pending }) => sum + pending, 0);
  }

  /** Age of the oldest loaded event in seconds, or 0 without loaded events. */
  get oldestSeconds(): number {
    const oldest = this.#window.first;
    return oldest === undefined
      ? 0
      : Math.max(0, (this.#parts.clock.now() - Date.parse(oldest.event.time)) / 1000);
  }

  get report(): NotificationReport {
    const state = this.#failure !== undefined ? "Failing" : this.#accepts === 0 ? "Idle" : "Delivering";
    return {
      name: this.#parts.name,
      state,
      ...this.#failure,
      queued: this.queued,
      oldestSeconds: Math.floor(this.oldestSeconds),
    };
  }

  /** Delivers the events in the log of a stopped engine. Removes the log when all its events are delivered. */
  adopt(log: SegmentLog): void {
    this.#adopted.push(log);
    this.notify();
  }

  /** Called after an event is added to the log. */
  notify(): void {
    this.#wake();
  }

  /**
   * Checks the connection to a sink without waiting events, so that a wrong configuration is detected before the first
   * event.
   */
  async check(): Promise<void> {
    if (this.#window.size > 0) return;
    const reason = await this.#parts.sink.check();
    if (this.#window.size > 0 || (reason === undefined && this.#failure?.status !== undefined)) return;
    this.#setFailure(reason === undefined ? undefined : { reason });
  }

  /** Stops the delivery after the running requests. Undelivered events remain in the logs. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.notify();
    await this.#ended;
    await this.#acknowledging;
    for (const log of [...this.#adopted, this.#parts.own]) {
      await log.writePosition().catch(() => undefined);
      await log.close();
    }
  }

  async #run(): Promise<void> {
    while (!this.#isClosed) {
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#wake = resolve;
      try {
        await this.#load();
      } catch (error) {
        this.#parts.log.error({ err: error, notification: this.#parts.name }, "stored events cannot be read");
      }
      this.#startRequests();
      const wait = this.#backoff.until - this.#parts.clock.now();
      const cancel = wait > 0 ? this.#parts.clock.schedule(wait, resolve) : nothingToCancel;
      await promise;
      cancel();
    }
    while (this.#window.running > 0) {
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#wake = resolve;
      await promise;
    }
  }

  async #load(): Promise<void> {
    for (const log of this.#adopted.filter(
      (one) => one.isRead && !this.#window.has(({ log }) => log === one),
    ))
      await this.#forget(log);
    while (this.#window.undelivered < MAX_LOADED_EVENTS && !this.#isFull) {
      const log = this.#adopted.find((one) => !one.isRead) ?? this.#parts.own;
      const lines = await log.read();
      if (lines.length === 0) return;
      for (const { text, end } of lines) {
        const stored = parseStored(text);
        // A damaged volume can cause an invalid line. The position of the next event also acknowledges this line.
        if (stored === undefined) this.#discarded("Damaged", 1);
        else
          this.#window.add(
            { event: stored.event, log, end, strikes: 0, acceptedBefore: undefined },
            stored.keys,
          );
      }
    }
  }

  #startRequests(): void {
    const most = this.#backoff.isFailing ? 1 : MAX_REQUESTS;
    const now = this.#parts.clock.now();
    while (!this.#isClosed && this.#window.running < most && this.#backoff.until <= now) {
      const next = this.#window.next(this.#backoff.isFailing ? this.#lastFailed : undefined);
      if (next === undefined) return;
      next.state = "Running";
      void this.#deliver(next);
    }
  }

  async #deliver(loaded: Loaded<Pending>): Promise<void> {
    const { value: pending } = loaded;
    const { clock, sink } = this.#parts;
    const startedAt = clock.now();
    if (startedAt - Date.parse(pending.event.time) > MAX_EVENT_AGE) {
      this.#discarded("Expired", 1);
      return this.#done(loaded);
    }
    const result = await sink.send(pending.event);
    switch (result.type) {
      case "Delivered":
        this.#accepted();
        this.#parts.observer.delivered(this.#parts.name);
        return this.#done(loaded);
      case "Rejected":
        this.#accepted();
        this.#parts.log.warn(
          { notification: this.#parts.name, id: pending.event.id, status: result.status },
          "event rejected by the sink",
        );
        this.#discarded("Rejected", 1);
        return this.#done(loaded);
      case "Retry":
        return this.#failed(loaded, result, startedAt);
    }
  }

  #accepted(): void {
    this.#accepts += 1;
    this.#backoff.succeeded();
    this.#setFailure(undefined);
  }

  #failed(loaded: Loaded<Pending>, result: Extract<SinkResult, { type: "Retry" }>, startedAt: number): void {
    const { reason, status, retryAfter } = result;
    this.#parts.observer.retried(this.#parts.name);
    this.#backoff.failed(startedAt, this.#parts.clock.now(), retryAfter);
    this.#setFailure({ reason, status });
    this.#lastFailed = loaded;
    if (this.#isRejectedAlone(loaded.value)) {
      this.#discarded("AttemptsExceeded", 1);
      return this.#done(loaded);
    }
    loaded.state = "Waiting";
    this.notify();
  }

  /** Returns whether an event fails repeatedly while the sink accepts other events. */
  #isRejectedAlone(pending: Pending): boolean {
    const { acceptedBefore } = pending;
    const isStrike = acceptedBefore !== undefined && this.#accepts > acceptedBefore;
    pending.acceptedBefore = this.#accepts;
    if (isStrike) pending.strikes += 1;
    return pending.strikes >= MAX_STRIKES || (this.#isFull && pending.strikes > 0);
  }

  /** Whether an undelivered event prevents the removal of too many delivered events. */
  get #isFull(): boolean {
    return this.#window.size >= MAX_UNACKNOWLEDGED_EVENTS;
  }

  #setFailure(failure: { reason: SinkFailure; status?: number | undefined } | undefined): void {
    const { name, log } = this.#parts;
    const before = this.#failure;
    this.#failure = failure;
    if (failure !== undefined && failure.reason !== before?.reason)
      log.warn({ notification: name, ...failure }, "events cannot be delivered");
    if (failure === undefined && before !== undefined)
      log.info({ notification: name }, "events can be delivered");
  }

  #discarded(reason: DeadLetterReason, count: number): void {
    this.#parts.observer.discarded(this.#parts.name, reason, count);
  }

  #done(loaded: Loaded<Pending>): void {
    loaded.state = "Done";
    const done = this.#window.takeDone();
    if (done.length > 0) this.#acknowledging = this.#acknowledgeAfter(this.#acknowledging, done);
    this.notify();
  }

  async #acknowledgeAfter(previous: Promise<void>, done: readonly Pending[]): Promise<void> {
    await previous;
    await this.#acknowledge(done);
  }

  async #acknowledge(done: readonly Pending[]): Promise<void> {
    const byLog = Map.groupBy(done, ({ log }) => log);
    for (const [log, events] of byLog) {
      const ends = events.map(({ end }) => end);
      const last = ends.at(-1);
      if (last === undefined) continue;
      try {
        await log.acknowledge(last, ends);
      } catch (error) {
        this.#parts.log.warn(
          { err: error, notification: this.#parts.name },
          "delivery position cannot be stored",
        );
      }
    }
  }

  async #forget(log: SegmentLog): Promise<void> {
    this.#adopted.splice(this.#adopted.indexOf(log), 1);
    await this.#acknowledging;
    await log.remove();
  }
}

function parseStored(text: string): StoredEvent | undefined {
  try {
    const value: StoredEvent = JSON.parse(text);
    return Array.isArray(value.keys) && typeof value.event?.time === "string" ? value : undefined;
  } catch {
    return undefined;
  }
}
