import { deflateRawSync, inflateRawSync } from "node:zlib";
import type { KubeObject, ObjectKey, ObjectMeta } from "../api/kubernetes.ts";

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

/** Small windows keep the memory of each call small. Most results are far shorter than a chunk. */
const SETTINGS = { level: 1, windowBits: 14, memLevel: 5, chunkSize: 4096 } as const;

/**
 * Keeps objects as compressed JSON. The first one is the dictionary of all others, so that a Service of eleven ports takes some
 * two hundred bytes instead of ten thousand; unpacking takes tens of microseconds.
 */
export class Packer<T extends object> {
  #dictionary: Buffer | undefined;

  /** @returns bytes as characters: a short string takes less than a short buffer */
  pack(object: T): string {
    const json = Buffer.from(JSON.stringify(object));
    this.#dictionary ??= json;
    return deflateRawSync(json, { ...SETTINGS, dictionary: this.#dictionary }).toString("latin1");
  }

  unpack(packed: string): T {
    const { windowBits, chunkSize } = SETTINGS;
    const dictionary = this.#dictionary ?? Buffer.alloc(0);
    const bytes = Buffer.from(packed, "latin1");
    const json = inflateRawSync(bytes, { windowBits, chunkSize, dictionary }).toString("utf8");
    const object: T = JSON.parse(json);
    return object;
  }
}
