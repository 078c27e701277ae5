import { toEngineError } from "../../../errors.ts";
import { descend } from "../system/descend.ts";
import type { Directory } from "../system/directory.ts";

/** A directory that the walk is in or below. */
interface Level {
  name: string;
  identity: string;
  /** Names of directories in it that are still to be visited. */
  waiting: string[];
}

/**
 * Visits a directory and all below it. Each is opened from the one above, and that again from it, so that a deep tree costs no
 * more than a flat one, and one descriptor. What is moved meanwhile may be missed, or visited twice.
 * @param start stays open
 * @param look tells what is in a directory, and adds the names of the directories to visit
 */
export async function* walk<T>(
  start: Directory,
  look: (directory: Directory, waiting: string[]) => AsyncIterable<T>,
): AsyncGenerator<T> {
  const place = new Place(start, await start.openDirectory("."));
  try {
    let level: Level | undefined = await place.enter("");
    while (level !== undefined) {
      try {
        yield* look(place.directory, level.waiting);
      } catch (error) {
        passBy(error);
      }
      level = await place.goOn();
    }
  } finally {
    await place.directory.close();
  }
}

/** Where a walk is. */
class Place {
  directory: Directory;
  readonly #start: Directory;
  readonly #path: Level[] = [];

  constructor(start: Directory, directory: Directory) {
    this.#start = start;
    this.directory = directory;
  }

  async enter(name: string): Promise<Level> {
    const level: Level = { name, identity: await identityOf(this.directory), waiting: [] };
    this.#path.push(level);
    return level;
  }

  /** Goes to the next directory, if there is one. */
  async goOn(): Promise<Level | undefined> {
    for (let level = this.#path.at(-1); level !== undefined; level = this.#path.at(-1)) {
      const name = level.waiting.pop();
      if (name === undefined) await this.#goUp();
      else if (await this.#goTo(() => this.directory.openDirectory(name))) {
        return await this.enter(name);
      }
    }
    return undefined;
  }

  /** To the nearest directory above that is still there. */
  async #goUp(): Promise<void> {
    this.#path.pop();
    for (let level = this.#path.at(-1); level !== undefined; level = this.#path.at(-1)) {
      const { identity } = level;
      if (await this.#goTo(() => this.directory.openDirectory(".."), identity)) return;
      // One of the two was moved.
      const names = this.#path.slice(1).map(({ name }) => name);
      if (await this.#goTo(() => descend(this.#start, names), identity)) return;
      this.#path.pop();
    }
  }

  /** @returns false, without having moved, when nothing is there, or something else than expected */
  async #goTo(open: () => Promise<Directory>, identity?: string): Promise<boolean> {
    const directory = await open().catch(passBy);
    if (directory === undefined) return false;
    const isIt = identity === undefined || (await identityOf(directory)) === identity;
    await (isIt ? this.directory : directory).close();
    if (isIt) this.directory = directory;
    return isIt;
  }
}

async function identityOf(directory: Directory): Promise<string> {
  const { dev, ino } = await directory.stat();
  return `${dev}:${ino}`;
}

/** A directory that cannot be read ends its own turn. @throws the error, if it would meet all that follow */
function passBy(error: unknown): undefined {
  if (toEngineError(error).code === "TooManyOpenFiles") throw error;
}
