// Finds entries by the names that listings show. Clients cannot send control characters, but other programs can create names with
// them. Listings show `?` for each control character.
import { setImmediate as nextTick } from "node:timers/promises";
import { printable } from "../../common/text.ts";
import type { LoggedInUser } from "../session/state.ts";
import { EngineError } from "../errors.ts";
import { componentsOf, resolvePath } from "../storage/path.ts";
import type { GuardedStorage } from "../storage/guarded-storage.ts";

/** What listings show in place of a control character. */
const PLACEHOLDER = "?";
/** Maximum number of entries that one command searches for a name with control characters. */
export const MAX_SEARCHED = 100_000;

/**
 * Returns the path of an existing entry for an argument. A name that does not exist and has a `?` refers to the one entry that
 * listings show by that name because some of its characters are control characters.
 * @throws EngineError NameNotAllowed as `resolvePath` does; AmbiguousName when listings show several entries by that name
 */
export async function locate(user: LoggedInUser, argument: string): Promise<string> {
  return await find(user, resolvePath(user.directory, argument));
}

/** Returns the path for an argument of a command that creates a name: the directory is located, and the name is not changed. */
export async function locateTarget(user: LoggedInUser, argument: string): Promise<string> {
  const path = resolvePath(user.directory, argument);
  const slash = path.lastIndexOf("/");
  return `${await find(user, path.slice(0, slash))}${path.slice(slash)}`;
}

async function find({ storage, account }: LoggedInUser, path: string): Promise<string> {
  // A user without `List` has not seen such a name, and must not discover it.
  if (!path.includes(PLACEHOLDER) || !account.access.allowsSomewhere("List")) return path;
  if (await exists(storage, path)) return path;
  const search = new Search(storage);
  let found = "";
  for (const name of componentsOf(path)) {
    // A deep path takes several system calls for each of its names.
    if (name.includes(PLACEHOLDER)) await nextTick();
    const isShown = name.includes(PLACEHOLDER) && !(await exists(storage, `${found}/${name}`));
    found = `${found}/${(isShown ? await search.shownAs(found || "/", name) : undefined) ?? name}`;
  }
  return found;
}

/** Whether a file or an incomplete upload exists. Also true when the lookup fails, because the command reports that error. */
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

/** The bounded search of one command. */
class Search {
  readonly #storage: GuardedStorage;
  #left = MAX_SEARCHED;

  constructor(storage: GuardedStorage) {
    this.#storage = storage;
  }

  /** Returns the name of the one entry that listings show as `shown`; undefined when there is none, or the search reached its limit. */
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
      // For a missing or unreadable directory, the command reports the error.
      if (!(error instanceof EngineError)) throw error;
    }
    if (found.length > 1) throw ambiguous(shown);
    return this.#left < 0 ? undefined : found[0];
  }
}

function isShownAs(name: string, shown: string): boolean {
  // Each control character is one character, so names of other lengths cannot match.
  return name.length === shown.length && name !== shown && printable(name) === shown;
}

function ambiguous(shown: string): EngineError {
  return new EngineError(
    "AmbiguousName",
    `Listings show several names with control characters as ${shown}; rename them on the volume`,
  );
}
