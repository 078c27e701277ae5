import type { Permission } from "../../api/engine-config.ts";
import {
  type Access,
  type AccessRules,
  type Aliases,
  namesOf,
  NO_ALIASES,
  type Rule,
} from "../auth/access-rules.ts";
import { EngineError } from "../errors.ts";
import type { Entry, EntryType, ReadHandle, Storage, Upload, UploadMode, Sorting } from "./storage.ts";

/**
 * A home in which its user's permissions hold. Commands reach files through it only, so this is the one place where the permission
 * for a path is checked. The command table only rejects a user who has the permission nowhere.
 *
 * Every method throws EngineError PermissionDenied without looking at the file when the user may not do it at this path.
 */
export class GuardedStorage {
  readonly #inner: Storage;
  readonly #rules: () => AccessRules;

  /** @param rules asked anew each time, because they may change */
  constructor(inner: Storage, rules: () => AccessRules) {
    this.#inner = inner;
    this.#rules = rules;
  }

  /** @throws EngineError PermissionDenied when the user lacks the permission at this path */
  async check(path: string, permission: Permission): Promise<void> {
    need(await this.#accessTo(path), permission);
  }

  /** Returns what the user may do with an entry, for facts about it. */
  async permissionsAt(path: string): Promise<ReadonlySet<Permission>> {
    return shown(await this.#accessTo(path));
  }

  /** Returns a function with the permissions of the entries of a directory, by name. */
  async permissionsIn(directory: string): Promise<(name: string) => ReadonlySet<Permission>> {
    const rules = this.#rules();
    if (rules.rules.length === 0) {
      const { permissions } = rules.at(directory);
      return () => permissions;
    }
    const { inside } = await this.#aliasesOf(rules, directory);
    const parent = directory === "/" ? "" : directory;
    return (name) => shown(rules.at(`${parent}/${name}`, { inside, above: false }));
  }

  /**
   * @param permission what the entry is looked up for; undefined: to enter a directory, which needs none. A file is not found then
   *   where the user may neither list nor read, see {@link withoutFiles}.
   */
  async stat(path: string, permission: Permission | undefined): Promise<Entry> {
    const access = await this.#accessTo(path);
    if (permission !== undefined) {
      need(access, permission);
      return await this.#inner.stat(path);
    }
    return await withoutFiles(access, async () => {
      const entry = await this.#inner.stat(path);
      if (entry.type !== "Directory") throw new EngineError("NotADirectory", "Not a directory");
      return entry;
    });
  }

  /** As Storage.resumable; undefined for a user who could not resume. */
  async resumable(path: string): Promise<Entry | undefined> {
    const { permissions } = await this.#accessTo(path);
    const mayResume = permissions.has("Write") || permissions.has("Append");
    return mayResume ? await this.#inner.resumable(path) : undefined;
  }

  async *list(path: string, sorting?: Sorting): AsyncGenerator<readonly Entry[]> {
    await this.check(path, "List");
    yield* this.#inner.list(path, sorting);
  }

  async openRead(path: string): Promise<ReadHandle> {
    await this.check(path, "Read");
    return await this.#inner.openRead(path);
  }

  async openUpload(path: string, mode: UploadMode, bits?: number): Promise<Upload> {
    const access = await this.#accessTo(path);
    need(access, mode.type === "Append" || mode.type === "ResumePartial" ? "Append" : "Write");
    if (access.isFixed) throw new EngineError("IsADirectory", "Is a directory");
    return await this.#inner.openUpload(path, mode, bits);
  }

  async remove(path: string): Promise<void> {
    await this.check(path, "Delete");
    await this.#inner.remove(path);
  }

  async makeDirectory(path: string, bits?: number): Promise<void> {
    await this.check(path, "MakeDirectory");
    await this.#inner.makeDirectory(path, bits);
  }

  async removeDirectory(path: string): Promise<void> {
    const access = await this.#accessTo(path);
    need(access, "RemoveDirectory");
    needMovable(access);
    await this.#inner.removeDirectory(path);
  }

  /**
   * Gives a file or directory another name. From a directory with other permissions it needs what a copy and the removal of the
   * original need. Replaces an existing file only for a user who could overwrite or remove it.
   */
  async rename(from: string, to: string): Promise<void> {
    const source = await this.#accessTo(from);
    const target = await this.#accessTo(to);
    for (const access of [source, target]) {
      need(access, "Rename");
      needMovable(access);
    }
    if (source.area !== target.area) {
      const { type } = await this.#inner.stat(from);
      for (const permission of MOVE_FROM[type]) need(source, permission);
      for (const permission of MOVE_TO[type]) need(target, permission);
    }
    const mayReplace = target.permissions.has("Write") || target.permissions.has("Delete");
    try {
      await this.#inner.rename(from, to, mayReplace ? "Files" : "Nothing");
    } catch (error) {
      if (mayReplace || !(error instanceof EngineError) || error.code !== "AlreadyExists") throw error;
      const text = "File exists. Replacing it needs the permission Write or Delete";
      throw new EngineError("AlreadyExists", text, { cause: error });
    }
  }

  async setModificationTime(path: string, time: Date): Promise<void> {
    await this.check(path, "SetModificationTime");
    await this.#inner.setModificationTime(path, time);
  }

  /**
   * A user who may replace a file may give it any mode, so this needs Write. A mode could lock others out of a shared directory.
   * @throws EngineError PermissionDenied when the user may not set a mode at this path
   */
  async checkMode(path: string): Promise<void> {
    const access = await this.#accessTo(path);
    need(access, "Write");
    needMovable(access);
  }

  async setMode(path: string, mode: number): Promise<void> {
    await this.checkMode(path);
    await this.#inner.setMode(path, mode);
  }

  async availableBytes(path: string): Promise<number> {
    return await withoutFiles(await this.#accessTo(path), () => this.#inner.availableBytes(path));
  }

  async #accessTo(path: string): Promise<Access> {
    const rules = this.#rules();
    return rules.at(path, await this.#aliasesOf(rules, path));
  }

  /**
   * Finds rules whose directory is on the path under another name. Folding names covers case and Unicode; identity covers all
   * names of a directory that exists, such as the short names of FAT and SMB. Symbolic links are never followed, so the directory
   * of a rule is always as deep as its rule.
   */
  async #aliasesOf({ rules }: AccessRules, path: string): Promise<Aliases> {
    if (rules.length === 0) return NO_ALIASES;
    const names = namesOf(path);
    const inside = new Set<Rule>();
    let above = false;
    const known = new Map<string, string | undefined>();
    for (const rule of rules) {
      const depth = Math.min(rule.names.length, names.length);
      const [path, other] = [names, rule.names].map((some) => `/${some.slice(0, depth).join("/")}`);
      if (depth === 0 || !(await this.#isSame(path ?? "", other ?? "", known))) continue;
      if (depth === rule.names.length) inside.add(rule);
      if (depth === names.length) above = true;
    }
    return { inside, above };
  }

  /** Whether two different paths lead to one directory. @param known identities by path, which are completed */
  async #isSame(path: string, other: string, known: Map<string, string | undefined>): Promise<boolean> {
    if (path === other) return false;
    for (const one of [path, other]) if (!known.has(one)) known.set(one, await this.#directoryAt(one));
    return known.get(path) !== undefined && known.get(path) === known.get(other);
  }

  /** Identity of a directory; undefined when there is none. @throws EngineError when it cannot be looked up */
  async #directoryAt(path: string): Promise<string | undefined> {
    try {
      const { type, unique } = await this.#inner.stat(path);
      return type === "Directory" ? unique : undefined;
    } catch (error) {
      if (error instanceof EngineError && ["NotFound", "NotADirectory"].includes(error.code))
        return undefined;
      throw error;
    }
  }
}

/** What a move to other permissions needs beside Rename, as a copy and the removal of the original. */
const MOVE_FROM: Readonly<Record<EntryType, readonly Permission[]>> = {
  File: ["Read", "Delete"],
  Directory: ["List", "Read", "Delete", "RemoveDirectory"],
};
const MOVE_TO: Readonly<Record<EntryType, readonly Permission[]>> = {
  File: ["Write"],
  Directory: ["Write", "MakeDirectory"],
};

function need({ permissions }: Access, permission: Permission): void {
  if (!permissions.has(permission)) throw new EngineError("PermissionDenied", `Not allowed: ${permission}`);
}

/**
 * Looks up a directory that a user may enter without a permission. Where the user may neither list nor read, a file is not found, and
 * neither is a path through a file: the names of files are not the user's to know.
 */
async function withoutFiles<T>({ permissions }: Access, lookUp: () => Promise<T>): Promise<T> {
  try {
    return await lookUp();
  } catch (error) {
    const isNamed = permissions.has("List") || permissions.has("Read");
    if (isNamed || !(error instanceof EngineError) || error.code !== "NotADirectory") throw error;
    throw new EngineError("NotFound", "No such file or directory", { cause: error });
  }
}

function needMovable({ isFixed }: Access): void {
  if (isFixed)
    throw new EngineError(
      "PermissionDenied",
      "A directory with its own permissions, or above one, stays as it is",
    );
}

/** Returns the permissions that have an effect on the entry itself. */
function shown({ permissions, isFixed }: Access): ReadonlySet<Permission> {
  if (!isFixed) return permissions;
  return new Set([...permissions].filter((one) => one !== "Rename" && one !== "RemoveDirectory"));
}
