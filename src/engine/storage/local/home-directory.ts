import { constants, type Stats } from "node:fs";
import type { FileModes } from "../../../api/file-modes.ts";
import { EngineError, toEngineError } from "../../errors.ts";
import { componentsOf } from "../path.ts";
import type { Growth, OpenLedger, UsageLedger } from "../usage/usage-ledger.ts";
import { entriesIn, isShown, visibleEntry } from "./listing/entries.ts";
import { usageOf } from "./listing/measure.ts";
import { move } from "./moves.ts";
import { createDirectory, descend, setEntryMode } from "./system/descend.ts";
import type { Directory } from "./system/directory.ts";
import type { OpenFile } from "./system/open-file.ts";
import type { Entry, ReadHandle, Replaces, Sorting, Storage, Upload, UploadMode, Usage } from "../storage.ts";
import { findPartial, removePartial } from "./uploads/partials.ts";
import { removeEmptyDirectory, removeFile } from "./removals.ts";
import type { RunningUploads } from "../uploads/running-uploads.ts";
import { openUpload } from "./uploads/open-upload.ts";
import type { UploadPolicy } from "../uploads/incomplete-uploads.ts";
import type { UploadTarget } from "./uploads/upload-target.ts";

/** Mode bits that clients cannot remove from directories in a home with a quota, because usage counts need them. */
const COUNTABLE = 0o500;
const NEW_DIRECTORY: Growth = { file: "InPlace", start: 0, reuses: [], files: 1 };
/** Mode bits for the group and others. */
const NOT_OF_OWNER = 0o077;
/** With O_NONBLOCK, opening a named pipe does not wait until another process opens the pipe. */
const READ = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

/** Settings of one home. */
export interface HomeRules {
  /** Returns the current policy for each upload. */
  policy: () => UploadPolicy;
  /** Running uploads in all homes. */
  running: RunningUploads;
  /** Account name for incomplete uploads. The value is undefined when the engine keeps no incomplete uploads. */
  account: string | undefined;
  /** Whether the account can replace existing files, resume uploads to them, or change their modes. */
  changes: "Allowed" | "Denied";
  /** Returns the modes of new files and directories. */
  modes: () => FileModes;
  /** Opens the usage ledger. The value is undefined when the home has no limit. */
  ledger: OpenLedger | undefined;
}

/**
 * Home in a directory tree. Every operation resolves the home directory again from the root, so other programs can move
 * or recreate the home at any time.
 */
export class HomeDirectory implements Storage {
  readonly #root: Directory;
  readonly #home: readonly string[];
  readonly #rules: Omit<HomeRules, "ledger">;
  readonly #ledger: UsageLedger | undefined;

  constructor(root: Directory, home: readonly string[], rules: HomeRules) {
    this.#root = root;
    this.#home = home;
    this.#rules = rules;
    this.#ledger = rules.ledger?.(this);
  }

  async stat(path: string): Promise<Entry> {
    return this.#inParent(path, async (parent, name) =>
      visibleEntry(name || "/", await parent.lstat(name || ".")),
    );
  }

  async resumable(path: string): Promise<Entry | undefined> {
    const { policy, account } = this.#rules;
    if (policy().incomplete === "Remove") return undefined;
    return this.#inParent(path, async (parent, name) => {
      const there = await parent.lstatIfThere(name || ".");
      return there === undefined ? await findPartial({ parent, name, account }) : undefined;
    });
  }

  async *list(path: string, sorting?: Sorting): AsyncGenerator<readonly Entry[]> {
    const directory = await translated(this.#descend(componentsOf(path)));
    try {
      yield* entriesIn(directory, isShown, sorting);
    } catch (error) {
      throw toEngineError(error);
    } finally {
      await directory.close();
    }
  }

  async *measure(): AsyncGenerator<Usage> {
    const home = await translated(this.#descend([]));
    try {
      yield* usageOf(home);
    } catch (error) {
      throw toEngineError(error);
    } finally {
      await home.close();
    }
  }

  openRead(path: string): Promise<ReadHandle> {
    return this.#inParent(path, async (parent, name) => {
      const handle = await parent.open(name || ".", READ);
      try {
        const entry = visibleEntry(name, await handle.stat());
        if (entry.type === "Directory") throw new EngineError("IsADirectory", "Is a directory");
        return {
          entry,
          read: (buffer, position) => translated(handle.read(buffer, position)),
          sendTo: (socket, position, bytes) => handle.sendTo(socket, position, bytes),
          close: () => handle.close(),
        };
      } catch (error) {
        await handle.close();
        throw error;
      }
    });
  }

  async openUpload(path: string, mode: UploadMode, umask = 0): Promise<Upload> {
    const components = componentsOf(path);
    const name = components.pop();
    if (name === undefined) throw new EngineError("IsADirectory", "Is a directory");
    const ledger = this.#ledger;
    const ready = ledger?.ready();
    if (ready !== undefined) await ready;
    const parent = await translated(this.#descend(components));
    try {
      const target = this.#target(parent, components, name, umask);
      const allowed = this.#allowed(mode);
      return await (ledger?.isExact === true
        ? ledger.exclusively(() => openUpload(target, allowed))
        : openUpload(target, allowed));
    } catch (error) {
      await parent.close();
      throw toEngineError(error);
    }
  }

  remove(path: string): Promise<void> {
    const { account } = this.#rules;
    return this.#changeIn(path, async (parent, name) => {
      const removed = await removeFile({ parent, name, account });
      this.#ledger?.removed(removed);
    });
  }

  async makeDirectory(path: string, umask = 0): Promise<void> {
    const mode = without(umask, this.#rules.modes().directory);
    const ready = this.#ledger?.ready();
    if (ready !== undefined) await ready;
    await this.#changeIn(path, async (parent, name) => {
      const reservation = await this.#ledger?.reserve(NEW_DIRECTORY);
      try {
        await createDirectory(parent, name || ".", mode);
        reservation?.settle();
      } finally {
        reservation?.release();
      }
    });
  }

  removeDirectory(path: string): Promise<void> {
    return this.#changeIn(path, async (parent, name) => {
      checkNotHome(name);
      const removed = await removeEmptyDirectory(parent, name);
      this.#ledger?.removed(removed);
    });
  }

  rename(from: string, to: string, replaces: Replaces): Promise<void> {
    return this.#changeIn(from, async (fromParent, fromName) => {
      const moved = visibleEntry(fromName, await fromParent.lstat(fromName || "."));
      await this.#inParent(to, async (toParent, toName) => {
        checkNotHome(fromName);
        checkNotHome(toName);
        const endMove = this.#ledger?.startMove();
        let isMoved = false;
        try {
          await this.#move(fromParent, fromName, { parent: toParent, name: toName }, replaces);
          isMoved = true;
        } finally {
          endMove?.(isMoved ? moved : undefined);
        }
      });
    });
  }

  setModificationTime(path: string, time: Date): Promise<void> {
    return this.#onEntry(path, (entry) => entry.setTime(time));
  }

  async setMode(path: string, mode: number): Promise<void> {
    // If a client removed these mode bits, it could not restore them.
    if (path === "/")
      throw new EngineError("PermissionDenied", "The mode of the home directory cannot be changed");
    if (this.#rules.changes === "Denied")
      throw new EngineError("PermissionDenied", "Existing files cannot be changed");
    const isCounted = this.#ledger?.isExact === true;
    await this.#onEntry(path, (entry, stats) =>
      setEntryMode(entry, stats, isCounted && stats.isDirectory() ? mode | COUNTABLE : mode),
    );
  }

  async availableBytes(path: string): Promise<number> {
    const limit = (await this.#ledger?.available()) ?? Infinity;
    const directory = await translated(this.#descend(componentsOf(path)));
    try {
      const bytes = await translated(directory.availableBytes());
      return Math.min(bytes, limit, Number.MAX_SAFE_INTEGER);
    } finally {
      await directory.close();
    }
  }

  /** Returns an upload mode that does not change existing files if the account must not change them. */
  #allowed(mode: UploadMode): UploadMode {
    if (this.#rules.changes === "Allowed") return mode;
    if (mode.type === "Replace" || mode.type === "Create") return { type: "Create" };
    throw new EngineError("PermissionDenied", "Existing files cannot be changed");
  }

  /** Opens an entry with any mode. The handle refers to the same entry even after another entry takes its name. */
  #onEntry(path: string, use: (entry: OpenFile, stats: Stats) => Promise<void>): Promise<void> {
    return this.#inParent(path, async (parent, name) => {
      const handle = await parent.openEntry(name || ".");
      try {
        const stats = await handle.stat();
        visibleEntry(name, stats);
        await use(handle, stats);
      } finally {
        await handle.close();
      }
    });
  }

  /** Moves an entry. Records the removal of a replaced file. Removes the account's partial upload to the new name. */
  async #move(
    from: Directory,
    name: string,
    to: { parent: Directory; name: string },
    replaces: Replaces,
  ): Promise<void> {
    const replaced = await move(from, name, to.parent, to.name, replaces);
    if (replaced !== undefined) this.#ledger?.removed({ bytes: replaced.size, files: 1 });
    const { account } = this.#rules;
    const partial = await removePartial({ ...to, account }).catch(() => undefined);
    if (partial !== undefined) this.#ledger?.removed(partial);
  }

  /** Like `#inParent`, but for changes that the usage ledger must record. */
  #changeIn<T>(path: string, change: (parent: Directory, name: string) => Promise<T>): Promise<T> {
    return this.#ledger === undefined
      ? this.#inParent(path, change)
      : this.#ledger.exclusively(() => this.#inParent(path, change));
  }

  /** Opens the parent directory of a path. The name is empty for the home directory itself. */
  async #inParent<T>(path: string, use: (parent: Directory, name: string) => Promise<T>): Promise<T> {
    const components = componentsOf(path);
    const name = components.pop() ?? "";
    try {
      const parent = await this.#descend(components);
      try {
        return await use(parent, name);
      } finally {
        await parent.close();
      }
    } catch (error) {
      throw toEngineError(error);
    }
  }

  #target(parent: Directory, directory: readonly string[], name: string, umask: number): UploadTarget {
    const { modes, policy, running, account } = this.#rules;
    const path = [...this.#home, ...directory, name].join("/");
    const mode = without(umask, modes().file);
    return { parent, name, path, mode, policy, running, account, ledger: this.#ledger };
  }

  #descend(components: readonly string[]): Promise<Directory> {
    return descend(this.#root, [...this.#home, ...components]);
  }
}

/** @throws EngineError PermissionDenied for an empty name, which refers to the home directory */
function checkNotHome(name: string): void {
  if (name === "")
    throw new EngineError("PermissionDenied", "The home directory cannot be removed or renamed");
}

/** Returns a mode without the umask bits. Keeps the owner bits, because the engine owns the files. */
function without(umask: number, mode: number): number {
  return mode & ~(umask & NOT_OF_OWNER);
}

async function translated<T>(call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (error) {
    throw toEngineError(error);
  }
}
