import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { Clock } from "../../../../common/clock.ts";
import { pagesOf } from "../../../storage/object/listing.ts";
import type { ListedObject, ObjectStore } from "../../../storage/object/object-store.ts";
import { BUCKET_LEASE_PERIOD, BUCKET_LEASE_TIMEOUT, BUCKET_SEARCH_PERIOD } from "../../limits.ts";
import type { EventLog } from "../event-log.ts";
import type { Outbox, OutboxListener } from "../outbox.ts";
import { BatchLog } from "./batch-log.ts";
import { HeldOutbox } from "./held-outbox.ts";
import { RELEASED_BYTES } from "./lease.ts";

/** Lease of another engine. Only changes are relevant, because the clocks of two nodes can differ. */
interface Seen {
  etag: string;
  /** Time of the last observed change. */
  changedAt: number;
  /** Whether a change has been observed. */
  isAlive: boolean;
}

/** Location of the outboxes of one FtpServer in a bucket. */
export interface BucketPlace {
  store: ObjectStore;
  /** Key prefix that ends with `/`. */
  prefix: string;
}

/**
 * Stored events for all notifications of this engine, in a bucket. The engine holds a lease while it has events. When
 * an engine does not renew its lease, another engine acquires the lease and delivers the events.
 */
export class BucketOutbox implements Outbox {
  readonly #place: BucketPlace;
  readonly #clock: Clock;
  readonly #listener: OutboxListener;
  readonly #id = randomUUID();
  readonly #own: HeldOutbox;
  /** Outboxes of stopped engines, by engine ID. */
  readonly #taken = new Map<string, HeldOutbox>();
  readonly #seen = new Map<string, Seen>();
  readonly #closing = new AbortController();
  #running: Promise<void> = Promise.resolve();
  #searchedAt = -Infinity;
  #isReady = false;

  private constructor(place: BucketPlace, names: readonly string[], clock: Clock, listener: OutboxListener) {
    this.#place = place;
    this.#clock = clock;
    this.#listener = listener;
    const logs = names.map((name): [string, BatchLog] => [
      name,
      BatchLog.create(place.store, `${this.#logsOf(this.#id)}${name}/`),
    ]);
    this.#own = new HeldOutbox(this.#leaseOf(this.#id), new Map(logs));
  }

  /** @throws EngineError if the bucket cannot be listed */
  static async open(
    place: BucketPlace,
    names: readonly string[],
    clock: Clock,
    listener: OutboxListener,
  ): Promise<BucketOutbox> {
    await place.store.list(place.prefix, { max: 1 });
    return new BucketOutbox(place, names, clock, listener);
  }

  start(): void {
    this.#running = this.#run();
  }

  log(name: string): EventLog | undefined {
    return this.#own.logs.get(name);
  }

  async append(name: string, lines: readonly string[]): Promise<number> {
    const log = this.#own.logs.get(name);
    if (log === undefined) return 0;
    try {
      return await this.#own.append(log, lines);
    } catch (error) {
      if (this.#own.isLost) this.#lost();
      throw error;
    }
  }

  /** A request to the bucket takes milliseconds. */
  appendNow(): boolean {
    return false;
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#running;
    for (const held of [this.#own, ...this.#taken.values()]) await this.#attempt(held.close());
  }

  async #run(): Promise<void> {
    const { signal } = this.#closing;
    while (!signal.aborted) {
      await this.#maintain();
      const now = this.#clock.now();
      if (!this.#isReady || now - this.#searchedAt >= BUCKET_SEARCH_PERIOD) {
        this.#searchedAt = now;
        await this.#attempt(this.#search());
      }
      if (this.#isLost) return this.#lost();
      await sleep(BUCKET_LEASE_PERIOD, undefined, { signal, ref: false }).catch(() => undefined);
    }
  }

  get #isLost(): boolean {
    return this.#own.isLost || [...this.#taken.values()].some(({ isLost }) => isLost);
  }

  #lost(): void {
    if (this.#closing.signal.aborted) return;
    this.#closing.abort();
    this.#listener.onLost();
  }

  /** Renews all leases, and removes the leases of empty outboxes. */
  async #maintain(): Promise<void> {
    await this.#attempt(this.#own.maintain());
    for (const [id, held] of this.#taken)
      if ((await this.#attempt(held.maintain())) === true) this.#taken.delete(id);
  }

  async #attempt<T>(work: Promise<T>): Promise<T | undefined> {
    try {
      return await work;
    } catch (error) {
      this.#listener.onError(error);
      return undefined;
    }
  }

  /** Takes over the outboxes of stopped engines. */
  async #search(): Promise<void> {
    const prefix = `${this.#place.prefix}leases/`;
    let isUndecided = false;
    const found = new Set<string>();
    for await (const { objects } of pagesOf(this.#place.store, prefix))
      for (const object of objects) {
        const id = object.key.slice(prefix.length);
        found.add(id);
        if (id === this.#id || this.#taken.has(id)) continue;
        const seen = this.#look(id, object);
        if (seen === "Ended") await this.#take(id, object);
        else if (!seen.isAlive) isUndecided = true;
      }
    for (const id of this.#seen.keys()) if (!found.has(id)) this.#seen.delete(id);
    if (this.#isReady || isUndecided) return;
    this.#isReady = true;
    this.#listener.onReady();
  }

  #look(id: string, { etag, size }: ListedObject): Seen | "Ended" {
    if (size === RELEASED_BYTES) return "Ended";
    const now = this.#clock.now();
    const seen = this.#seen.get(id);
    if (seen === undefined || seen.etag !== etag) {
      const next = { etag, changedAt: now, isAlive: seen !== undefined };
      this.#seen.set(id, next);
      return next;
    }
    return now - seen.changedAt > BUCKET_LEASE_TIMEOUT ? "Ended" : seen;
  }

  async #take(id: string, { etag }: ListedObject): Promise<void> {
    this.#seen.delete(id);
    const held = new HeldOutbox(this.#leaseOf(id), new Map());
    // If two engines try to acquire a lease, only one succeeds.
    if (!(await held.take({ etag }))) return;
    // If a log cannot be opened, no engine renews the lease. An engine acquires the lease again after the timeout.
    for await (const [name, log] of this.#openLogs(this.#logsOf(id))) held.logs.set(name, log);
    this.#taken.set(id, held);
    for (const [name, log] of held.logs)
      if (!this.#listener.onTaken(name, log)) await this.#attempt(log.remove());
  }

  async *#openLogs(prefix: string): AsyncGenerator<[string, BatchLog]> {
    const { store } = this.#place;
    for await (const { prefixes } of pagesOf(store, prefix, { delimiter: "/" }))
      for (const below of prefixes) yield [below.slice(prefix.length, -1), await BatchLog.open(store, below)];
  }

  #leaseOf(id: string) {
    const { store, prefix } = this.#place;
    return { store, key: `${prefix}leases/${id}`, holder: this.#id, clock: this.#clock };
  }

  #logsOf(id: string): string {
    return `${this.#place.prefix}logs/${id}/`;
  }
}
