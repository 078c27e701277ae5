// Finds entries by the names that listings show. Listings show `?` for each control character, because clients cannot
// send control characters. Other programs can create names with control characters.
import { setImmediate as nextTick } from "node:timers/promises";
import { printable } from "../../common/text.ts";
import type { LoggedInUser } from "../session/state.ts";
import { EngineError } from "../errors.ts";
import { componentsOf, resolvePath } from "../storage/path.ts";
import type { GuardedStorage } from "../storage/guarded-storage.ts";

/** Character that listings show for each control character. */
const PLACEHOLDER = "?";
/** Maximum number of entries that one command searches for names with control characters. */
export const MAX_SEARCHED = 100_000;

/**
 * Returns the path of an existing entry for an argument. The result is a promise only if the engine must look up names.
 * If the name does not exist and contains `?`, returns the only entry that listings show under this name.
 * @throws EngineError NameNotAllowed like `resolvePath`, or AmbiguousName when listings show several entries under the
 *   name
 */
export function locate(user: LoggedInUser, argument: string): string | Promise<string> {
  return find(user, resolvePath(user.directory, argument));
}

/**
 * Returns the path of an entry that a command creates. Finds the parent directory by its listed name. Keeps the last
 * path component unchanged.
 */
export function locateTarget(user: LoggedInUser, argument: string): string | Promise<string> {
  const path = resolvePath(user.directory, argument);
  const slash = path.lastIndexOf("/");
  const parent = find(user, path.slice(0, slash));
  const name = path.slice(slash);
  return typeof parent === "string" ? `${parent}${name}` : parent.then((found) => `${found}${name}`);
}

function find({ storage, account }: LoggedInUser, path: string): string | Promise<string> {
  // A search in object storage can cause hundreds of requests.
  if (!path.includes(PLACEHOLDER) || storage.listsExactNames(path)) return path;
  // A user without the `List` permission must not discover names.
  return account.access.allowsSomewhere("List") ? findShown(storage, path) : path;
}

async function findShown(storage: GuardedStorage, path: string): Promise<string> {
  if (await exists(storage, path)) return path;
  const search = new Search(storage);
  let found = "";
  for (const name of componentsOf(path)) {
    // A deep path needs several system calls for each name.
    if (name.includes(PLACEHOLDER)) await nextTick();
    const isShown = name.includes(PLACEHOLDER) && !(await exists(storage, `${found}/${name}`));
    found = `${found}/${(isShown ? await search.shownAs(found || "/", name) : undefined) ?? name}`;
  }
  return found;
}

/**
 * Returns whether a file or an incomplete upload exists. Also returns true when the lookup fails, because the command
 * then reports the error.
 */
async function exists(storage: GuardedStorage, path: string): Promise<boolean> {
  try {
    await storage.stat(path, "List");
    return true;
  } catch (error) {
    if (!isNotFound(error)) return true;
  }
  try {
    return (await storage.resumable(path)) !== undefined;
  } catch (error) {
    return !isNotFound(error);
  }
}

function isNotFound(error: unknown): boolean {
  return error instanceof EngineError && error.code === "NotFound";
}

/** Search with a limit on the number of entries per command. */
class Search {
  readonly #storage: GuardedStorage;
  #left = MAX_SEARCHED;

  constructor(storage: GuardedStorage) {
    this.#storage = storage;
  }

  /**
   * Returns the name of the only entry that listings show as `shown`. Returns undefined when no entry matches or the
   * search reaches its limit.
   */
  async shownAs(directory: string, shown: string): Promise<string | undefined> {
    const found: string[] = [];
    try {
      for await (const entries of this.#storage.list(directory)) {
        found.push(...entries.map(({ name }) => name).filter((name) => isShownAs(name, shown)));
        this.#left -= entries.length;
        if (found.length > 1 || this.#left < 0) break;
        await nextTick();
      }
    } catch (error) {
      // The command itself reports the error for a missing or unreadable directory.
      if (!(error instanceof EngineError)) throw error;
    }
    if (found.length > 1) throw ambiguous(shown);
    return this.#left < 0 ? undefined : found[0];
  }
}

function isShownAs(name: string, shown: string): boolean {
  // Each `?` replaces exactly one control character, so names of other lengths cannot match.
  return name.length === shown.length && name !== shown && printable(name) === shown;
}

function ambiguous(shown: string): EngineError {
  return new EngineError(
    "AmbiguousName",
    `Listings show several names with control characters as ${shown}; rename them on the volume`,
  );
}
