import { canServe, type StorageReport, type StorageState } from "../../../api/engine-report.ts";
import { checkWritable, describeRoot, newCheckName, type WriteCheck } from "./write-check.ts";

/** Write probe times in milliseconds. */
export interface ProbeTimes {
  /** Time between checks of a writable volume. */
  period: number;
  /** Time between checks of a volume that is not writable. */
  retry: number;
  /** Time after which the state becomes `NotResponding`. The next check starts when the running check ends. */
  timeout: number;
}

/** A check writes and synchronizes one block, so frequent checks cost little. */
const PROBE_TIMES: ProbeTimes = { period: 30_000, retry: 5000, timeout: 30_000 };

export interface WriteProbeOptions {
  /** Root of the volume. */
  root: string;
  /** Homes for {@link checkWritable}. Called for each check because the accounts can change. */
  homes: () => Iterable<string> | undefined;
  /** Called when the state or its cause changes. Must not throw. */
  onChange: (report: StorageReport, before: StorageState) => void;
  times?: Partial<ProbeTimes>;
}

/** Checks periodically whether a volume can store files. */
export class WriteProbe {
  readonly #options: WriteProbeOptions;
  readonly #times: ProbeTimes;
  readonly #name = newCheckName();
  #report: StorageReport;
  #isClosed = false;
  /** Whether the next check must start immediately. */
  #isDue = false;
  #endPause = (): void => undefined;

  private constructor(options: WriteProbeOptions, report: StorageReport) {
    this.#options = options;
    this.#times = { ...PROBE_TIMES, ...options.times };
    this.#report = report;
  }

  /** Makes the first check. Repeats the check in the background until `close` is called. */
  static async start(options: WriteProbeOptions): Promise<WriteProbe> {
    const probe = new WriteProbe(options, { state: "Checking", ...(await describeRoot(options.root)) });
    const first = Promise.withResolvers<void>();
    void probe.#run(first.resolve);
    await first.promise;
    return probe;
  }

  get report(): StorageReport {
    return this.#report;
  }

  /** Whether the engine can serve clients. */
  get canServe(): boolean {
    return canServe(this.#report.state);
  }

  /** Starts the next check immediately, for example after an account change. */
  wake(): void {
    this.#isDue = true;
    this.#endPause();
  }

  close(): void {
    this.#isClosed = true;
    this.#endPause();
  }

  async #run(checked: () => void): Promise<void> {
    while (!this.#isClosed) {
      this.#isDue = false;
      await this.#check(checked);
      checked();
      const isFine = this.#report.state === "Writable" || this.#report.state === "NotNeeded";
      if (!this.#isDue) await this.#pause(isFine ? this.#times.period : this.#times.retry);
    }
  }

  async #pause(milliseconds: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, milliseconds).unref();
      this.#endPause = (): void => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  /** @param onTimeout called when the check exceeds the timeout */
  async #check(onTimeout: () => void): Promise<void> {
    const { root, homes } = this.#options;
    const check = checkWritable(root, this.#name, homes());
    const timer = setTimeout(() => {
      this.#update({ state: "NotResponding", code: "ETIMEDOUT" }, this.#report);
      onTimeout();
    }, this.#times.timeout);
    timer.unref();
    const found = await check;
    clearTimeout(timer);
    this.#update(found, await describeRoot(root));
  }

  #update(check: WriteCheck, { path, uid, gid, groups, root }: Omit<StorageReport, keyof WriteCheck>): void {
    const before = this.#report;
    this.#report = { ...check, path, uid, gid, groups, ...(root && { root }) };
    if (before.state !== check.state || before.code !== check.code || before.step !== check.step)
      this.#options.onChange(this.#report, before.state);
  }
}
