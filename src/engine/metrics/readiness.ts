import { type EngineConfig, isChange } from "../../api/engine-config.ts";
import type {
  EngineReport,
  NotificationReport,
  StorageReport,
  StorageState,
} from "../../api/engine-report.ts";
import { BUILD } from "../../common/version.ts";
import type { Log } from "../observer.ts";
import type { EngineMetrics } from "./metrics.ts";
import type { HomeTree } from "../storage/home-tree.ts";
import type { StorageProbe } from "../storage/storage-probe.ts";

export interface ReadinessParts {
  /** Returns the current configuration. */
  config: () => Pick<EngineConfig, "users" | "anonymous">;
  tree: Pick<HomeTree, "startProbe">;
  metrics: Pick<EngineMetrics, "storageChecked">;
  log: Log;
}

/** Readiness of an engine. An engine is ready when its ports are open and its storage is usable. */
export class Readiness {
  /** Whether all ports are open. */
  listening = false;
  /** Returns the state of each sink. */
  notifications: () => NotificationReport[] | undefined = () => undefined;
  readonly #probe: StorageProbe;

  private constructor(probe: StorageProbe) {
    this.#probe = probe;
  }

  /** Checks the storage once and then periodically until `close` is called. */
  static async start({ config, tree, metrics, log }: ReadinessParts): Promise<Readiness> {
    const onChange = (report: StorageReport, before: StorageState): void => {
      metrics.storageChecked(report.state);
      logState(report, before, log);
    };
    return new Readiness(await tree.startProbe(() => changingHomes(config()), { onChange }));
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
      ...(notifications && { notifications }),
    };
  }

  /** Repeats the check if the storage is not writable, because the accounts can have changed. */
  recheck(): void {
    if (this.#probe.report.state !== "Writable") this.#probe.wake();
  }

  close(): void {
    this.#probe.close();
  }
}

function logState(report: StorageReport, before: StorageState, log: Log): void {
  const { state } = report;
  // Only a recovery is logged at level info.
  if (USABLE.has(state))
    log[before === "Checking" ? "debug" : "info"]({ storage: report }, "storage checked");
  else if (state === "RootNotWritable")
    log.warn({ storage: report }, "storage root not writable: new home directories cannot be created");
  else log.error({ storage: report }, "storage not writable");
}

const USABLE: ReadonlySet<StorageState> = new Set(["Checking", "NotNeeded", "Writable"]);

/**
 * Returns the home directories of accounts that can change files. Returns undefined when there are no such accounts.
 */
function changingHomes({
  users,
  anonymous,
}: Pick<EngineConfig, "users" | "anonymous">): ReadonlySet<string> | undefined {
  const homes = new Set(
    users
      .filter(({ permissions, directories = [] }) =>
        [permissions, ...directories.map((one) => one.permissions)].some((some) => some.some(isChange)),
      )
      .map(({ homeDirectory }) => homeDirectory),
  );
  if (anonymous?.mode === "ReadWrite") homes.add(anonymous.homeDirectory);
  return homes.size === 0 ? undefined : homes;
}
