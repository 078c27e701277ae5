import { EngineError } from "../../errors.ts";
import { componentsOf } from "../path.ts";
import type {
  Entry,
  ReadHandle,
  RenameControl,
  Replaces,
  Sorting,
  Storage,
  Upload,
  UploadMode,
  Usage,
} from "../storage.ts";
import { mergeEntries } from "./merge-entries.ts";

/** A directory in the home that shows files from other storage. */
export interface Mount {
  /** Absolute virtual path of the mount, which is never `/`. */
  path: string;
  /** Storage whose root directory clients see at `path`. */
  storage: Storage;
  access: "ReadWrite" | "ReadOnly";
  /**
   * Returns whether the storage responds. While the storage does not respond, listings in the home show the mount
   * without a request to its storage. Defaults to true.
   */
  isResponding?: () => boolean;
}

/** The storage of an entry, and the path of the entry in this storage. */
interface Place {
  /** The value is undefined for the home. */
  mount: Mount | undefined;
  storage: Storage;
  path: string;
}

/** Mode of a mount point or a directory above a mount point, if the storage contains no directory at the path. */
const FIXED_MODE = 0o555;

/**
 * A home with mounts. The longest mount path that contains a path selects the storage. A mount hides an entry with the
 * same name in the home. Mount points and the directories above them always exist. Clients cannot remove, rename or
 * replace these directories. If the storage of a mount fails, the mount remains visible. Only commands inside the mount
 * fail.
 */
export class MountedStorage implements Storage {
  readonly #home: Storage;
  /** Mounts sorted by path length, longest first. */
  readonly #mounts: readonly Mount[];
  readonly #openedAt = new Date();
  readonly hasDistinctPaths: boolean;

  constructor(home: Storage, mounts: readonly Mount[]) {
    this.#home = home;
    this.hasDistinctPaths = [home, ...mounts.map(({ storage }) => storage)].every(
      (storage) => storage.hasDistinctPaths === true,
    );
    this.#mounts = mounts.toSorted((a, b) => b.path.length - a.path.length);
  }

  async stat(path: string): Promise<Entry> {
    const place = this.#placeOf(path);
    const { mount, storage, path: inner } = place;
    const entry = this.#isFixed(path) ? await this.#statFixed(path, place) : await storage.stat(inner);
    return mount === undefined ? entry : ofMount(mount, path, entry);
  }

  async resumable(path: string): Promise<Entry | undefined> {
    if (this.#isFixed(path)) return undefined;
    const { mount, storage, path: inner } = this.#placeOf(path);
    const found = await storage.resumable(inner);
    return found && (mount === undefined ? found : ofMount(mount, path, found));
  }

  async *list(path: string, sorting?: Sorting): AsyncGenerator<readonly Entry[]> {
    const { mount, storage, path: inner } = this.#placeOf(path);
    const names = this.#namesBelow(path);
    const entries = this.#isFixed(path) ? listIfThere(storage, inner, sorting) : storage.list(inner, sorting);
    const batches = mount === undefined ? entries : asMounted(mount, entries);
    yield* names.size === 0
      ? batches
      : mergeEntries(batches, await this.#statAll(path, names), sorting !== undefined);
  }

  /** Counts only files outside mounts, because the quota does not apply to mounts. */
  measure(): AsyncIterable<Usage> {
    return this.#home.measure();
  }

  async openRead(path: string, start?: number): Promise<ReadHandle> {
    const { storage, path: inner } = this.#placeOf(path);
    if (this.#isFixed(path)) throw new EngineError("IsADirectory", "Is a directory");
    return await storage.openRead(inner, start);
  }

  async openUpload(path: string, mode: UploadMode, umask?: number): Promise<Upload> {
    if (this.#isFixed(path)) throw new EngineError("IsADirectory", "Is a directory");
    const { storage, path: inner } = this.#placeToChange(path);
    return await storage.openUpload(inner, mode, umask);
  }

  async remove(path: string): Promise<void> {
    const { storage, path: inner } = this.#placeToChange(path);
    await storage.remove(inner);
  }

  async makeDirectory(path: string, umask?: number): Promise<void> {
    if (this.#isFixed(path)) throw new EngineError("AlreadyExists", "File exists");
    const { storage, path: inner } = this.#placeToChange(path);
    await storage.makeDirectory(inner, umask);
  }

  async removeDirectory(path: string): Promise<void> {
    const { storage, path: inner } = this.#placeToChange(path);
    await storage.removeDirectory(inner);
  }

  async rename(from: string, to: string, replaces: Replaces, control?: RenameControl): Promise<void> {
    const source = this.#placeToChange(from);
    const target = this.#placeToChange(to);
    if (source.storage !== target.storage)
      throw new EngineError(
        "PermissionDenied",
        "The new name is in another storage. Copy the file and remove the original",
      );
    await source.storage.rename(source.path, target.path, replaces, control);
  }

  copiesOnRename(path: string): boolean {
    const { storage, path: inner } = this.#placeOf(path);
    return storage.copiesOnRename?.(inner) ?? false;
  }

  listsExactNames(path: string): boolean {
    const { storage, path: inner } = this.#placeOf(path);
    return storage.listsExactNames?.(inner) ?? false;
  }

  /** Sets a modification time. For a mount or a directory above a mount, the directory must exist in its storage. */
  async setModificationTime(path: string, time: Date): Promise<void> {
    const { storage, path: inner } = this.#writablePlaceOf(path);
    if (this.#isFixed(path) && (await storage.stat(inner).catch(ignoreMissing))?.type !== "Directory")
      throw new EngineError(
        "PermissionDenied",
        "The time of this directory cannot be set; it exists only for a mount",
      );
    await storage.setModificationTime(inner, time);
  }

  async setMode(path: string, mode: number): Promise<void> {
    const { storage, path: inner } = this.#placeToChange(path);
    await storage.setMode(inner, mode);
  }

  async availableBytes(path: string): Promise<number> {
    const { storage, path: inner } = this.#placeOf(path);
    return await storage.availableBytes(inner);
  }

  #placeOf(path: string): Place {
    const mount = this.#mounts.find((one) => isInside(path, one.path));
    if (mount === undefined) return { mount, storage: this.#home, path };
    const inner = path.slice(mount.path.length);
    return { mount, storage: mount.storage, path: inner === "" ? "/" : inner };
  }

  /**
   * @throws EngineError PermissionDenied for a mount point, a directory above a mount point, or a path in a read-only
   *   mount
   */
  #placeToChange(path: string): Place {
    if (this.#isFixed(path)) throw fixedMount();
    return this.#writablePlaceOf(path);
  }

  /** @throws EngineError PermissionDenied for a path in a read-only mount */
  #writablePlaceOf(path: string): Place {
    const place = this.#placeOf(path);
    if (place.mount?.access === "ReadOnly")
      throw new EngineError("PermissionDenied", "Read-only file system");
    return place;
  }

  /** Returns whether a path is a mount point or a directory above a mount point. */
  #isFixed(path: string): boolean {
    return this.#mounts.some((mount) => isInside(mount.path, path));
  }

  /** Returns the names in a directory that belong to mount points or to directories above mount points. */
  #namesBelow(path: string): ReadonlySet<string> {
    const depth = componentsOf(path).length;
    const below = this.#mounts.filter((mount) => mount.path !== path && isInside(mount.path, path));
    return new Set(below.map((mount) => componentsOf(mount.path)[depth] ?? ""));
  }

  /**
   * Returns the entry of a mount point or a directory above a mount point. The storage does not have to contain the
   * directory.
   */
  async #statFixed(path: string, { mount, storage, path: inner }: Place): Promise<Entry> {
    const isMount = mount?.path === path;
    const isResponding = !isMount || (mount?.isResponding?.() ?? true);
    const found = isResponding
      ? await storage.stat(inner).catch(isMount ? ignoreFailure : ignoreMissing)
      : undefined;
    if (found?.type === "Directory") return found;
    return {
      name: componentsOf(path).at(-1) ?? "/",
      type: "Directory",
      size: 0,
      modified: this.#openedAt,
      unique: `m${tokenOf(path)}`,
      mode: FIXED_MODE,
    };
  }

  async #statAll(directory: string, names: ReadonlySet<string>): Promise<Entry[]> {
    const parent = directory === "/" ? "" : directory;
    return await Promise.all([...names].map((name) => this.stat(`${parent}/${name}`)));
  }
}

/** Returns the error for a change to a mount or a directory above a mount. */
export function fixedMount(): EngineError {
  return new EngineError(
    "PermissionDenied",
    "Mounts and directories that contain mounts cannot be changed; change the files in them instead",
  );
}

/** Returns whether a path is the directory or is inside the directory. */
function isInside(path: string, directory: string): boolean {
  return directory === "/" || path === directory || path.startsWith(`${directory}/`);
}

/** Yields the entries of a directory, or nothing if the directory does not exist. */
async function* listIfThere(
  storage: Storage,
  path: string,
  sorting: Sorting | undefined,
): AsyncGenerator<readonly Entry[]> {
  const found = await storage.stat(path).catch(ignoreMissing);
  if (found?.type === "Directory") yield* storage.list(path, sorting);
}

function ignoreFailure(error: unknown): undefined {
  if (error instanceof EngineError) return undefined;
  throw error;
}

function ignoreMissing(error: unknown): undefined {
  if (error instanceof EngineError && ["NotFound", "NotADirectory"].includes(error.code)) return undefined;
  throw error;
}

async function* asMounted(
  mount: Mount,
  batches: AsyncIterable<readonly Entry[]>,
): AsyncGenerator<readonly Entry[]> {
  for await (const batch of batches) yield batch.map((entry) => withUnique(mount, entry));
}

/** Returns an entry in a mount under the name that the entry has in the home. */
function ofMount(mount: Mount, path: string, entry: Entry): Entry {
  return { ...withUnique(mount, entry), name: componentsOf(path).at(-1) ?? "/" };
}

/** Adds the mount to the identity of an entry, because entries in different storage can have the same identity. */
function withUnique(mount: Mount, entry: Entry): Entry {
  return { ...entry, unique: `${entry.unique}m${tokenOf(mount.path)}` };
}

/** Encodes a path as a string without spaces or fact separators (RFC 3659 section 7.2). */
function tokenOf(path: string): string {
  return Buffer.from(path).toString("base64url");
}
