import type { KubeObject, ObjectKey } from "../api/kubernetes.ts";
import type { KubeClient, Selection } from "./client.ts";
import { type Change, Reflector, type ReflectorLimits, type ReflectorObserver } from "./reflector.ts";
import { type IndexFunction, Store } from "./store.ts";

export interface InformerOptions<T> extends Omit<Selection, "namespace"> {
  /** Undefined: all namespaces, or the whole cluster. */
  namespaces?: readonly string[] | undefined;
  indexes?: Readonly<Record<string, IndexFunction<T>>>;
  observer: ReflectorObserver;
  limits?: ReflectorLimits;
  /** What is kept of an object; default all but managed fields. */
  trim?: (object: T) => T;
}

/** One cached kind: a store, kept up to date in every namespace of interest, and listeners to its changes. */
export class Informer<T extends KubeObject> {
  readonly #store: Store<T>;
  readonly #reflectors: readonly Reflector<T>[];
  readonly #listeners: ((change: Change<T>) => void)[] = [];

  constructor(client: KubeClient, options: InformerOptions<T>) {
    const { namespaces, indexes, observer, limits, trim, ...selection } = options;
    const store = new Store<T>(indexes);
    const onChange = (change: Change<T>): void => this.#listeners.forEach((listener) => listener(change));
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

  /** Of all objects, which costs no unpacking. */
  keys(): ObjectKey[] {
    return this.#store.keys();
  }

  /** See {@link Store.findKeys}. */
  findKeys(index: string, value: string): ObjectKey[] {
    return this.#store.findKeys(index, value);
  }

  /** See {@link Store.find}. */
  find(index: string, value: string): T[] {
    return this.#store.find(index, value);
  }

  /** A view of all objects, made anew when it is asked for after one has changed. */
  derive<R>(compute: (objects: T[]) => R): () => R {
    let view: { value: R } | undefined;
    this.onChange(() => (view = undefined));
    return () => (view ??= { value: compute(this.list()) }).value;
  }

  /** Listeners must only note the change (enqueue a key), never wait or throw. */
  onChange(listener: (change: Change<T>) => void): void {
    this.#listeners.push(listener);
  }

  /** Resolves when every namespace has been listed once. */
  async synced(): Promise<void> {
    await Promise.all(this.#reflectors.map((reflector) => reflector.synced));
  }

  /** Runs until the signal aborts. */
  async run(signal: AbortSignal): Promise<void> {
    await Promise.all(this.#reflectors.map((reflector) => reflector.run(signal)));
  }
}
