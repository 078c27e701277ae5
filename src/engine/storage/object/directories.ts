import { EngineError } from "../../errors.ts";
import { nothingThere } from "../uploads/incomplete-uploads.ts";
import { putMarker } from "./bodies.ts";
import { isCode } from "./conditional.ts";
import { type HomeKeys, isExpressible, parentOf, type ReservedKeys } from "./keys.ts";
import type { ObjectStore } from "./object-store.ts";
import { bytesOfState, removeStateAt } from "./uploads/partials.ts";
import { pagesOf } from "./listing.ts";
import type { Usage } from "../storage.ts";

/** Maximum number of keys in which to search for a visible entry before a directory is removed. */
const SEARCHED_KEYS = 500;

/**
 * The directories in one home. A directory is a key prefix for which a marker object or at least one other key exists.
 */
export class Directories {
  readonly #store: ObjectStore;
  readonly #keys: HomeKeys;
  readonly #reserved: ReservedKeys;

  constructor(store: ObjectStore, keys: HomeKeys, reserved: ReservedKeys) {
    this.#store = store;
    this.#keys = keys;
    this.#reserved = reserved;
  }

  /** Returns whether a directory exists. The root of the home always exists. */
  async exists(path: string): Promise<boolean> {
    if (path === "/") return true;
    const { objects } = await this.#store.list(this.#keys.directory(path), { max: 1 });
    return objects.length > 0;
  }

  /** @throws EngineError NotADirectory if the path is a file, NotFound if the path does not exist */
  async check(path: string): Promise<void> {
    if (await this.exists(path)) return;
    if ((await this.#store.head(this.#keys.file(path))) !== undefined)
      throw new EngineError("NotADirectory", "Not a directory");
    throw nothingThere();
  }

  /** Stores the marker object of an existing directory, so that the directory remains when its last file is removed. */
  async keep(path: string): Promise<void> {
    if (path === "/") return;
    const key = this.#keys.directory(path);
    try {
      await putMarker(this.#store, key, "Absent");
    } catch (error) {
      // Conflict: the marker object exists. NotSupported: the service does not support conditional requests.
      if (isCode(error, "NotSupported")) await putMarker(this.#store, key);
      else if (!isCode(error, "Conflict")) throw error;
    }
  }

  /**
   * @throws EngineError AlreadyExists if a file or directory has this name, NotFound if the parent directory does not
   * exist
   */
  async create(path: string): Promise<void> {
    const [file, isThere] = await Promise.all([
      this.#store.head(this.#keys.file(path)),
      this.exists(path),
      this.check(parentOf(path)),
    ]);
    if (file !== undefined || isThere) throw new EngineError("AlreadyExists", "File exists");
    await putMarker(this.#store, this.#keys.directory(path));
  }

  /**
   * Removes an empty directory and all accounts' incomplete uploads in the directory.
   * @returns the usage that the removal frees
   * @throws EngineError DirectoryNotEmpty. If the directory contains only names that FTP cannot express, the message
   *   states this reason.
   */
  async removeEmpty(path: string): Promise<Usage> {
    const prefix = this.#keys.directory(path);
    const { objects, prefixes } = await this.#store.list(prefix, { delimiter: "/", max: SEARCHED_KEYS });
    if (objects.length + prefixes.length === 0) await this.check(path);
    const names = [
      ...objects.filter(({ key }) => key !== prefix).map(({ key }) => key.slice(prefix.length)),
      ...prefixes.map((key) => key.slice(prefix.length, -1)),
    ];
    if (names.some(isExpressible)) throw new EngineError("DirectoryNotEmpty", "Directory not empty");
    if (names.length > 0)
      throw new EngineError(
        "DirectoryNotEmpty",
        "Directory not empty: it contains objects whose names FTP cannot express",
      );
    await this.keep(parentOf(path));
    await this.#store.remove(prefix);
    const { bytes, files } = await this.#removeIncomplete(prefix);
    return { bytes, files: files + 1 };
  }

  async #removeIncomplete(prefix: string): Promise<Usage> {
    const usage: Usage = { bytes: 0, files: 0 };
    for await (const { objects } of pagesOf(this.#store, this.#reserved.ofDirectory(this.#keys, prefix)))
      for (const { key } of objects) {
        await removeStateAt(this.#store, key);
        const bytes = bytesOfState(key);
        usage.bytes += bytes;
        usage.files += bytes > 0 ? 1 : 0;
      }
    return usage;
  }
}
