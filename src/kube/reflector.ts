import { setTimeout as sleep } from "node:timers/promises";
import type { KubeObject, ObjectKey } from "../api/kubernetes.ts";
import { type BackoffOptions, backoffDelay } from "./retry.ts";
import type { KubeClient, Selection, WatchEvent } from "./client.ts";
import { askedDelay, isExpired } from "./errors.ts";
import { keyOf, type Store } from "./store.ts";

/** A change of the store, after it has happened. */
export interface Change<T> {
  type: "Added" | "Modified" | "Deleted";
  object: T;
  /** What was there before; absent for Added. */
  old?: T;
}

/** What a reflector tells about itself. */
export interface ReflectorObserver {
  listed(): void;
  watchStarted(): void;
  watchFailed(error: unknown): void;
  /** A change or a bookmark came in. */
  eventReceived(): void;
}

export interface ReflectorLimits {
  /** Objects in one page of a list. */
  pageSize: number;
  /** The server ends a watch after this time or up to twice as long, in seconds. */
  watchSeconds: number;
  /** A watch without a change or a bookmark (about one a minute) for this long counts as dead, in seconds. */
  silenceSeconds: number;
  /** A list is made anew after this time, as a net under everything else, in seconds. */
  relistSeconds: number;
  backoff: BackoffOptions;
}

const DEFAULT_REFLECTOR_LIMITS: ReflectorLimits = {
  pageSize: 500,
  watchSeconds: 300,
  silenceSeconds: 180,
  relistSeconds: 3600,
  backoff: { firstMilliseconds: 800, maxMilliseconds: 30_000 },
};

const MIN_WATCH_MILLISECONDS = 1000;
/** A watch that was open for this long was a good one, even if it had nothing to tell. */
const LIVED_MILLISECONDS = 10_000;

/**
 * Keeps a store equal to a selection of objects on the server: a paged list, then a watch from its version; a list again
 * when the version has expired. Nothing ends it but its signal.
 */
export class Reflector<T extends KubeObject> {
  readonly #client: KubeClient;
  readonly #selection: Selection;
  readonly #store: Store<T>;
  readonly #onChange: (change: Change<T>) => void;
  readonly #observer: ReflectorObserver;
  readonly #limits: ReflectorLimits;
  readonly #trim: (object: T) => T;
  readonly #known = new Set<ObjectKey>();
  readonly #synced = Promise.withResolvers<void>();
  #listedAt = Number.NEGATIVE_INFINITY;

  constructor(options: {
    client: KubeClient;
    selection: Selection;
    store: Store<T>;
    onChange: (change: Change<T>) => void;
    observer: ReflectorObserver;
    limits?: ReflectorLimits;
    trim?: (object: T) => T;
  }) {
    this.#client = options.client;
    this.#selection = options.selection;
    this.#store = options.store;
    this.#onChange = options.onChange;
    this.#observer = options.observer;
    this.#trim = options.trim ?? ((object) => object);
    this.#limits = options.limits ?? DEFAULT_REFLECTOR_LIMITS;
  }

  /** Resolves after the first whole list. */
  get synced(): Promise<void> {
    return this.#synced.promise;
  }

  /** Runs until the signal aborts; never rejects. */
  async run(signal: AbortSignal): Promise<void> {
    let version: string | undefined;
    let failures = 0;
    while (!signal.aborted) {
      let startedAt = Number.POSITIVE_INFINITY;
      try {
        version = version === undefined || this.#isStale() ? await this.#list(signal) : version;
        startedAt = performance.now();
        for await (const next of this.#watch(version, signal)) {
          version = next;
          failures = 0;
        }
        // A server that ends every watch at once must not be asked in a tight loop.
        if (performance.now() - startedAt < MIN_WATCH_MILLISECONDS)
          throw new Error("the watch ended at once");
      } catch (error) {
        if (signal.aborted) return;
        if (isExpired(error)) version = undefined;
        this.#observer.watchFailed(error);
        // A balancer may cut every watch that is quiet for a while; that is no reason to be blind for longer each time.
        const hasLived = performance.now() - startedAt >= LIVED_MILLISECONDS;
        failures = hasLived ? 1 : failures + 1;
        await this.#pause(failures, error, signal);
      }
    }
  }

  /** Backs off, and waits as long as the server asks, within bounds. */
  #pause(failures: number, error: unknown, signal: AbortSignal): Promise<void> {
    const { backoff } = this.#limits;
    const asked = Math.min(askedDelay(error), backoff.maxMilliseconds);
    const wait = Math.max(backoffDelay(backoff, failures), asked);
    return sleep(wait, undefined, { signal }).catch(() => undefined);
  }

  #isStale(): boolean {
    return performance.now() - this.#listedAt > this.#limits.relistSeconds * 1000;
  }

  /** @returns the resource version that a watch can start from */
  async #list(signal: AbortSignal): Promise<string> {
    const seen = new Set<ObjectKey>();
    let continuation: string | undefined;
    for (;;) {
      const paging = {
        limit: this.#limits.pageSize,
        ...(continuation !== undefined && { continue: continuation }),
      };
      const { metadata, items } = await this.#client.list<T>(this.#selection, paging, { signal });
      for (const item of items ?? []) {
        const object = this.#complete(item);
        seen.add(keyOf(object));
        this.#put(object);
      }
      continuation = metadata.continue === "" ? undefined : metadata.continue;
      if (continuation !== undefined) continue;
      for (const key of this.#known) if (!seen.has(key)) this.#drop(key);
      this.#listedAt = performance.now();
      this.#observer.listed();
      this.#synced.resolve();
      return metadata.resourceVersion;
    }
  }

  /** Follows one watch to its end; yields the version it has come to. */
  async *#watch(version: string, signal: AbortSignal): AsyncGenerator<string> {
    const silence = new AbortController();
    const timer = setTimeout(() => silence.abort(), this.#limits.silenceSeconds * 1000);
    const from = {
      resourceVersion: version,
      timeoutSeconds: Math.round(this.#limits.watchSeconds * (1 + Math.random())),
    };
    this.#observer.watchStarted();
    try {
      const options = { signal: AbortSignal.any([signal, silence.signal]) };
      for await (const event of this.#client.watch<T>(this.#selection, from, options)) {
        timer.refresh();
        this.#observer.eventReceived();
        this.#take(event);
        yield event.object.metadata.resourceVersion ?? version;
      }
    } finally {
      clearTimeout(timer);
    }
  }

  #take({ type, object }: WatchEvent<T>): void {
    switch (type) {
      case "ADDED":
      case "MODIFIED":
        this.#put(this.#complete(object));
        break;
      case "DELETED":
        this.#drop(keyOf(object));
        break;
      case "BOOKMARK":
        break;
    }
  }

  /** Items of a list have no kind, and those of metadata another one; managed fields are long and never read. */
  #complete(object: T): T {
    const { managedFields: _, ...metadata } = object.metadata as T["metadata"] & { managedFields?: unknown };
    const { apiVersion, kind } = this.#selection;
    return this.#trim({ ...object, apiVersion, kind, metadata });
  }

  #put(object: T): void {
    this.#known.add(keyOf(object));
    const old = this.#store.set(object);
    if (old === undefined) this.#onChange({ type: "Added", object });
    else if (
      old.metadata.resourceVersion !== object.metadata.resourceVersion ||
      old.metadata.uid !== object.metadata.uid
    ) {
      this.#onChange({ type: "Modified", object, old });
    }
  }

  #drop(key: ObjectKey): void {
    this.#known.delete(key);
    const old = this.#store.delete(key);
    if (old !== undefined) this.#onChange({ type: "Deleted", object: old, old });
  }
}
