import type { NotificationReport, SinkFailure } from "../../../api/notification-report.ts";
import { type Cancel, type Clock, nothingToCancel } from "../../../common/clock.ts";
import type { Log } from "../../observer.ts";
import {
  DELIVERY_PERIOD,
  LOAD_RETRY_DELAY,
  MAX_EVENT_AGE,
  MAX_LOADED_EVENTS,
  MAX_SENT_EVENTS,
  MAX_STRIKES,
  MAX_UNACKNOWLEDGED_EVENTS,
} from "../limits.ts";
import type { DeadLetterReason, NotificationObserver } from "../notification-observer.ts";
import type { EventLog, Line } from "../outbox/event-log.ts";
import { Acknowledger } from "./acknowledger.ts";
import { Backoff } from "./backoff.ts";
import { DeliveryPace } from "./delivery-pace.ts";
import { addFailure, type Pending, pendingEvent } from "./pending-event.ts";
import type { SinkResult } from "./response.ts";
import type { Sink } from "./sink.ts";
import { parseStored } from "./stored-event.ts";
import { DeliveryWindow, type Loaded } from "./window.ts";

export interface DeliveryParts {
  /** Name of the notification. */
  name: string;
  sink: Sink;
  /** Log of this engine. */
  own: EventLog;
  clock: Clock;
  log: Log;
  observer: NotificationObserver;
  random?: () => number;
}

/** Delivers each event for one notification at least once. The sink receives events with a common key in order. */
export class Delivery {
  readonly #parts: DeliveryParts;
  readonly #window = new DeliveryWindow<Pending>();
  readonly #backoff: Backoff;
  readonly #acknowledger: Acknowledger;
  readonly #pace: DeliveryPace;
  /** Cancels the timer for the period in which new events are collected. Undefined if there are no new events. */
  #cancelStart: Cancel | undefined;
  /**
   * Logs of stopped engines, oldest first. The engine delivers the events in these logs before the events in its own
   * log.
   */
  readonly #adopted: EventLog[] = [];
  #ended: Promise<void> = Promise.resolve();
  #isClosed = false;
  #wake = (): void => undefined;
  #failure: { reason: SinkFailure; status?: number | undefined } | undefined;
  /** Number of events that the sink has accepted or permanently rejected. */
  #accepts = 0;
  #lastFailed: Loaded<Pending> | undefined;

  constructor(parts: DeliveryParts) {
    const { log, name } = parts;
    this.#parts = parts;
    this.#acknowledger = new Acknowledger((err) =>
      log.warn({ err, notification: name }, "delivery position cannot be stored"),
    );
    this.#backoff = new Backoff(parts.random);
    this.#pace = new DeliveryPace(parts.clock);
  }

  start(): void {
    this.#ended = this.#run();
  }

  get queued(): number {
    return [...this.#adopted, this.#parts.own].reduce((sum, { pending }) => sum + pending, 0);
  }

  /** Age of the oldest loaded event in seconds, or 0 if no events are loaded. */
  get oldestSeconds(): number {
    const oldest = this.#window.first;
    return oldest === undefined ? 0 : Math.max(0, (this.#parts.clock.now() - oldest.time) / 1000);
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
  adopt(log: EventLog): void {
    this.#adopted.push(log);
    this.#wake();
  }

  /** Called after events are added to the log. The engine sends all events from one period together. */
  notify(events: number): void {
    this.#pace.added(events);
    this.#cancelStart ??= this.#parts.clock.schedule(DELIVERY_PERIOD, () => this.#endPeriod());
  }

  /**
   * Checks a sink that has no waiting events, so that the engine detects an incorrect configuration before the first
   * event.
   */
  async check(): Promise<void> {
    if (this.#window.size > 0) return;
    const failure = await this.#parts.sink.check();
    if (this.#window.size === 0 && !this.#isClosed) this.#setFailure(failure);
  }

  /** Stops the delivery when the running requests have ended. Undelivered events remain in the logs. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#cancelStart?.();
    this.#wake();
    await this.#ended;
    await this.#acknowledger.idle;
    for (const log of [...this.#adopted, this.#parts.own]) {
      await log.flush().catch(() => undefined);
      await log.close();
    }
  }

  #endPeriod(): void {
    this.#pace.endPeriod(this.#window.first?.time);
    this.#cancelStart = this.#pace.isDeferred
      ? this.#parts.clock.schedule(DELIVERY_PERIOD, () => this.#endPeriod())
      : undefined;
    if (!this.#pace.isDeferred) this.#wake();
  }

  async #run(): Promise<void> {
    while (!this.#isClosed) {
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#wake = resolve;
      const isLoaded = this.#pace.isDeferred || (await this.#tryToLoad());
      // Requests and the timer use the same reading of the clock. With two readings, a delay that ends between them
      // would start neither a request nor a timer.
      const now = this.#parts.clock.now();
      this.#startRequests(now);
      const wait = Math.max(this.#backoff.until - now, isLoaded ? 0 : LOAD_RETRY_DELAY);
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

  async #tryToLoad(): Promise<boolean> {
    try {
      await this.#load();
      return true;
    } catch (err) {
      this.#parts.log.error({ err, notification: this.#parts.name }, "stored events cannot be read");
      return false;
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
      for (const line of lines) this.#add(log, line);
    }
  }

  #add(log: EventLog, { text, end }: Line): void {
    const stored = parseStored(text);
    // A damaged volume can cause an invalid line. Acknowledging the next event also acknowledges this line.
    if (stored === undefined) return this.#discarded("Damaged", 1);
    this.#window.add(pendingEvent(stored, { line: text, log, end }), stored.keys);
  }

  #startRequests(now: number): void {
    const most = this.#backoff.isFailing ? 1 : MAX_SENT_EVENTS;
    while (!this.#isClosed && this.#window.running < most && this.#backoff.until <= now) {
      const next = this.#window.next(this.#backoff.isFailing ? this.#lastFailed : undefined);
      if (next === undefined) return;
      this.#window.change(next, "Running");
      void this.#deliver(next);
    }
  }

  async #deliver(loaded: Loaded<Pending>): Promise<void> {
    const { value: pending } = loaded;
    const { clock, sink } = this.#parts;
    const startedAt = clock.now();
    if (startedAt - pending.time > MAX_EVENT_AGE) {
      this.#discarded("Expired", 1);
      return this.#done(loaded);
    }
    const result = await sink.send(pending.line);
    switch (result.type) {
      case "Delivered":
        this.#accepted();
        this.#parts.observer.delivered(this.#parts.name);
        return this.#done(loaded);
      case "Rejected":
        this.#accepted();
        this.#parts.log.warn(
          { notification: this.#parts.name, id: pending.id, status: result.status },
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
    if (this.#isClosed) return this.#waits(loaded);
    this.#parts.observer.retried(this.#parts.name);
    this.#backoff.failed(startedAt, this.#parts.clock.now(), retryAfter);
    this.#setFailure({ reason, status });
    this.#lastFailed = loaded;
    if (this.#isRejectedAlone(loaded.value)) {
      this.#discarded("AttemptsExceeded", 1);
      return this.#done(loaded);
    }
    this.#waits(loaded);
  }

  #waits(loaded: Loaded<Pending>): void {
    this.#window.change(loaded, "Waiting");
    this.#wake();
  }

  /** Returns whether an event fails repeatedly while the sink accepts other events. */
  #isRejectedAlone(pending: Pending): boolean {
    const strikes = addFailure(pending, this.#accepts);
    return strikes >= MAX_STRIKES || (this.#isFull && strikes > 0);
  }

  /**
   * Whether the window has reached its maximum size. Delivered events remain in the window until all earlier events are
   * delivered.
   */
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
    this.#window.change(loaded, "Done");
    const done = this.#window.takeDone();
    if (done.length > 0) this.#acknowledger.add(done);
    this.#wake();
  }

  async #forget(log: EventLog): Promise<void> {
    this.#adopted.splice(this.#adopted.indexOf(log), 1);
    await this.#acknowledger.idle;
    await log.remove();
  }
}
