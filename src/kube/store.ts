import type { KubeObject, ObjectKey, ObjectMeta } from "../api/kubernetes.ts";
import { Packer } from "./packer.ts";

/** Namespace and name; the namespace of a cluster-scoped object is empty. */
export function keyOf({ metadata: { namespace = "", name } }: { metadata: ObjectMeta }): ObjectKey {
  return `${namespace}/${name}`;
}

/** From an object to the values it is found by. */
export type IndexFunction<T> = (object: T) => readonly string[];

/** The objects of one kind as last seen, with indexes, packed: a fleet has tens of thousands, and most of them rest. */
export class Store<T extends KubeObject> {
  readonly #objects = new Map<ObjectKey, string>();
  readonly #packer = new Packer<T>();
  readonly #indexes: ReadonlyMap<string, { values: IndexFunction<T>; keys: Map<string, Set<ObjectKey>> }>;

  constructor(indexes: Readonly<Record<string, IndexFunction<T>>> = {}) {
    this.#indexes = new Map(
      Object.entries(indexes).map(([name, values]) => [name, { values, keys: new Map() }]),
    );
  }

  get(key: ObjectKey): T | undefined {
    const packed = this.#objects.get(key);
    return packed === undefined ? undefined : this.#packer.unpack(packed);
  }

  list(): T[] {
    return [...this.#objects.values()].map((packed) => this.#packer.unpack(packed));
  }

  keys(): ObjectKey[] {
    return [...this.#objects.keys()];
  }

  /** Objects that the index of this name finds under `value`. @throws TypeError when there is no such index */
  find(index: string, value: string): T[] {
    return this.findKeys(index, value).flatMap((key) => this.get(key) ?? []);
  }

  /** Their keys alone, which costs no unpacking. @throws TypeError when there is no such index */
  findKeys(index: string, value: string): ObjectKey[] {
    const known = this.#indexes.get(index);
    if (known === undefined) throw new TypeError(`no index ${index}`);
    return [...(known.keys.get(value) ?? [])];
  }

  /** @returns the object that was there before */
  set(object: T): T | undefined {
    const key = keyOf(object);
    const old = this.delete(key);
    this.#objects.set(key, this.#packer.pack(object));
    for (const { values, keys } of this.#indexes.values()) {
      for (const value of values(object)) addTo(keys, value, key);
    }
    return old;
  }

  /** @returns the object that was there */
  delete(key: ObjectKey): T | undefined {
    const old = this.get(key);
    if (old === undefined) return undefined;
    this.#objects.delete(key);
    for (const { values, keys } of this.#indexes.values()) {
      for (const value of values(old)) removeFrom(keys, value, key);
    }
    return old;
  }
}

function addTo(keys: Map<string, Set<ObjectKey>>, value: string, key: ObjectKey): void {
  const set = keys.get(value) ?? new Set();
  keys.set(value, set.add(key));
}

function removeFrom(keys: Map<string, Set<ObjectKey>>, value: string, key: ObjectKey): void {
  const set = keys.get(value);
  set?.delete(key);
  if (set?.size === 0) keys.delete(value);
}
