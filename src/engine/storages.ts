import type { EngineConfig } from "../api/engine-config.ts";
import type { EngineMount, EngineStorage } from "../api/engine-storage.ts";
import { type Clock, systemClock } from "../common/clock.ts";
import type { AccountWithHome } from "./auth/account.ts";
import { EngineError, toEngineError } from "./errors.ts";
import type { Log, ObjectStorageObserver } from "./observer.ts";
import { DirectoryTree } from "./storage/local/directory-tree.ts";
import type { KernelCopy } from "./storage/local/system/kernel-copy.ts";
import type { HomeOptions, HomeTree } from "./storage/home-tree.ts";
import { type Mount, MountedStorage } from "./storage/mounted/mounted-storage.ts";
import { UnavailableStorage } from "./storage/mounted/unavailable-storage.ts";
import type { EventBucket } from "./storage/object/object-store.ts";
import { componentsOf } from "./storage/path.ts";
import type { Storage } from "./storage/storage.ts";
import type { ProbeOptions, StorageProbe } from "./storage/storage-probe.ts";
import { AdditionalProbes, type AdditionalProbeOptions } from "./storage/additional-probes.ts";
import { CombinedLedger } from "./storage/usage/combined-ledger.ts";
import { SpaceLimit } from "./storage/usage/space-limit.ts";
import type { OpenLedger } from "./storage/usage/usage-ledger.ts";

export interface StoragesOptions {
  config: Pick<EngineConfig, "storage" | "additionalStorage">;
  /** Returns the current policy for each upload. */
  policy: () => EngineConfig["uploads"];
  /** Copies bytes inside the kernel. If undefined, this process copies all bytes. */
  kernelCopy: KernelCopy | undefined;
  /** Maximum disk space for the directory tree in `storage`, in bytes. Undefined means no limit. */
  storageLimit: number | undefined;
  log: Pick<Log, "warn" | "debug">;
  /** Receives the results of requests to object storage. */
  observer?: ObjectStorageObserver;
  clock?: Clock;
}

/**
 * Storage for homes and additional storage for mounts. The engine reads the storage configuration only once, at
 * startup.
 */
export class Storages {
  readonly #homes: HomeTree;
  readonly #additional: ReadonlyMap<string, HomeTree>;
  readonly #limit: SpaceLimit | undefined;
  readonly #log: StoragesOptions["log"];
  readonly #probes: AdditionalProbes;

  private constructor(
    homes: HomeTree,
    additional: ReadonlyMap<string, HomeTree>,
    limit: SpaceLimit | undefined,
    log: StoragesOptions["log"],
  ) {
    this.#homes = homes;
    this.#additional = additional;
    this.#probes = new AdditionalProbes(additional);
    this.#limit = limit;
    this.#log = log;
  }

  /**
   * Opens the storage for homes and the additional storage. A failure to open a volume for mounts does not prevent the
   * start of the engine.
   * @throws EngineError InvalidConfig if storage cannot be opened
   */
  static async open(options: StoragesOptions): Promise<Storages> {
    const { config, storageLimit, log, clock = systemClock } = options;
    const homes = await openTree(config.storage, options);
    const isLimited = storageLimit !== undefined && homes instanceof DirectoryTree;
    const limit = isLimited ? await limitSpace(homes, storageLimit, clock) : undefined;
    const additional = new Map<string, HomeTree>();
    for (const [name, storage] of Object.entries(config.additionalStorage ?? {}))
      additional.set(name, await openAdditional(storage, options));
    return new Storages(homes, additional, limit, log);
  }

  /**
   * Opens an account's home and its mounts. A failure to open a mount does not prevent the login.
   * @param openLedger opens the ledger of the home, which does not include mounts
   * @param modes returns the modes of new files and directories
   */
  async openHome(
    account: AccountWithHome,
    openLedger: OpenLedger,
    modes: NonNullable<HomeOptions["modes"]>,
  ): Promise<Storage> {
    const { homeDirectory, name, access, changes, mounts } = account;
    const options = { account: name, changes, modes };
    const ledger = this.#ledgerFor(this.#homes, openLedger);
    const directories = directoriesIn(access.directories, undefined, mounts);
    const home = await this.#homes.openHome(homeDirectory, {
      ...options,
      directories,
      ...(ledger && { ledger }),
    });
    if (mounts.length === 0) return home;
    const opened = mounts.map(async (mount): Promise<Mount> => {
      const storage = await this.#openMountInTime(mount, account, options).catch((error: unknown) =>
        this.#unavailable(mount, name, toEngineError(error)),
      );
      const isResponding = (): boolean => this.#isResponding(mount);
      return { path: mount.path, storage, access: mount.access, isResponding };
    });
    return new MountedStorage(home, await Promise.all(opened));
  }

  /** Opens a mount. Limits the time for which a login waits for a volume that does not respond. */
  async #openMountInTime(
    mount: EngineMount,
    account: AccountWithHome,
    options: HomeOptions,
  ): Promise<Storage> {
    if (!(this.#treeOf(mount) instanceof DirectoryTree))
      return await this.#openMount(mount, account, options);
    const error = new EngineError("StorageUnavailable", "the storage does not respond; log in again later");
    if (this.#probes.stateOf(mount.storage) === "NotResponding") throw error;
    const { promise: late, reject } = Promise.withResolvers<never>();
    const timer = setTimeout(() => reject(error), MOUNT_PATIENCE);
    try {
      return await Promise.race([this.#openMount(mount, account, options), late]);
    } finally {
      clearTimeout(timer);
    }
  }

  #isResponding({ storage }: EngineMount): boolean {
    const state = this.#probes.stateOf(storage);
    return state !== "NotResponding" && state !== "EndpointUnreachable";
  }

  /** Opens a mount. The engine creates no directories in a read-only mount. */
  async #openMount(
    mount: EngineMount,
    { access: { directories }, mounts }: AccountWithHome,
    options: HomeOptions,
  ): Promise<Storage> {
    const tree = this.#treeOf(mount);
    const ledger = this.#ledgerFor(tree, undefined);
    const missing: HomeOptions =
      mount.access === "ReadOnly"
        ? { missing: "Ignore" }
        : { directories: directoriesIn(directories, mount, mounts) };
    return await tree.openHome(mount.subPath, { ...options, ...missing, ...(ledger && { ledger }) });
  }

  #unavailable({ path, storage }: EngineMount, user: string, err: EngineError): Storage {
    this.#log.warn({ user, path, storage, err }, "mount not available");
    const text = `The storage of this directory is not available: ${err.message}`;
    return new UnavailableStorage(new EngineError(err.code, text, { cause: err }));
  }

  /** Part of the bucket that contains undelivered events. Undefined if the homes are on a volume. */
  get events(): EventBucket | undefined {
    return this.#homes.events;
  }

  /** Checks the storage for homes. See {@link HomeTree}. */
  startProbe(homes: () => Iterable<string> | undefined, options: ProbeOptions): Promise<StorageProbe> {
    return this.#homes.startProbe(homes, options);
  }

  /** Checks the additional storage in the background. See {@link AdditionalProbes}. */
  async startAdditionalProbes(options: AdditionalProbeOptions): Promise<AdditionalProbes> {
    await this.#probes.start(options);
    return this.#probes;
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
    // A new configuration can reference storage that this engine has not opened. The operator then replaces the pod.
    if (tree === undefined)
      throw new EngineError(
        "StorageUnavailable",
        "the engine has not opened the storage yet; log in again later",
      );
    return tree;
  }

  /**
   * Returns the ledger for a home or mount. The space limit applies to all files in the tree, in homes and in mounts.
   */
  #ledgerFor(tree: HomeTree, openLedger: OpenLedger | undefined): OpenLedger | undefined {
    const limit = tree === this.#homes ? this.#limit : undefined;
    if (limit === undefined) return openLedger;
    return openLedger === undefined ? () => limit : (home) => new CombinedLedger(openLedger(home), limit);
  }
}

/** Maximum time in milliseconds for which a login waits for a mount. */
const MOUNT_PATIENCE = 5000;

/**
 * Opens additional storage. The engine opens a volume when it opens the first mount on this volume, so that a failure
 * affects only mounts on this volume.
 */
async function openAdditional(storage: EngineStorage, options: StoragesOptions): Promise<HomeTree> {
  if ("root" in storage) return DirectoryTree.openLater(storage.root, options.policy, options.kernelCopy);
  return await openTree(storage, options);
}

/** Opens storage. Loads the object storage library only for buckets. */
async function openTree(
  storage: EngineStorage,
  { policy, kernelCopy, log, observer }: StoragesOptions,
): Promise<HomeTree> {
  if ("root" in storage) return await DirectoryTree.open(storage.root, policy, kernelCopy);
  const { ObjectTree } = await import("./storage/object/object-tree.ts");
  return await ObjectTree.open({ config: storage.objectStorage, policy, kernelCopy, log, observer });
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
 * Returns the directories to create in a home or mount, relative to its root. These are directories with separate
 * permissions and directories above mount points, but not the mount points themselves.
 */
function directoriesIn(
  directories: readonly string[],
  mount: EngineMount | undefined,
  mounts: readonly EngineMount[],
): string[] {
  const depth = mount === undefined ? 0 : componentsOf(mount.path).length;
  const isMount = (path: string): boolean => mounts.some((one) => one.path === path);
  return directories
    .map((path) => (isMount(path) ? parentOf(path) : path))
    .filter((path) => longestMount(path, mounts) === mount)
    .map((path) => `/${componentsOf(path).slice(depth).join("/")}`)
    .filter((path) => path !== "/");
}

function longestMount(path: string, mounts: readonly EngineMount[]): EngineMount | undefined {
  const containing = mounts.filter((mount) => `${path}/`.startsWith(`${mount.path}/`));
  return containing.toSorted((a, b) => b.path.length - a.path.length)[0];
}

function parentOf(path: string): string {
  return `/${componentsOf(path).slice(0, -1).join("/")}`;
}
