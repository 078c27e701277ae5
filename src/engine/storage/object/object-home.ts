import type { Readable } from "node:stream";
import type { EngineObjectStorage } from "../../../api/engine-storage.ts";
import type { FileModes } from "../../../api/file-modes.ts";
import { EngineError, toEngineError } from "../../errors.ts";
import type { KernelCopy } from "../local/system/kernel-copy.ts";
import type {
  Entry,
  ReadHandle,
  RenameControl,
  Replaces,
  Storage,
  Upload,
  UploadMode,
  Usage,
} from "../storage.ts";
import { fileExists, nothingThere, type UploadPolicy } from "../uploads/incomplete-uploads.ts";
import type { RunningUploads } from "../uploads/running-uploads.ts";
import type { Growth, OpenLedger, UsageLedger } from "../usage/usage-ledger.ts";
import { withModified } from "./bodies.ts";
import { isCode } from "./conditional.ts";
import { copyObject } from "./copies.ts";
import { Directories } from "./directories.ts";
import { directoryEntry, fileEntry } from "./entries.ts";
import type { KeyLocks } from "./key-locks.ts";
import type { HomeKeys, ReservedKeys } from "./keys.ts";
import type { KnownDirectories } from "./known-directories.ts";
import type { ObjectLimits } from "./limits.ts";
import type { ListedKeys } from "./listed-keys.ts";
import { entriesIn, usageOf } from "./listing.ts";
import { ObjectReader } from "./object-reader.ts";
import type { ObjectFacts, ObjectStore } from "./object-store.ts";
import { removeFile } from "./removals.ts";
import { renameEntry } from "./home-renames.ts";
import { openUpload } from "./uploads/open-upload.ts";
import { checkTarget } from "./uploads/upload-checks.ts";
import { findPartial, type PartialOf } from "./uploads/partials.ts";
import type { UploadMemory } from "./uploads/upload-memory.ts";
import type { ObjectTarget } from "./uploads/upload-target.ts";

const NEW_DIRECTORY: Growth = { file: "InPlace", start: 0, reuses: [], files: 1 };

/** Values that all homes in a bucket share. */
export interface SharedParts {
  store: ObjectStore;
  known: KnownDirectories;
  listed: ListedKeys;
  limits: ObjectLimits;
  kernelCopy: Pick<KernelCopy, "read"> | undefined;
  reserved: ReservedKeys;
  memory: UploadMemory;
  running: RunningUploads;
  locks: KeyLocks;
  multipart: EngineObjectStorage["multipart"];
  /** Returns the current upload policy, which can change while the engine runs. */
  policy: () => UploadPolicy;
}

/** Account, permissions and limits for one home. */
export interface ObjectHomeRules {
  keys: HomeKeys;
  /**
   * Account whose incomplete uploads the engine keeps. The value is undefined if the engine keeps no incomplete
   * uploads.
   */
  account: string | undefined;
  /** Whether uploads can change existing files. This setting does not affect renames, which can also replace files. */
  changes: "Allowed" | "Denied";
  /** Returns the modes that clients see, because object storage does not store modes. */
  modes: () => FileModes;
  /** Opens the usage ledger of the home. The value is undefined if no limit applies to the home. */
  ledger: OpenLedger | undefined;
}

/** A home in object storage. */
export class ObjectHome implements Storage {
  readonly hasDistinctPaths = true;
  readonly #parts: SharedParts;
  readonly #rules: Omit<ObjectHomeRules, "ledger">;
  readonly #directories: Directories;
  readonly #ledger: UsageLedger | undefined;

  constructor(parts: SharedParts, rules: ObjectHomeRules) {
    this.#parts = parts;
    this.#rules = rules;
    this.#directories = new Directories(parts.store, rules.keys, parts.reserved);
    this.#ledger = rules.ledger?.(this);
  }

  async stat(path: string): Promise<Entry> {
    const { keys, modes } = this.#rules;
    const facts = path === "/" ? undefined : await this.#parts.store.head(keys.file(path));
    if (facts !== undefined) return fileEntry(path, keys.file(path), facts, modes());
    if (!(await this.#directories.exists(path))) throw nothingThere();
    return directoryEntry(path, keys.directory(path), modes());
  }

  async resumable(path: string): Promise<Entry | undefined> {
    const { policy, store } = this.#parts;
    if (path === "/" || policy().incomplete === "Remove") return undefined;
    const of = this.#partialOf(path);
    const [partial, file, isDirectory] = await Promise.all([
      findPartial(of),
      store.head(of.key),
      this.#directories.exists(path),
    ]);
    if (partial === undefined || file !== undefined || isDirectory) return undefined;
    const { bytes: size, modified } = partial;
    return fileEntry(path, partial.stateKey, { size, modified }, this.#rules.modes());
  }

  async *list(path: string): AsyncGenerator<readonly Entry[]> {
    const { keys, modes } = this.#rules;
    const lease = () => this.#parts.listed.lease(keys.base);
    const options = { modes: modes(), mustHaveKeys: path !== "/", lease };
    try {
      yield* entriesIn(this.#parts.store, keys.directory(path), options);
    } catch (error) {
      if (error instanceof EngineError && error.code === "NotFound") await this.#directories.check(path);
      throw toEngineError(error);
    }
  }

  async *measure(): AsyncGenerator<Usage> {
    yield* usageOf(this.#parts.store, this.#rules.keys, this.#parts.reserved);
  }

  async openRead(path: string, start?: number): Promise<ReadHandle> {
    const { store, limits } = this.#parts;
    const key = this.#rules.keys.file(path);
    const closing = new AbortController();
    const opened =
      start === undefined || path === "/"
        ? { facts: await this.#factsOf(path), stream: undefined }
        : await this.#openAt(path, start, closing.signal);
    const { facts, stream } = opened;
    return new ObjectReader({
      store,
      limits,
      key,
      facts,
      entry: fileEntry(path, key, facts, this.#rules.modes()),
      first: stream && { stream, position: start ?? 0 },
      closing,
    });
  }

  async openUpload(path: string, mode: UploadMode): Promise<Upload> {
    if (path === "/") throw new EngineError("IsADirectory", "Is a directory");
    const allowed = this.#allowed(mode);
    const target = this.#target(path);
    const ready = this.#ledger?.ready();
    if (ready !== undefined) await ready;
    const open = async (): Promise<Upload> => {
      const found = await checkTarget(target, this.#directories, this.#parts.known, path, allowed);
      return await openUpload(target, allowed, found);
    };
    return await (this.#ledger?.isExact === true ? this.#ledger.exclusively(open) : open());
  }

  remove(path: string): Promise<void> {
    return this.#changeAt([path], async () => {
      const removed = await removeFile(this.#directories, path, this.#partialOf(path));
      this.#ledger?.removed(removed);
    });
  }

  async makeDirectory(path: string): Promise<void> {
    if (path === "/") throw fileExists(false);
    const ready = this.#ledger?.ready();
    if (ready !== undefined) await ready;
    await this.#change(async () => {
      const reservation = await this.#ledger?.reserve(NEW_DIRECTORY);
      try {
        await this.#directories.create(path);
        reservation?.settle();
      } finally {
        reservation?.release();
      }
    });
  }

  removeDirectory(path: string): Promise<void> {
    return this.#changeAt([path], async () => {
      checkNotHome(path);
      const removed = await this.#directories.removeEmpty(path);
      this.#ledger?.removed(removed);
    });
  }

  copiesOnRename(): boolean {
    return true;
  }

  listsExactNames(): boolean {
    return true;
  }

  async rename(from: string, to: string, replaces: Replaces, control?: RenameControl): Promise<void> {
    checkNotHome(from);
    checkNotHome(to);
    const { keys } = this.#rules;
    await this.#parts.locks.run([keys.file(from), keys.file(to)], async () => {
      control?.signal.throwIfAborted();
      const moved = await this.stat(from);
      const directories = this.#directories;
      const parts = { ...this.#parts, keys, directories, ledger: this.#ledger, partial: this.#partialOf(to) };
      const rename = (): Promise<void> => renameEntry(parts, { moved, from, to, replaces, control });
      // The rename of a directory can take minutes, so other changes to the home do not wait for it.
      await (moved.type === "Directory" ? rename() : this.#change(rename));
    });
  }

  async setModificationTime(path: string, time: Date): Promise<void> {
    const { store, limits } = this.#parts;
    const key = this.#rules.keys.file(path);
    const facts = path === "/" ? undefined : await store.head(key);
    if (facts === undefined) {
      await this.stat(path);
      throw new EngineError("NotSupported", "Object storage has no modification times for directories");
    }
    const metadata = withModified(facts.metadata, time);
    await copyObject(store, limits, { from: key, to: key, facts, metadata });
  }

  async setMode(path: string): Promise<void> {
    await this.stat(path);
    throw new EngineError("NotSupported", "Object storage has no file modes");
  }

  async availableBytes(path: string): Promise<number> {
    await this.#directories.check(path);
    return Math.min((await this.#ledger?.available()) ?? Infinity, Number.MAX_SAFE_INTEGER);
  }

  /** Returns an upload mode that does not change existing files if the account must not change them. */
  #allowed(mode: UploadMode): UploadMode {
    if (this.#rules.changes === "Allowed") return mode;
    if (mode.type === "Replace" || mode.type === "Create") return { type: "Create" };
    throw new EngineError("PermissionDenied", "Existing files cannot be changed");
  }

  /** Opens a file with one request. The result contains no stream if the file has no bytes after `start`. */
  async #openAt(
    path: string,
    start: number,
    signal: AbortSignal,
  ): Promise<{ facts: ObjectFacts; stream?: Readable }> {
    try {
      const opened = await this.#parts.store.open(this.#rules.keys.file(path), start, signal);
      return opened ?? (await this.#absent(path));
    } catch (error) {
      if (!isCode(error, "InvalidOffset")) throw error;
      return { facts: await this.#factsOf(path) };
    }
  }

  async #factsOf(path: string): Promise<ObjectFacts> {
    const facts = path === "/" ? undefined : await this.#parts.store.head(this.#rules.keys.file(path));
    return facts ?? (await this.#absent(path));
  }

  /** @throws EngineError IsADirectory if the path is a directory, otherwise NotFound */
  async #absent(path: string): Promise<never> {
    if (await this.#directories.exists(path)) throw new EngineError("IsADirectory", "Is a directory");
    throw nothingThere();
  }

  /** Runs a change that the usage ledger must record. */
  #change<T>(change: () => Promise<T>): Promise<T> {
    return this.#ledger === undefined ? change() : this.#ledger.exclusively(change);
  }

  /**
   * Runs a change to paths. While the change runs, no other change to these paths or to entries below these paths can
   * run.
   */
  async #changeAt<T>(paths: readonly string[], change: () => Promise<T>): Promise<T> {
    const keys = paths.map((path) => this.#rules.keys.file(path));
    return await this.#parts.locks.run(keys, () => this.#change(change));
  }

  #partialOf(path: string): PartialOf {
    const { store, reserved } = this.#parts;
    const { keys, account } = this.#rules;
    return { store, reserved, keys, account, key: keys.file(path) };
  }

  #target(path: string): ObjectTarget {
    const { multipart, limits, kernelCopy, memory, running, locks, policy } = this.#parts;
    const of = this.#partialOf(path);
    const owner = of.account ?? of.keys.base;
    const shared = { multipart, limits, kernelCopy, memory, running, locks, policy };
    return { ...of, ...shared, owner, ledger: this.#ledger };
  }
}

function checkNotHome(path: string): void {
  if (path === "/")
    throw new EngineError("PermissionDenied", "The home directory cannot be removed or renamed");
}
