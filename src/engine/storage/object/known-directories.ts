import type { ObjectLimits } from "./limits.ts";
import type { ListPage, ObjectStore } from "./object-store.ts";

/** Entries directly below a key prefix, from one listing page and from later requests by this engine. */
export class KnownDirectory {
  readonly files = new Set<string>();
  readonly directories = new Set<string>();
  /** Whether any key begins with the prefix. */
  exists = false;
  /** Whether the listing had only one page, so that all names missing from the page are unused. */
  isComplete = false;
  /** Whether the entries from the first page of the listing have been added. */
  isLoaded = false;

  get size(): number {
    return this.files.size + this.directories.size;
  }

  mayHaveFile(name: string): boolean {
    return !this.isComplete || this.files.has(name);
  }

  mayHaveDirectory(name: string): boolean {
    return !this.isComplete || this.directories.has(name);
  }

  /** Returns whether a file in the directory can have a name with this beginning. */
  mayHaveFileWith(beginning: string): boolean {
    return !this.isComplete || this.files.values().some((name) => name.startsWith(beginning));
  }

  /** @param rest key without the key prefix of the directory */
  add(rest: string): void {
    this.exists = true;
    const slash = rest.indexOf("/");
    if (slash !== -1) this.directories.add(rest.slice(0, slash));
    else if (rest !== "") this.files.add(rest);
  }
}

interface Known {
  readonly directory: KnownDirectory;
  readonly loaded: Promise<KnownDirectory>;
  readonly startedAt: number;
}

/**
 * Caches recently listed directories of a bucket, so that uploads of many files to one directory require no lookup for
 * each name. The cache reflects changes by this engine immediately, and changes by other engines and programs after at
 * most `knownDirectoryAge`.
 */
export class KnownDirectories {
  readonly #store: Pick<ObjectStore, "list">;
  readonly #limits: KnownLimits;
  readonly #now: () => number;
  /** Directories, keyed by prefix, in the order in which they were listed. */
  readonly #known = new Map<string, Known>();

  constructor(
    store: Pick<ObjectStore, "list">,
    limits: KnownLimits,
    now: () => number = () => performance.now(),
  ) {
    this.#store = store;
    this.#limits = limits;
    this.#now = now;
  }

  /** Returns whether the cache contains a directory, so that `look` sends no request. */
  has(prefix: string): boolean {
    return this.#fresh(prefix) !== undefined;
  }

  /** Returns a directory from the cache, or lists the directory. Concurrent calls share one request. */
  look(prefix: string): Promise<KnownDirectory> {
    const known = this.#fresh(prefix);
    if (known !== undefined) return known.loaded;
    this.#makeRoom();
    const directory = new KnownDirectory();
    const loaded = this.#load(prefix, directory);
    this.#known.set(prefix, { directory, loaded, startedAt: this.#now() });
    return loaded;
  }

  /**
   * Adds the names in a key to the cached directories. Must be called before and after a request that stores an object.
   * A name without an object only causes additional requests. Removes directories that are too old or have too many
   * names from the cache. Otherwise, a client that only creates directories could fill the memory.
   */
  stored(key: string): void {
    for (const prefix of prefixesOf(key)) {
      const known = this.#known.get(prefix);
      if (known === undefined) continue;
      known.directory.add(key.slice(prefix.length));
      // While the listing is running, uploads that wait for it still need the new names.
      if (known.directory.isLoaded && !this.#isUsable(known)) this.#known.delete(prefix);
    }
  }

  /**
   * Removes the directories that contain a key from the cache. Must be called before and after a request that removes
   * an object, because empty directories can disappear.
   */
  removed(key: string): void {
    for (const prefix of prefixesOf(key)) this.#known.delete(prefix);
  }

  #fresh(prefix: string): Known | undefined {
    const known = this.#known.get(prefix);
    if (known === undefined || this.#isUsable(known)) return known;
    this.#known.delete(prefix);
    return undefined;
  }

  #isUsable({ directory, startedAt }: Known): boolean {
    const { knownDirectoryAge, knownNames } = this.#limits;
    return this.#now() - startedAt < knownDirectoryAge && directory.size <= knownNames;
  }

  async #load(prefix: string, directory: KnownDirectory): Promise<KnownDirectory> {
    let page: ListPage;
    try {
      page = await this.#store.list(prefix, { delimiter: "/", max: this.#limits.knownKeys });
    } catch (error) {
      if (this.#known.get(prefix)?.directory === directory) this.#known.delete(prefix);
      throw error;
    }
    for (const { key } of page.objects) directory.add(key.slice(prefix.length));
    for (const key of page.prefixes) directory.add(key.slice(prefix.length));
    directory.isComplete = page.next === undefined;
    directory.isLoaded = true;
    return directory;
  }

  #makeRoom(): void {
    const { knownDirectoryAge, knownDirectories, knownTotalNames } = this.#limits;
    const oldest = this.#now() - knownDirectoryAge;
    let names = this.#known.values().reduce((sum, { directory }) => sum + directory.size, 0);
    for (const [prefix, { startedAt, directory }] of this.#known) {
      if (startedAt > oldest && this.#known.size < knownDirectories && names <= knownTotalNames) return;
      this.#known.delete(prefix);
      names -= directory.size;
    }
  }
}

type KnownLimits = Pick<
  ObjectLimits,
  "knownDirectoryAge" | "knownDirectories" | "knownKeys" | "knownNames" | "knownTotalNames"
>;

/** Yields the prefixes of all directories that contain a key, including the directory whose marker has this key. */
function* prefixesOf(key: string): Generator<string> {
  yield "";
  for (let slash = key.indexOf("/"); slash !== -1; slash = key.indexOf("/", slash + 1))
    yield key.slice(0, slash + 1);
}
