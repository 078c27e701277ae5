import type { EngineNotifications } from "../../api/engine-notifications.ts";
import type { NotificationReport } from "../../api/notification-report.ts";
import type { Clock } from "../../common/clock.ts";
import type { Log } from "../observer.ts";
import { Delivery } from "./delivery/delivery.ts";
import { SinkThread } from "./delivery/sink-thread.ts";
import { MAX_STORED_BYTES_FOR_LOGIN_FAILURES } from "./limits.ts";
import type { EventBucket } from "../storage/object/object-store.ts";
import type { NotificationObserver } from "./notification-observer.ts";
import { openOutbox, type OutboxPlace } from "./outbox/open-outbox.ts";
import type { Outbox } from "./outbox/outbox.ts";
import type { EventLog } from "./outbox/event-log.ts";

export interface ChannelParts {
  clock: Clock;
  log: Log;
  observer: NotificationObserver;
  /** Called when another engine has taken over the stored events. */
  onLost: () => void;
  /** Bucket for homes. Undefined if the homes are on a volume. */
  bucket: EventBucket | undefined;
}

interface Channel {
  own: EventLog;
  delivery: Delivery;
}

/** Outbox and deliveries for one configuration. */
export class Channels {
  readonly #parts: ChannelParts;
  readonly #channels = new Map<string, Channel>();
  readonly #thread: SinkThread;
  #outbox: Outbox | undefined;
  #isClosed = false;

  private constructor({ sinks, internalSinks }: EngineNotifications, parts: ChannelParts) {
    this.#parts = parts;
    this.#thread = new SinkThread({ sinks: sinks.map(({ sink }) => sink), internalSinks }, parts);
  }

  /** @throws Error if the outbox cannot be used */
  static async open(notifications: EngineNotifications, parts: ChannelParts): Promise<Channels> {
    const { sinks } = notifications;
    const channels = new Channels(notifications, parts);
    const names = sinks.map(({ name }) => name);
    const outbox = await openOutbox(placeOf(notifications, parts), names, parts.clock, {
      onTaken: (name, log) => channels.#taken(name, log),
      onReady: () => channels.#start(),
      onLost: parts.onLost,
      onError: (err) => parts.log.error({ err }, "outbox failed"),
    });
    channels.#outbox = outbox;
    for (const [index, { name }] of sinks.entries()) {
      const own = outbox.log(name);
      if (own === undefined) continue;
      const { clock, log, observer } = parts;
      const sink = channels.#thread.sink(index);
      const delivery = new Delivery({ name, sink, own, clock, log, observer });
      channels.#channels.set(name, { own, delivery });
    }
    outbox.start();
    return channels;
  }

  get reports(): NotificationReport[] {
    return [...this.#channels.values()].map(({ delivery }) => delivery.report);
  }

  /** Returns whether a log has space for login failures. */
  acceptsLoginFailures(name: string): boolean {
    return (this.#channels.get(name)?.own.bytes ?? 0) < MAX_STORED_BYTES_FOR_LOGIN_FAILURES;
  }

  /** Stores events and starts their delivery. @throws Error if the events cannot be stored */
  async append(name: string, lines: readonly string[], sync: boolean): Promise<void> {
    const channel = this.#channels.get(name);
    const discarded = (await this.#outbox?.append(name, lines, sync)) ?? 0;
    if (discarded > 0) this.#parts.observer.discarded(name, "QueueFull", discarded);
    channel?.delivery.notify(lines.length);
  }

  /**
   * Stores events and starts their delivery if the write takes only microseconds. Must not be called while `append` is
   * running.
   * @returns whether the events are stored
   */
  appendNow(name: string, lines: readonly string[]): boolean {
    if (this.#outbox?.appendNow(name, lines) !== true) return false;
    this.#channels.get(name)?.delivery.notify(lines.length);
    return true;
  }

  /** Checks the connection to each sink that has no waiting events. */
  async check(): Promise<void> {
    await Promise.all([...this.#channels.values()].map(({ delivery }) => delivery.check()));
  }

  /** Ends all requests. Undelivered events remain stored. */
  async close(): Promise<void> {
    this.#isClosed = true;
    const ended = [...this.#channels.values()].map(({ delivery }) => delivery.close());
    await Promise.all([...ended, this.#thread.close()]);
    await this.#outbox?.close();
  }

  #start(): void {
    if (this.#isClosed) return;
    for (const { delivery } of this.#channels.values()) delivery.start();
  }

  #taken(name: string, log: EventLog): boolean {
    const channel = this.#channels.get(name);
    this.#parts.log.info(
      { notification: name, events: log.pending },
      "stored events of a stopped engine found",
    );
    channel?.delivery.adopt(log);
    return channel !== undefined;
  }
}

/** @throws Error if the configuration requires a bucket that the engine has not opened */
function placeOf(
  { outboxDirectory, source }: EngineNotifications,
  { bucket }: Pick<ChannelParts, "bucket">,
): OutboxPlace {
  if (outboxDirectory !== undefined) return { type: "Directory", path: outboxDirectory };
  if (bucket === undefined) throw new Error("The engine has no bucket for events");
  return { type: "Bucket", bucket, source };
}
