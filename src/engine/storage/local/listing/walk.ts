import { toEngineError } from "../../../errors.ts";
import { descend } from "../system/descend.ts";
import type { Directory } from "../system/directory.ts";

/** Directory on the path from the start to the current directory. */
interface Level {
  name: string;
  identity: string;
  /** Names of subdirectories that the walk has not visited yet. */
  waiting: string[];
}

/**
 * Visits a directory and all directories below it. The walk opens each directory from its parent, and returns to the
 * parent through `..`. A deep tree therefore requires only one file descriptor. The number of calls is the same as for
 * a flat tree. If another program moves a directory during the walk, the walk can miss this directory or visit it
 * twice.
 * @param start remains open after the walk
 * @param read reads a directory and adds the names of its subdirectories to `waiting`
 */
export async function* walk<T>(
  start: Directory,
  read: (directory: Directory, waiting: string[]) => AsyncIterable<T>,
): AsyncGenerator<T> {
  const walker = new Walker(start, await start.openDirectory("."));
  try {
    let level: Level | undefined = await walker.enter("");
    while (level !== undefined) {
      try {
        yield* read(walker.directory, level.waiting);
      } catch (error) {
        skipUnreadable(error);
      }
      level = await walker.moveOn();
    }
  } finally {
    await walker.directory.close();
  }
}

/** Position of a walk. */
class Walker {
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

  /** Opens the next directory. Returns undefined at the end of the walk. */
  async moveOn(): Promise<Level | undefined> {
    for (let level = this.#path.at(-1); level !== undefined; level = this.#path.at(-1)) {
      const name = level.waiting.pop();
      if (name === undefined) await this.#openParent();
      else if (await this.#replace(() => this.directory.openDirectory(name))) {
        return await this.enter(name);
      }
    }
    return undefined;
  }

  /** Opens the nearest ancestor directory that still exists. */
  async #openParent(): Promise<void> {
    this.#path.pop();
    for (let level = this.#path.at(-1); level !== undefined; level = this.#path.at(-1)) {
      const { identity } = level;
      if (await this.#replace(() => this.directory.openDirectory(".."), identity)) return;
      // The directory was moved, so `..` leads to a different parent.
      const names = this.#path.slice(1).map(({ name }) => name);
      if (await this.#replace(() => descend(this.#start, names), identity)) return;
      this.#path.pop();
    }
  }

  /** Opens a directory. Returns false without changes when the directory does not exist or has another identity. */
  async #replace(open: () => Promise<Directory>, identity?: string): Promise<boolean> {
    const directory = await open().catch(skipUnreadable);
    if (directory === undefined) return false;
    const isExpected = identity === undefined || (await identityOf(directory)) === identity;
    await (isExpected ? this.directory : directory).close();
    if (isExpected) this.directory = directory;
    return isExpected;
  }
}

async function identityOf(directory: Directory): Promise<string> {
  const { dev, ino } = await directory.stat();
  return `${dev}:${ino}`;
}

/**
 * Returns undefined for an error that affects only one directory.
 * @throws the given error if reading any other directory would fail too
 */
function skipUnreadable(error: unknown): undefined {
  if (toEngineError(error).code === "TooManyOpenFiles") throw error;
}
