import type { Permission } from "../../api/engine-config.ts";
import {
  type Access,
  type AccessRules,
  type Aliases,
  namesOf,
  NO_ALIASES,
  type Rule,
} from "../auth/access-rules.ts";
import { EngineError, permissionDenied } from "../errors.ts";
import { fixedMount } from "./mounted/mounted-storage.ts";
import type {
  Entry,
  EntryType,
  ReadHandle,
  RenameControl,
  Sorting,
  Storage,
  Upload,
  UploadMode,
} from "./storage.ts";

/**
 * Checks a user's permissions for each path in the home. All commands access files through this class. The command
 * table rejects a command only if the user lacks the required permission on every path.
 * If the user lacks the permission for a path, the method throws EngineError PermissionDenied without accessing the
 * file.
 */
export class GuardedStorage {
  readonly #inner: Storage;
  readonly #rules: () => AccessRules;

  /** @param rules returns the current rules for each check */
  constructor(inner: Storage, rules: () => AccessRules) {
    this.#inner = inner;
    this.#rules = rules;
  }

  /** @throws EngineError PermissionDenied when the user lacks the permission at the path */
  async check(path: string, permission: Permission): Promise<void> {
    need(await this.#accessTo(path), permission);
  }

  /** Returns the user's permissions on an entry for its MLST facts. */
  async permissionsAt(path: string): Promise<ReadonlySet<Permission>> {
    return shown(await this.#accessTo(path));
  }

  /** Returns a function that maps an entry name in the directory to the user's permissions. */
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
   * Returns the entry at a path.
   * @param permission required permission. Without this permission, the method finds only directories, because entering
   *   a directory requires no permission.
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

  /**
   * Returns the entry that is to be renamed.
   * @throws EngineError PermissionDenied if the user cannot rename the entry
   */
  async statToRename(path: string): Promise<Entry> {
    const access = await this.#accessTo(path);
    need(access, "Rename");
    needMovable(access);
    return await this.#inner.stat(path);
  }

  /** Like `Storage.resumable`, but returns undefined when the user has no permission to resume. */
  async resumable(path: string): Promise<Entry | undefined> {
    const { permissions } = await this.#accessTo(path);
    const mayResume = permissions.has("Write") || permissions.has("Append");
    return mayResume ? await this.#inner.resumable(path) : undefined;
  }

  async *list(path: string, sorting?: Sorting): AsyncGenerator<readonly Entry[]> {
    await this.check(path, "List");
    yield* this.#inner.list(path, sorting);
  }

  async openRead(path: string, start?: number): Promise<ReadHandle> {
    need(await this.#accessTo(path), "Read");
    return await this.#inner.openRead(path, start);
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

  /** Like `Storage.copiesOnRename`. Requires no permission, because the result does not reveal which files exist. */
  copiesOnRename(path: string): boolean {
    return this.#inner.copiesOnRename?.(path) ?? false;
  }

  /** Like `Storage.listsExactNames`. Requires no permission, because the result does not reveal which files exist. */
  listsExactNames(path: string): boolean {
    return this.#inner.listsExactNames?.(path) ?? false;
  }

  /**
   * Renames a file or directory. A move between directories with different permissions also requires the permissions to
   * copy the entry and remove the original. Replaces an existing file only if the user has permission to overwrite or
   * remove it.
   */
  async rename(from: string, to: string, control?: RenameControl): Promise<void> {
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
      await this.#inner.rename(from, to, mayReplace ? "Files" : "Nothing", control);
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
   * Checks the permission `Write`, because a user who can replace a file can already give the new file any mode. Users
   * cannot change the mode of a directory with separate permissions, because the change could lock out other users.
   * @throws EngineError PermissionDenied when the user cannot set a mode at the path
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

  /** Returns the permissions at a path. The result is a promise only if the storage must be searched for aliases. */
  #accessTo(path: string): Access | Promise<Access> {
    const rules = this.#rules();
    if (this.#hasNoAliases(rules)) return rules.at(path, NO_ALIASES);
    return this.#aliasesOf(rules, path).then((aliases) => rules.at(path, aliases));
  }

  #hasNoAliases({ rules }: AccessRules): boolean {
    return rules.length === 0 || this.#inner.hasDistinctPaths === true;
  }

  /**
   * Finds the rules for directories that the path reaches under another name. Case folding finds names that differ in
   * case or Unicode form. Identity comparison finds all other names of existing directories, such as short names on FAT
   * and SMB. The search never follows symbolic links, so a directory always has the same depth as the rule that applies
   * to it. The search does not compare directories in different storage, so a failed mount does not affect the home.
   */
  async #aliasesOf(access: AccessRules, path: string): Promise<Aliases> {
    if (this.#hasNoAliases(access)) return NO_ALIASES;
    const names = namesOf(path);
    const inside = new Set<Rule>();
    let above = false;
    const known = new Map<string, string | undefined>();
    for (const rule of access.rules) {
      const depth = Math.min(rule.names.length, names.length);
      const [path = "", other = ""] = [names, rule.names].map((some) => `/${some.slice(0, depth).join("/")}`);
      if (depth === 0 || access.areSeparate(path, other)) continue;
      if (!(await this.#isSame(path, other, known))) continue;
      if (depth === rule.names.length) inside.add(rule);
      if (depth === names.length) above = true;
    }
    return { inside, above };
  }

  /**
   * Returns whether two different paths lead to the same directory.
   * @param known identities by path; the function adds missing identities
   */
  async #isSame(path: string, other: string, known: Map<string, string | undefined>): Promise<boolean> {
    if (path === other) return false;
    for (const one of [path, other]) if (!known.has(one)) known.set(one, await this.#directoryAt(one));
    return known.get(path) !== undefined && known.get(path) === known.get(other);
  }

  /**
   * Returns the identity of a directory, or undefined when the directory does not exist.
   * @throws EngineError when the lookup fails
   */
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

/** Permissions that a move between directories with different permissions requires in addition to `Rename`. */
const MOVE_FROM: Readonly<Record<EntryType, readonly Permission[]>> = {
  File: ["Read", "Delete"],
  Directory: ["List", "Read", "Delete", "RemoveDirectory"],
};
const MOVE_TO: Readonly<Record<EntryType, readonly Permission[]>> = {
  File: ["Write"],
  Directory: ["Write", "MakeDirectory"],
};

function need({ permissions }: Access, permission: Permission): void {
  if (!permissions.has(permission)) throw permissionDenied(permission);
}

/**
 * Looks up a directory, which requires no permission. A user with neither `List` nor `Read` receives `NotFound` for
 * files and for paths through files, because this user must not discover file names.
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

function needMovable({ isFixed, holdsMount }: Access): void {
  if (!isFixed) return;
  if (holdsMount) throw fixedMount();
  throw new EngineError(
    "PermissionDenied",
    "Directories with separate permissions and their parent directories cannot be changed",
  );
}

/** Returns the permissions that have an effect on the entry. */
function shown({ permissions, isFixed }: Access): ReadonlySet<Permission> {
  if (!isFixed) return permissions;
  return new Set([...permissions].filter((one) => one !== "Rename" && one !== "RemoveDirectory"));
}
