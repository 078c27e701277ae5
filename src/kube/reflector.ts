import { setTimeout as sleep } from "node:timers/promises";
import type { KubeObject, ObjectKey } from "../api/kubernetes.ts";
import type { KubeClient, Selection, WatchEvent } from "./client.ts";
import { isExpired, retryAfterMilliseconds } from "./errors.ts";
import { type BackoffOptions, backoffDelay } from "./retry.ts";
import { keyOf, type Store } from "./store.ts";

/** Change that the reflector has already applied to the store. */
export interface Change<T> {
  type: "Added" | "Modified" | "Deleted";
  object: T;
  /** Previous version of the object. The field is absent for `Added`. */
  old?: T;
}

/** Receives notifications about the activity of a reflector, for metrics and logs. */
export interface ReflectorObserver {
  listed(): void;
  watchStarted(): void;
  watchFailed(error: unknown): void;
  /** Called for each watch event, including bookmarks. */
  eventReceived(): void;
}

export interface ReflectorLimits {
  /** Maximum number of objects on one page of a list. */
  pageSize: number;
  /** Minimum time in seconds after which the API server ends a watch. The actual time is up to twice as long. */
  watchSeconds: number;
  /**
   * Time in seconds without events after which a watch counts as failed. The API server sends a bookmark about once a
   * minute.
   */
  silenceSeconds: number;
  /** Time in seconds after which the reflector lists all objects again, in case a watch missed a change. */
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

/**
 * Minimum duration of a successful watch in milliseconds. A shorter watch counts as a failure, so that the backoff
 * limits the request rate when the API server closes every watch.
 */
const MIN_WATCH_MILLISECONDS = 1000;
/**
 * Duration in milliseconds after which a watch counts as healthy, even without events. The end of a healthy watch does
 * not increase the backoff.
 */
const HEALTHY_WATCH_MILLISECONDS = 10_000;

/**
 * Synchronizes a store with a selection of objects on the API server, similar to the Reflector in client-go. The
 * reflector lists the objects in pages and then watches from the resource version of the list. The reflector lists the
 * objects again when the resource version has expired, or when the list is older than {@link
 * ReflectorLimits.relistSeconds}. After an error, the reflector retries with backoff until the signal aborts.
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

  /** Resolves after the first complete list. */
  get synced(): Promise<void> {
    return this.#synced.promise;
  }

  /** Runs until the signal aborts. Never rejects. */
  async run(signal: AbortSignal): Promise<void> {
    let version: string | undefined;
    let failures = 0;
    while (!signal.aborted) {
      let startedAt = Number.POSITIVE_INFINITY;
      try {
        version = version === undefined || this.#isListOutdated() ? await this.#list(signal) : version;
        startedAt = performance.now();
        for await (const next of this.#watch(version, signal)) {
          version = next;
          failures = 0;
        }
        if (performance.now() - startedAt < MIN_WATCH_MILLISECONDS)
          throw new Error(`watch ended within ${MIN_WATCH_MILLISECONDS} ms`);
      } catch (error) {
        if (signal.aborted) return;
        if (isExpired(error)) version = undefined;
        this.#observer.watchFailed(error);
        const wasHealthy = performance.now() - startedAt >= HEALTHY_WATCH_MILLISECONDS;
        failures = wasHealthy ? 1 : failures + 1;
        await this.#pause(failures, error, signal);
      }
    }
  }

  /**
   * Waits for the backoff or the `Retry-After` delay, whichever is longer, but never longer than the maximum backoff.
   */
  #pause(failures: number, error: unknown, signal: AbortSignal): Promise<void> {
    const { backoff } = this.#limits;
    const retryAfter = Math.min(retryAfterMilliseconds(error), backoff.maxMilliseconds);
    const wait = Math.max(backoffDelay(backoff, failures), retryAfter);
    return sleep(wait, undefined, { signal }).catch(() => undefined);
  }

  #isListOutdated(): boolean {
    return performance.now() - this.#listedAt > this.#limits.relistSeconds * 1000;
  }

  /** Replaces the contents of the store. Returns the resource version from which the watch must start. */
  async #list(signal: AbortSignal): Promise<string> {
    const listed = new Set<ObjectKey>();
    let continuation: string | undefined;
    for (;;) {
      const paging = {
        limit: this.#limits.pageSize,
        ...(continuation !== undefined && { continue: continuation }),
      };
      const { metadata, items } = await this.#client.list<T>(this.#selection, paging, { signal });
      for (const item of items ?? []) {
        const object = this.#normalize(item);
        listed.add(keyOf(object));
        this.#set(object);
      }
      continuation = metadata.continue === "" ? undefined : metadata.continue;
      if (continuation !== undefined) continue;
      for (const key of this.#known) if (!listed.has(key)) this.#delete(key);
      this.#listedAt = performance.now();
      this.#observer.listed();
      this.#synced.resolve();
      return metadata.resourceVersion;
    }
  }

  /** Applies the events of one watch to the store. Yields the resource version after each event. */
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
        this.#handle(event);
        yield event.object.metadata.resourceVersion ?? version;
      }
    } finally {
      clearTimeout(timer);
    }
  }

  #handle({ type, object }: WatchEvent<T>): void {
    switch (type) {
      case "ADDED":
      case "MODIFIED":
        this.#set(this.#normalize(object));
        break;
      case "DELETED":
        this.#delete(keyOf(object));
        break;
      case "BOOKMARK":
        break;
    }
  }

  /** Adds the kind, which list items do not contain. Removes the managed fields, which are large and unused. */
  #normalize(object: T): T {
    const { managedFields: _, ...metadata } = object.metadata as T["metadata"] & { managedFields?: unknown };
    const { apiVersion, kind } = this.#selection;
    return this.#trim({ ...object, apiVersion, kind, metadata });
  }

  #set(object: T): void {
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

  #delete(key: ObjectKey): void {
    this.#known.delete(key);
    const old = this.#store.delete(key);
    if (old !== undefined) this.#onChange({ type: "Deleted", object: old, old });
  }
}
