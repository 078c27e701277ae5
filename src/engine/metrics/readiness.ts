import { type EngineConfig, isChange } from "../../api/engine-config.ts";
import type { EngineReport, StorageReport, StorageState } from "../../api/engine-report.ts";
import type { NotificationReport } from "../../api/notification-report.ts";
import { BUILD } from "../../common/version.ts";
import type { Log } from "../observer.ts";
import type { EngineMetrics } from "./metrics.ts";
import type { AdditionalProbes, AdditionalTrees } from "../storage/additional-probes.ts";
import type { HomeTree } from "../storage/home-tree.ts";
import type { StorageProbe } from "../storage/storage-probe.ts";

export interface ReadinessParts {
  /** Returns the current configuration. */
  config: () => Accounts;
  tree: Pick<HomeTree, "startProbe"> & AdditionalTrees;
  metrics: Pick<EngineMetrics, "storageChecked" | "additionalStorageChecked">;
  log: Log;
}

/**
 * Readiness of an engine. An engine is ready when its ports are open and the storage for homes is usable. Additional
 * storage does not affect readiness, because users can log in without their mounts.
 */
export class Readiness {
  /** Whether all ports are open. */
  listening = false;
  /** Returns the state of each sink. */
  notifications: () => NotificationReport[] | undefined = () => undefined;
  readonly #probe: StorageProbe;
  readonly #additional: AdditionalProbes;

  private constructor(probe: StorageProbe, additional: AdditionalProbes) {
    this.#probe = probe;
    this.#additional = additional;
  }

  /** Checks the storage once and then periodically until `close` is called. */
  static async start({ config, tree, metrics, log }: ReadinessParts): Promise<Readiness> {
    const onChange = (report: StorageReport, before: StorageState): void => {
      metrics.storageChecked(report.state);
      logState(report, before, log);
    };
    const additional = await tree.startAdditionalProbes({
      changing: (name) => changingMounts(config(), name),
      onChange: (name, report, before) => {
        metrics.additionalStorageChecked(name, report.state);
        logState(report, before, log, name);
      },
    });
    return new Readiness(await tree.startProbe(() => changingHomes(config()), { onChange }), additional);
  }

  get isReady(): boolean {
    return this.listening && this.#probe.canServe;
  }

  get report(): EngineReport {
    const notifications = this.notifications();
    return {
      version: BUILD.version,
      ready: this.isReady,
      storage: this.#probe.report,
      additionalStorage: this.#additional.reports,
      ...(notifications && { notifications }),
    };
  }

  /** Repeats the check if the storage is not writable, because the result depends on the accounts. */
  recheck(): void {
    if (this.#probe.report.state !== "Writable") this.#probe.wake();
    this.#additional.recheck();
  }

  close(): void {
    this.#probe.close();
    this.#additional.close();
  }
}

/** @param name name of additional storage */
function logState(report: StorageReport, before: StorageState, log: Log, name?: string): void {
  const { state } = report;
  const fields = { ...(name !== undefined && { name }), storage: report };
  // The engine logs a recovery at level `info`, and the first result at level `debug`.
  if (USABLE.has(state)) log[before === "Checking" ? "debug" : "info"](fields, "storage checked");
  else if (state === "RootNotWritable")
    log.warn(fields, "storage root not writable: new home directories cannot be created");
  else log.error(fields, "storage not writable");
}

const USABLE: ReadonlySet<StorageState> = new Set(["Checking", "NotNeeded", "Writable"]);

type Accounts = Pick<EngineConfig, "users" | "anonymous">;

/**
 * Returns the directories in additional storage in which accounts can change files through mounts. Returns undefined
 * when no account can change files through mounts.
 */
function changingMounts({ users }: Accounts, name: string): ReadonlySet<string> | undefined {
  const directories = new Set(
    users
      .filter(canChange)
      .flatMap(({ mounts = [] }) =>
        mounts
          .filter(({ storage, access }) => storage === name && access === "ReadWrite")
          .map(({ subPath }) => subPath),
      ),
  );
  return directories.size === 0 ? undefined : directories;
}

/** Returns whether a user has a permission to change files in any directory. */
function canChange({ permissions, directories = [] }: EngineConfig["users"][number]): boolean {
  return [permissions, ...directories.map((one) => one.permissions)].some((some) => some.some(isChange));
}

/**
 * Returns the home directories of accounts that can change files. Returns undefined when no account can change files.
 */
function changingHomes({ users, anonymous }: Accounts): ReadonlySet<string> | undefined {
  const homes = new Set(users.filter(canChange).map(({ homeDirectory }) => homeDirectory));
  if (anonymous?.mode === "ReadWrite") homes.add(anonymous.homeDirectory);
  return homes.size === 0 ? undefined : homes;
}
