import type { FileHandle } from "node:fs/promises";
import { toEngineError } from "../errors.ts";
import { componentsOf, descend, openDirectory } from "./contained.ts";
import { HomeDirectory } from "./home-directory.ts";
import type { Storage } from "./storage.ts";

/** Homes below one directory of the local file system. Symbolic links in it are neither followed nor shown. */
export class DirectoryTree {
  readonly #root: string;
  /** One open handle for each home, for as long as the process lives: there are as many as users. */
  readonly #homes = new Map<string, FileHandle>();

  /** @param root existing directory; the only path that is trusted as a string */
  constructor(root: string) {
    this.#root = root;
  }

  /**
   * A user's home, made when it is not there.
   * @param homeDirectory absolute virtual path below the root
   * @throws EngineError
   */
  async openHome(homeDirectory: string): Promise<Storage> {
    try {
      return new HomeDirectory(await this.#handle(homeDirectory));
    } catch (error) {
      throw toEngineError(error);
    }
  }

  async close(): Promise<void> {
    await Promise.all([...this.#homes.values()].map((handle) => handle.close()));
    this.#homes.clear();
  }

  /** The known handle, unless the directory has been replaced by another since. */
  async #handle(homeDirectory: string): Promise<FileHandle> {
    const root = await openDirectory(this.#root);
    try {
      const opened = await descend(root, componentsOf(homeDirectory), { create: true });
      const known = this.#homes.get(homeDirectory);
      if (known !== undefined && (await isSame(known, opened))) {
        await opened.close();
        return known;
      }
      this.#homes.set(homeDirectory, opened);
      return opened;
    } finally {
      await root.close();
    }
  }
}

async function isSame(a: FileHandle, b: FileHandle): Promise<boolean> {
  const [left, right] = await Promise.all([a.stat(), b.stat()]);
  return left.dev === right.dev && left.ino === right.ino;
}
