import { statfs } from "node:fs/promises";
import { lookAtVolume, type OpenFile } from "./system-calls.ts";
import { DEFAULT_MODES, type FileModes } from "../../api/file-modes.ts";
import { EngineError, toEngineError } from "../errors.ts";
import { componentsOf, descend, openDirectory, pathIn } from "./contained.ts";
import { diskUsage } from "./disk-usage.ts";
import { HomeDirectory } from "./home-directory.ts";
import { RunningUploads } from "./running-uploads.ts";
import type { Storage, Usage } from "./storage.ts";
import type { UploadPolicy } from "./upload-target.ts";

/** Type of the file system, see statfs(2). */
const XFS = 0x58465342;

export interface HomeOptions {
  /** Login name of the account whose home it is. Incomplete uploads are kept for it. Without a name, none are kept. */
  account?: string;
  /** Whether existing files may be changed. */
  changes?: "Allowed" | "Denied";
  /** Asked for each file and directory that is created. Defaults to 0640 and 0750. */
  modes?: () => FileModes;
}

/** Homes below one directory of the local file system. Symbolic links in it are neither followed nor shown. */
export class DirectoryTree {
  readonly #root: OpenFile;
  readonly #policy: () => UploadPolicy;
  readonly #running = new RunningUploads();

  private constructor(root: OpenFile, policy: () => UploadPolicy) {
    this.#root = root;
    this.#policy = policy;
  }

  /**
   * @param root existing directory; the only path that is trusted as a string
   * @param policy asked for each upload, as it may change
   * @throws EngineError InvalidConfig when it cannot be opened
   */
  static async open(root: string, policy: () => UploadPolicy): Promise<DirectoryTree> {
    try {
      const tree = new DirectoryTree(await openDirectory(root), policy);
      await lookAtVolume(root);
      return tree;
    } catch (cause) {
      const { message } = toEngineError(cause);
      throw new EngineError("InvalidConfig", `storage.root ${root} cannot be opened (${message})`, { cause });
    }
  }

  /**
   * A user's home, made when it is not there.
   * @param homeDirectory absolute virtual path below the root
   * @throws EngineError
   */
  async openHome(
    homeDirectory: string,
    { account, changes = "Allowed", modes = () => DEFAULT_MODES }: HomeOptions = {},
  ): Promise<Storage> {
    const home = componentsOf(homeDirectory);
    try {
      const made = await descend(this.#root, home, modes().directory);
      await made.close();
    } catch (error) {
      throw toEngineError(error);
    }
    return new HomeDirectory(this.#root, home, {
      policy: this.#policy,
      running: this.#running,
      changes,
      modes,
      // A user who may not change files could not resume either, and many people share anonymous logins.
      account: changes === "Allowed" ? account : undefined,
    });
  }

  /**
   * Yields the disk space of all files, some at a time.
   * @param since milliseconds since the epoch; see {@link diskUsage}
   */
  measure(since: number): AsyncIterable<Usage> {
    return diskUsage(this.#root, since);
  }

  /** Returns whether a file that is being written may occupy twice its size until it is closed. */
  async preallocates(): Promise<boolean> {
    return (await statfs(pathIn(this.#root))).type === XFS;
  }

  close(): Promise<void> {
    return this.#root.close();
  }
}
