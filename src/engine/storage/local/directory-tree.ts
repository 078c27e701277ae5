import { statfs } from "node:fs/promises";
import { DEFAULT_MODES } from "../../../api/file-modes.ts";
import { EngineError, notWritable, toEngineError } from "../../errors.ts";
import { componentsOf } from "../path.ts";
import { descend } from "./system/descend.ts";
import { Directory } from "./system/directory.ts";
import type { KernelCopy } from "./system/kernel-copy.ts";
import { diskUsage } from "./listing/measure.ts";
import { HomeDirectory } from "./home-directory.ts";
import { RunningUploads } from "../uploads/running-uploads.ts";
import type { HomeOptions, HomeTree } from "../home-tree.ts";
import type { Storage, Usage } from "../storage.ts";
import type { ProbeOptions, StorageProbe } from "../storage-probe.ts";
import { keepRemovingStaleUploads } from "./uploads/stale-uploads.ts";
import { startWriteProbe } from "./write-probe.ts";
import type { UploadPolicy } from "../uploads/incomplete-uploads.ts";

/** File system type of XFS (see statfs(2)). */
const XFS = 0x58465342;

/** The homes below one directory in a file system. Operations neither follow nor list symbolic links. */
export class DirectoryTree implements HomeTree {
  readonly #path: string;
  readonly #policy: () => UploadPolicy;
  readonly #kernelCopy: KernelCopy | undefined;
  readonly #running = new RunningUploads();
  /** Root directory. The value is undefined until the engine has opened the root. */
  #root: Promise<Directory> | undefined;

  private constructor(path: string, policy: () => UploadPolicy, kernelCopy: KernelCopy | undefined) {
    this.#path = path;
    this.#policy = policy;
    this.#kernelCopy = kernelCopy;
  }

  /**
   * Opens the root.
   * @param root path of an existing directory. Only its parent directories may be symbolic links.
   * @param policy returns the current policy for each upload
   * @param kernelCopy undefined if this process must copy all bytes itself
   * @throws EngineError InvalidConfig if the engine cannot open the root. If only permissions are missing, this method
   *   resolves. The engine then opens the root again for each home, and the write probe reports the state.
   */
  static async open(
    root: string,
    policy: () => UploadPolicy,
    kernelCopy?: KernelCopy,
  ): Promise<DirectoryTree> {
    const tree = DirectoryTree.openLater(root, policy, kernelCopy);
    try {
      await tree.#opened();
    } catch (cause) {
      const { code, message } = toEngineError(cause);
      if (code === "StorageNotWritable") return tree;
      throw new EngineError("InvalidConfig", `storage.root ${root} cannot be opened (${message})`, { cause });
    }
    return tree;
  }

  /**
   * Returns a tree that opens its root together with the first home. A missing or broken volume affects only its homes.
   */
  static openLater(root: string, policy: () => UploadPolicy, kernelCopy?: KernelCopy): DirectoryTree {
    return new DirectoryTree(root, policy, kernelCopy);
  }

  /**
   * Opens an account's home. Creates a missing home directory by default.
   * @param homeDirectory absolute virtual path below the root
   * @throws EngineError
   */
  async openHome(homeDirectory: string, options: HomeOptions = {}): Promise<Storage> {
    const { account, missing = "Create", changes = "Allowed", modes = () => DEFAULT_MODES, ledger } = options;
    const home = componentsOf(homeDirectory);
    const root = await this.#opened();
    if (missing === "Create") await makeHome(root, home, options);
    return new HomeDirectory(root, home, {
      policy: this.#policy,
      running: this.#running,
      changes,
      modes,
      ledger,
      // A user who cannot change files cannot resume an upload. Anonymous clients cannot resume uploads either, because
      // they share one account.
      account: changes === "Allowed" ? account : undefined,
    });
  }

  startProbe(homes: () => Iterable<string> | undefined, options: ProbeOptions): Promise<StorageProbe> {
    return startWriteProbe({ root: this.#path, homes, ...options });
  }

  keepRemovingStaleUploads(signal: AbortSignal, done: (result: number | Error) => void): Promise<void> {
    return keepRemovingStaleUploads(this.#path, signal, done);
  }

  /**
   * Yields the disk space that all files occupy, in parts whose sum is the total.
   * @param since milliseconds since the epoch; see {@link diskUsage}
   */
  async *measure(since: number): AsyncGenerator<Usage> {
    yield* diskUsage(await this.#opened(), since);
  }

  /** Returns whether a file can occupy up to twice its size until the engine closes the file. */
  async preallocates(): Promise<boolean> {
    return (await statfs(this.#path)).type === XFS;
  }

  async close(): Promise<void> {
    await (await this.#root)?.close();
  }

  async #opened(): Promise<Directory> {
    this.#root ??= openRoot(this.#path, this.#kernelCopy);
    try {
      return await this.#root;
    } catch (error) {
      this.#root = undefined;
      throw error;
    }
  }
}

/** Creates a home and the directories in it. */
async function makeHome(
  root: Directory,
  home: readonly string[],
  { directories = [], modes = () => DEFAULT_MODES }: HomeOptions,
): Promise<void> {
  const make = async (path: readonly string[]): Promise<void> => {
    const made = await descend(root, path, modes().directory);
    await made.close();
  };
  try {
    await make(home);
  } catch (error) {
    throw toEngineError(error);
  }
  // If a file already has the name of a directory, the user can still log in. Commands then report the error.
  for (const path of directories) await make([...home, ...componentsOf(path)]).catch(() => undefined);
}

/** @throws EngineError StorageNotWritable if the engine lacks permissions */
async function openRoot(path: string, kernelCopy: KernelCopy | undefined): Promise<Directory> {
  try {
    return await Directory.openRoot(path, kernelCopy);
  } catch (error) {
    throw notWritable(error, "Cannot open the storage");
  }
}
