import { tmpdir } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import type { EngineObjectStorage } from "../../../api/engine-storage.ts";
import { DEFAULT_MODES } from "../../../api/file-modes.ts";
import type { HomeOptions, HomeTree } from "../home-tree.ts";
import { type ProbeOptions, StorageProbe } from "../storage-probe.ts";
import type { Storage } from "../storage.ts";
import type { Log, ObjectStorageObserver } from "../../observer.ts";
import type { UploadPolicy } from "../uploads/incomplete-uploads.ts";
import { RunningUploads } from "../uploads/running-uploads.ts";
import { Directories } from "./directories.ts";
import { KeyLocks } from "./key-locks.ts";
import { HomeKeys, ReservedKeys } from "./keys.ts";
import { OBJECT_LIMITS, type ObjectLimits } from "./limits.ts";
import { ListedKeys } from "./listed-keys.ts";
import type { EventBucket } from "./object-store.ts";
import { ObjectHome, type SharedParts } from "./object-home.ts";
import type { S3Failure } from "./s3/errors.ts";
import type { KernelCopy } from "../local/system/kernel-copy.ts";
import { KnownDirectories } from "./known-directories.ts";
import type { AttemptObserver } from "./s3/request-observer.ts";
import { S3Store } from "./s3/s3-store.ts";
import { ObjectStorageCheck } from "./storage-check.ts";
import { trackedStore } from "./tracked-store.ts";
import { keepRemovingStaleUploads } from "./uploads/stale-uploads.ts";
import { UploadMemory } from "./uploads/upload-memory.ts";

export interface ObjectTreeOptions {
  config: EngineObjectStorage;
  /** Returns the current upload policy, which can change while the engine runs. */
  policy: () => UploadPolicy;
  kernelCopy?: Pick<KernelCopy, "read"> | undefined;
  log?: Pick<Log, "debug"> | undefined;
  /** Receives all requests. */
  observer?: ObjectStorageObserver | undefined;
  limits?: Partial<ObjectLimits>;
  /** Local directory for upload parts that do not fit into memory. Defaults to the system's temporary directory. */
  spoolDirectory?: string;
}

/**
 * Limits for the requests of the storage check. The time limits of a check are shorter than the time limits of other
 * requests.
 */
const CHECK_LIMITS: Partial<ObjectLimits> = { attempts: 2, requestTimeout: 8000, sendTimeout: 8000 };
/** Limits for requests to the outbox in the bucket. Replies to clients and lease renewals wait for these requests. */
const EVENT_LIMITS: Partial<ObjectLimits> = { attempts: 3, requestTimeout: 5000, sendTimeout: 5000 };
/** Maximum time in milliseconds to wait for running uploads during shutdown. */
const CLOSE_PATIENCE = 10_000;
/** Maximum number of directories whose creation the engine remembers. */
const MAX_KNOWN_DIRECTORIES = 10_000;
/**
 * Time between two checks without failures, in milliseconds. Without these checks, an engine without sessions would not
 * detect a failure.
 */
const CHECK_PERIOD = 15_000;
/**
 * Maximum time in milliseconds for which the engine waits for the first check at startup. The check of an endpoint that
 * drops packets takes 10 seconds. The engine does not respond to health checks before its startup is complete.
 */
const FIRST_CHECK_PATIENCE = 2000;
/** Minimum time in milliseconds between two checks that start because a request from a session has failed. */
const CHECK_PAUSE = 5000;

/** Homes in one bucket. */
export class ObjectTree implements HomeTree {
  readonly store: S3Store;
  readonly #prefix: string;
  readonly #parts: SharedParts;
  /** Prefixes of directories that the engine has created. */
  readonly #made = new Set<string>();
  #probe: StorageProbe | undefined;
  #check: ObjectStorageCheck | undefined;
  #checkedAt = -Infinity;

  private constructor(store: S3Store, prefix: string, parts: SharedParts) {
    this.store = store;
    this.#prefix = prefix;
    this.#parts = parts;
  }

  /** Loads the AWS SDK but sends no requests. The storage check tests the bucket. */
  static async open({
    config,
    policy,
    log,
    observer,
    kernelCopy,
    limits: changed,
    spoolDirectory = tmpdir(),
  }: ObjectTreeOptions): Promise<ObjectTree> {
    const limits = { ...OBJECT_LIMITS, ...changed };
    const onFailure = (failure: S3Failure): void => tree.#onFailure(failure);
    const observe: AttemptObserver = ({ operation, attempt, seconds, result, failure }) => {
      observer?.objectStorageRequest(operation, result, seconds, attempt > 1);
      if (failure === undefined || result === "NotFound") return;
      log?.debug({ operation, attempt, result, code: failure.s3Code }, "request to object storage failed");
    };
    const store = await S3Store.open({ config, limits, onFailure, observe });
    const { prefix, multipart } = config;
    const known = new KnownDirectories(store, limits);
    const tree = new ObjectTree(store, prefix, {
      store: trackedStore(store, known),
      known,
      listed: new ListedKeys(limits),
      limits,
      kernelCopy,
      multipart,
      policy,
      reserved: new ReservedKeys(prefix),
      memory: new UploadMemory(limits, spoolDirectory),
      running: new RunningUploads(),
      locks: new KeyLocks(),
    });
    return tree;
  }

  /** Opens an account's home. The home exists even without a marker object. */
  async openHome(
    homeDirectory: string,
    { account, directories = [], changes = "Allowed", modes = () => DEFAULT_MODES, ledger }: HomeOptions = {},
  ): Promise<Storage> {
    const keys = new HomeKeys(this.#prefix, homeDirectory);
    const { store, reserved } = this.#parts;
    const made = new Directories(store, keys, reserved);
    // If the storage fails, users can still log in. Commands then report the error.
    await Promise.all(directories.map((path) => this.#make(made, keys.directory(path), path)));
    return new ObjectHome(this.#parts, {
      keys,
      changes,
      modes,
      ledger,
      // Accounts that cannot change files cannot resume uploads. Anonymous clients cannot resume uploads either,
      // because they share one account.
      account: changes === "Allowed" ? account : undefined,
    });
  }

  async startProbe(homes: () => Iterable<string> | undefined, options: ProbeOptions): Promise<StorageProbe> {
    const { reserved } = this.#parts;
    const check = new ObjectStorageCheck(
      this.store.variant(CHECK_LIMITS),
      reserved,
      () => homes() !== undefined,
    );
    this.#check = check;
    this.#probe = await StorageProbe.start(check, {
      ...options,
      times: { period: CHECK_PERIOD, first: FIRST_CHECK_PATIENCE, ...options.times },
    });
    return this.#probe;
  }

  get events(): EventBucket {
    const { reserved } = this.#parts;
    return { store: this.store.variant(EVENT_LIMITS), prefixOf: (source) => reserved.ofEvents(source) };
  }

  keepRemovingStaleUploads(signal: AbortSignal, done: (result: number | Error) => void): Promise<void> {
    return keepRemovingStaleUploads(this.#parts.store, this.#prefix, this.#parts.reserved, signal, done);
  }

  /** Waits until running uploads have kept or removed their parts, and then closes the connections. */
  async close(): Promise<void> {
    await Promise.race([this.#parts.running.ended(), sleep(CLOSE_PATIENCE, undefined, { ref: false })]);
    this.store.close();
  }

  /** Creates a directory once per engine process, because users cannot remove this directory. */
  async #make(directories: Directories, key: string, path: string): Promise<void> {
    if (this.#made.has(key)) return;
    try {
      await directories.keep(path);
      if (this.#made.size < MAX_KNOWN_DIRECTORIES) this.#made.add(key);
    } catch {
      // The next login repeats the attempt.
    }
  }

  /** Starts a storage check after a request error that can affect all files. */
  #onFailure({ state }: S3Failure): void {
    if (state === undefined || this.#probe?.isFine !== true) return;
    if (performance.now() - this.#checkedAt < CHECK_PAUSE) return;
    this.#checkedAt = performance.now();
    this.#check?.distrust();
    this.#probe.wake();
  }
}
