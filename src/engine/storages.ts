import type { EngineConfig, EngineMount, EngineStorage } from "../api/engine-config.ts";
import { type Clock, systemClock } from "../common/clock.ts";
import type { AccountWithHome } from "./auth/account.ts";
import { EngineError } from "./errors.ts";
import { DirectoryTree } from "./storage/local/directory-tree.ts";
import type { KernelCopy } from "./storage/local/system/kernel-copy.ts";
import type { HomeOptions, HomeTree } from "./storage/home-tree.ts";
import { type Mount, MountedStorage } from "./storage/mounted/mounted-storage.ts";
import { componentsOf } from "./storage/path.ts";
import type { Storage } from "./storage/storage.ts";
import type { ProbeOptions, StorageProbe } from "./storage/storage-probe.ts";
import { CombinedLedger } from "./storage/usage/combined-ledger.ts";
import { SpaceLimit } from "./storage/usage/space-limit.ts";
import type { OpenLedger } from "./storage/usage/usage-ledger.ts";

export interface StoragesOptions {
  config: Pick<EngineConfig, "storage" | "additionalStorage">;
  /** Returns the current policy for each upload. */
  policy: () => EngineConfig["uploads"];
  /** Undefined: all bytes are copied through this process. */
  kernelCopy: KernelCopy | undefined;
  /** Maximum disk space of a directory tree in `storage`, in bytes. Undefined: no limit. */
  storageLimit: number | undefined;
  clock?: Clock;
}

/** The storage of the homes and the additional storage for mounts. Storage is opened once at the start. */
export class Storages {
  readonly #homes: HomeTree;
  readonly #additional: ReadonlyMap<string, HomeTree>;
  readonly #limit: SpaceLimit | undefined;

  private constructor(
    homes: HomeTree,
    additional: ReadonlyMap<string, HomeTree>,
    limit: SpaceLimit | undefined,
  ) {
    this.#homes = homes;
    this.#additional = additional;
    this.#limit = limit;
  }

  /** @throws EngineError InvalidConfig when a storage cannot be opened */
  static async open(options: StoragesOptions): Promise<Storages> {
    const { config, storageLimit, clock = systemClock } = options;
    const homes = await openTree(config.storage, options);
    const isLimited = storageLimit !== undefined && homes instanceof DirectoryTree;
    const limit = isLimited ? await limitSpace(homes, storageLimit, clock) : undefined;
    const additional = new Map<string, HomeTree>();
    for (const [name, storage] of Object.entries(config.additionalStorage ?? {}))
      additional.set(name, await openTree(storage, options));
    return new Storages(homes, additional, limit);
  }

  /**
   * Opens the home of an account with its mounts.
   * @param openLedger opens the ledger of the home, which does not count mounts
   * @param modes returns the modes of new files and directories
   */
  async openHome(
    { homeDirectory, name: account, access, changes, mounts }: AccountWithHome,
    openLedger: OpenLedger,
    modes: NonNullable<HomeOptions["modes"]>,
  ): Promise<Storage> {
    const options = { account, changes, modes };
    const open = (tree: HomeTree, path: string, mount: EngineMount | undefined): Promise<Storage> => {
      const directories = directoriesIn(access.directories, mount, mounts);
      const ledger = this.#ledgerFor(tree, mount === undefined ? openLedger : undefined);
      return tree.openHome(path, { ...options, directories, ...(ledger && { ledger }) });
    };
    const home = await open(this.#homes, homeDirectory, undefined);
    if (mounts.length === 0) return home;
    const opened = await Promise.all(
      mounts.map(async (mount): Promise<Mount> => {
        const { path, subPath, access: mountAccess } = mount;
        const storage = await open(this.#treeOf(mount), subPath, mount);
        return { path, storage, access: mountAccess };
      }),
    );
    return new MountedStorage(home, opened);
  }

  /** Checks the storage of the homes. See {@link HomeTree}. */
  startProbe(homes: () => Iterable<string> | undefined, options: ProbeOptions): Promise<StorageProbe> {
    return this.#homes.startProbe(homes, options);
  }

  /** Removes stale uploads from all storage. See {@link HomeTree}. */
  async keepRemovingStaleUploads(signal: AbortSignal, done: (result: number | Error) => void): Promise<void> {
    await Promise.all(this.#all.map((tree) => tree.keepRemovingStaleUploads(signal, done)));
  }

  async close(): Promise<void> {
    this.#limit?.close();
    await Promise.all(this.#all.map((tree) => tree.close()));
  }

  get #all(): HomeTree[] {
    return [this.#homes, ...this.#additional.values()];
  }

  #treeOf({ storage }: EngineMount): HomeTree {
    const tree = storage === undefined ? this.#homes : this.#additional.get(storage);
    // A changed configuration can name storage that this engine did not open. The operator then replaces the pod.
    if (tree === undefined)
      throw new EngineError("StorageUnavailable", "The storage of a mount is not available yet");
    return tree;
  }

  /** The space limit counts all files of the tree, in homes and in mounts. */
  #ledgerFor(tree: HomeTree, openLedger: OpenLedger | undefined): OpenLedger | undefined {
    const limit = tree === this.#homes ? this.#limit : undefined;
    if (limit === undefined) return openLedger;
    return openLedger === undefined ? () => limit : (home) => new CombinedLedger(openLedger(home), limit);
  }
}

/** Opens a storage. The library for object storage is loaded only when it is used. */
async function openTree(storage: EngineStorage, { policy, kernelCopy }: StoragesOptions): Promise<HomeTree> {
  if ("root" in storage) return await DirectoryTree.open(storage.root, policy, kernelCopy);
  const { ObjectTree } = await import("./storage/object/object-tree.ts");
  return await ObjectTree.open({ config: storage.objectStorage, policy });
}

/** Limits the disk space for all files. The first measurement of the volume runs while the engine starts. */
async function limitSpace(tree: DirectoryTree, bytes: number, clock: Clock): Promise<SpaceLimit> {
  const startedAt = clock.now();
  const volume = { measure: () => tree.measure(startedAt), preallocates: await tree.preallocates() };
  const limit = new SpaceLimit(bytes, volume, clock);
  void limit.start();
  return limit;
}

/**
 * Returns the directories with separate permissions in a home or mount, relative to its root. Mount points are not created in the
 * home, but the directories above them are.
 */
function directoriesIn(
  directories: readonly string[],
  mount: EngineMount | undefined,
  mounts: readonly EngineMount[],
): string[] {
  const names = mount === undefined ? [] : componentsOf(mount.path);
  return directories.flatMap((path) => {
    const containing = longestMount(path, mounts);
    const inner = componentsOf(path).slice(names.length);
    if (containing?.path === path) return mount === undefined ? [parentOf(path)] : [];
    return containing === mount ? [`/${inner.join("/")}`] : [];
  });
}

function longestMount(path: string, mounts: readonly EngineMount[]): EngineMount | undefined {
  const containing = mounts.filter((mount) => `${path}/`.startsWith(`${mount.path}/`));
  return containing.toSorted((a, b) => b.path.length - a.path.length)[0];
}

function parentOf(path: string): string {
  return `/${componentsOf(path).slice(0, -1).join("/")}`;
}
