import { randomUUID } from "node:crypto";
import { CHECK_USER, type EngineConfig } from "../../api/engine-config.ts";
import type { NotificationEvent } from "../../api/engine-notifications.ts";
import type { NotificationReport } from "../../api/notification-report.ts";
import { type Cancel, type Clock, nothingToCancel } from "../../common/clock.ts";
import type { Log } from "../observer.ts";
import type { EventBucket } from "../storage/object/object-store.ts";
import type { Channels } from "./channels.ts";
import { type EngineEvent, type EventRecorder, userOf } from "./event.ts";
import { EventLines } from "./event-lines.ts";
import type { NotificationObserver } from "./notification-observer.ts";
import { BatchWriter } from "./outbox/batch-writer.ts";
import { includes } from "./subscription.ts";

/** Time in milliseconds between two connection checks, and between two attempts to open the outbox. */
const CHECK_PERIOD = 10_000;

export interface NotificationParts {
  clock: Clock;
  log: Log;
  observer: NotificationObserver;
  slot?: string | undefined;
  /** Bucket for homes. Undefined if the homes are on a volume. */
  bucket?: EventBucket | undefined;
}

type Config = Pick<EngineConfig, "notifications" | "uploads" | "storage" | "additionalStorage">;

/**
 * Notifications of an engine. The engine stores each event before it replies to the client, and then delivers the event
 * to the sinks.
 */
export class Notifications implements EventRecorder {
  readonly #parts: NotificationParts;
  readonly #writer: BatchWriter;
  #config: Config;
  /** Undefined if the engine has no notifications. */
  #lines: EventLines | undefined;
  #channels: Channels | undefined;
  /** Resolves when the latest configuration is applied. */
  #applied: Promise<void> = Promise.resolve();
  #isApplied = false;
  /** Notifications whose latest events could not be stored. */
  readonly #unwritten = new Set<string>();
  /** Whether the last attempt to open the outbox failed. While the first attempt runs, events wait. */
  #isUnavailable = false;
  #cancelCheck: Cancel = nothingToCancel;
  #isClosed = false;

  constructor(config: Config, parts: NotificationParts) {
    this.#config = { uploads: config.uploads, storage: config.storage };
    this.#parts = parts;
    this.#writer = new BatchWriter((batch) => this.#store(batch), parts.clock);
    this.reconfigure(config);
  }

  /**
   * State of each sink. Contains no sinks while the outbox is being opened, unless the previous attempt failed or events
   * were lost. Undefined if the engine has no notifications.
   */
  get reports(): NotificationReport[] | undefined {
    const { notifications } = this.#config;
    if (notifications === undefined) return undefined;
    const known = this.#channels?.reports;
    const hasLost = notifications.sinks.some(({ name }) => this.#unwritten.has(name));
    if (known === undefined && !this.#isUnavailable && !hasLost) return [];
    return notifications.sinks.map(({ name }) => {
      const report = known?.find((one) => one.name === name);
      if (report !== undefined && !this.#unwritten.has(name)) return report;
      const { queued, oldestSeconds } = report ?? { queued: 0, oldestSeconds: 0 };
      return { name, state: "Failing", reason: "OutboxUnavailable", queued, oldestSeconds };
    });
  }

  /** Applies a configuration. Events that arrive during the change wait for the new configuration. */
  reconfigure(config: Config): void {
    const isSame = JSON.stringify(this.#config.notifications) === JSON.stringify(config.notifications);
    this.#config = config;
    const { notifications } = config;
    this.#lines = notifications && new EventLines({ ...notifications, slot: this.#parts.slot }, config);
    if (isSame) return;
    for (const { name } of notifications?.sinks ?? []) this.#parts.observer.notificationAdded(name);
    this.#reopen();
  }

  wants(type: NotificationEvent): boolean {
    return this.#config.notifications?.sinks.some(({ events }) => events.includes(type)) ?? false;
  }

  record(event: EngineEvent): Promise<void> | undefined {
    const { notifications } = this.#config;
    const lines = this.#lines;
    if (notifications === undefined || lines === undefined || userOf(event) === CHECK_USER) return undefined;
    const names: string[] = [];
    for (const one of notifications.sinks)
      if (includes(one, event) && this.#accepts(one.name, event)) names.push(one.name);
    if (names.length === 0) return undefined;
    const line = lines.lineOf(event, { id: randomUUID(), time: new Date(this.#parts.clock.now()) });
    const stored = this.#writer.add(names, line);
    if (stored === undefined) {
      for (const name of names) {
        this.#unwritten.add(name);
        this.#parts.observer.discarded(name, "NotStored", 1);
      }
    }
    return stored;
  }

  /** Stores the waiting events and ends all requests. Undelivered events remain stored. */
  async close(): Promise<void> {
    await this.#writer.drain();
    this.#isClosed = true;
    this.#isApplied = false;
    this.#cancelCheck();
    await this.#applied;
    await this.#channels?.close();
  }

  #accepts(name: string, { type }: EngineEvent): boolean {
    if (type !== "LoginFailed" || (this.#channels?.acceptsLoginFailures(name) ?? true)) return true;
    this.#parts.observer.discarded(name, "QueueFull", 1);
    return false;
  }

  /** Stores events. Called for one batch at a time. Returns undefined if the events are already stored. */
  #store(batch: ReadonlyMap<string, readonly string[]>): Promise<void> | undefined {
    const waiting = [...batch].filter(([name, lines]) => !this.#storeNow(name, lines));
    return waiting.length === 0 ? undefined : this.#storeLater(waiting);
  }

  /** Stores events if they do not have to reach stable storage. Returns whether the events are stored. */
  #storeNow(name: string, lines: readonly string[]): boolean {
    if (!this.#isApplied || this.#config.uploads.sync === "Always" || this.#unwritten.has(name)) return false;
    return this.#channels?.appendNow(name, lines) === true;
  }

  async #storeLater(batch: readonly (readonly [name: string, lines: readonly string[]])[]): Promise<void> {
    await this.#applied;
    const sync = this.#config.uploads.sync === "Always";
    for (const [name, lines] of batch) {
      try {
        if (this.#channels === undefined) throw new Error("The outbox is not open");
        await this.#channels.append(name, lines, sync);
        this.#unwritten.delete(name);
      } catch (err) {
        this.#unwritten.add(name);
        this.#parts.log.error({ err, notification: name, events: lines.length }, "events cannot be stored");
        this.#parts.observer.discarded(name, "NotStored", lines.length);
      }
    }
  }

  #reopen(): void {
    const applied = this.#applied.then(() => this.#open());
    this.#applied = applied;
    this.#isApplied = false;
    void applied.then(() => (this.#isApplied = this.#applied === applied && !this.#isClosed));
  }

  async #open(): Promise<void> {
    this.#cancelCheck();
    const { notifications } = this.#config;
    const { log, clock, observer, bucket } = this.#parts;
    await this.#channels?.close();
    this.#channels = undefined;
    if (notifications === undefined || this.#isClosed) return;
    try {
      const parts = { log, clock, observer, bucket, onLost: () => this.#lost() };
      // An engine without notifications does not load the HTTP client.
      const { Channels } = await import("./channels.ts");
      this.#channels = await Channels.open(notifications, parts);
      this.#isUnavailable = false;
    } catch (err) {
      this.#isUnavailable = true;
      log.error({ err, directory: notifications.outboxDirectory ?? "bucket" }, "outbox cannot be opened");
    }
    this.#check();
  }

  #lost(): void {
    this.#parts.log.error({}, "another engine has taken over the stored events");
    this.#reopen();
  }

  #check(): void {
    if (this.#isClosed) return;
    if (this.#channels !== undefined) void this.#channels.check();
    this.#cancelCheck = this.#parts.clock.schedule(CHECK_PERIOD, () => {
      if (this.#channels === undefined) this.#reopen();
      else this.#check();
    });
  }
}
