import type { KubeObject, ObjectKey } from "../api/kubernetes.ts";
import type { KubeClient, Selection } from "./client.ts";
import { type Change, Reflector, type ReflectorLimits, type ReflectorObserver } from "./reflector.ts";
import { type IndexFunction, Store } from "./store.ts";

export interface InformerOptions<T> extends Omit<Selection, "namespace"> {
  /** Namespaces to watch. Undefined for all namespaces and for cluster-scoped kinds. */
  namespaces?: readonly string[] | undefined;
  indexes?: Readonly<Record<string, IndexFunction<T>>>;
  observer: ReflectorObserver;
  limits?: ReflectorLimits;
  /**
   * Returns the part of an object that the informer caches. By default, the cache contains everything except managed
   * fields.
   */
  trim?: (object: T) => T;
}

/** Cache for the objects of one kind, with change handlers. One Reflector for each namespace updates the cache. */
export class Informer<T extends KubeObject> {
  readonly #store: Store<T>;
  readonly #reflectors: readonly Reflector<T>[];
  readonly #handlers: ((change: Change<T>) => void)[] = [];

  constructor(client: KubeClient, options: InformerOptions<T>) {
    const { namespaces, indexes, observer, limits, trim, ...selection } = options;
    const store = new Store<T>(indexes);
    const onChange = (change: Change<T>): void => this.#handlers.forEach((handler) => handler(change));
    this.#store = store;
    this.#reflectors = (namespaces ?? [undefined]).map(
      (namespace) =>
        new Reflector<T>({
          client,
          selection: { ...selection, ...(namespace !== undefined && { namespace }) },
          store,
          onChange,
          observer,
          ...(limits && { limits }),
          ...(trim && { trim }),
        }),
    );
  }

  get(key: ObjectKey): T | undefined {
    return this.#store.get(key);
  }

  list(): T[] {
    return this.#store.list();
  }

  /** See {@link Store.listKeys}. */
  listKeys(): ObjectKey[] {
    return this.#store.listKeys();
  }

  /** See {@link Store.indexKeys}. */
  indexKeys(index: string, value: string): ObjectKey[] {
    return this.#store.indexKeys(index, value);
  }

  /** See {@link Store.byIndex}. */
  byIndex(index: string, value: string): T[] {
    return this.#store.byIndex(index, value);
  }

  /** Returns a function that computes a value from all objects and caches this value until an object changes. */
  derive<R>(compute: (objects: T[]) => R): () => R {
    let cached: { value: R } | undefined;
    this.addEventHandler(() => (cached = undefined));
    return () => (cached ??= { value: compute(this.list()) }).value;
  }

  /**
   * Calls the handler for each change. A handler must be synchronous and fast, and must not throw. A typical handler
   * enqueues a key.
   */
  addEventHandler(handler: (change: Change<T>) => void): void {
    this.#handlers.push(handler);
  }

  /** Resolves when the objects in every namespace have been listed once. */
  async synced(): Promise<void> {
    await Promise.all(this.#reflectors.map((reflector) => reflector.synced));
  }

  /** Runs until the signal aborts. */
  async run(signal: AbortSignal): Promise<void> {
    await Promise.all(this.#reflectors.map((reflector) => reflector.run(signal)));
  }
}
