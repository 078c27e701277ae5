import type { StorageReport, StorageState } from "../../api/engine-report.ts";
import type { HomeTree } from "./home-tree.ts";
import type { StorageProbe } from "./storage-probe.ts";

export interface AdditionalProbeOptions {
  /**
   * Returns the directories that accounts can change in the named storage. Returns undefined when no account can change
   * files in the storage.
   */
  changing: (name: string) => Iterable<string> | undefined;
  /** Called when the state of additional storage, or the cause of this state, changes. Must not throw. */
  onChange: (name: string, report: StorageReport, before: StorageState) => void;
}

/** Additional storage whose probes can be started. */
export interface AdditionalTrees {
  startAdditionalProbes(options: AdditionalProbeOptions): Promise<AdditionalProbes>;
}

/**
 * Time between two checks without failures, in milliseconds. The operator reports a failure within 30 seconds. An
 * engine remains ready while additional storage fails.
 */
const CHECK_PERIOD = 15_000;

/** Probes that check the storage of mounts. The engine does not wait for the first checks when it starts. */
export class AdditionalProbes {
  readonly #trees: ReadonlyMap<string, HomeTree>;
  readonly #probes = new Map<string, StorageProbe>();

  constructor(trees: ReadonlyMap<string, HomeTree>) {
    this.#trees = trees;
  }

  async start({ changing, onChange }: AdditionalProbeOptions): Promise<void> {
    for (const [name, tree] of this.#trees) {
      const probe = await tree.startProbe(() => changing(name), {
        onChange: (report, before) => onChange(name, report, before),
        times: { period: CHECK_PERIOD, timeout: CHECK_PERIOD, first: 0 },
      });
      this.#probes.set(name, probe);
    }
  }

  /** Returns the latest reports, keyed by storage name. */
  get reports(): Record<string, StorageReport> {
    return Object.fromEntries([...this.#probes].map(([name, { report }]) => [name, report]));
  }

  /** Returns undefined for storage without a probe. */
  stateOf(name: string | undefined): StorageState | undefined {
    return name === undefined ? undefined : this.#probes.get(name)?.report.state;
  }

  /** Repeats the checks that wrote no file, because the accounts may have changed. */
  recheck(): void {
    for (const probe of this.#probes.values()) if (probe.report.state !== "Writable") probe.wake();
  }

  close(): void {
    for (const probe of this.#probes.values()) probe.close();
  }
}
