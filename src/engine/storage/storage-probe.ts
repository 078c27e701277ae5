import { canServe, type StorageReport, type StorageState } from "../../api/engine-report.ts";

/** Probe times in milliseconds. */
export interface ProbeTimes {
  /** Time between two checks while the storage is usable. */
  period: number;
  /** Time between two checks while the storage reports an error. */
  retry: number;
  /**
   * Duration of a check after which the state becomes `NotResponding`. The next check starts when the running check
   * ends.
   */
  timeout: number;
  /** Maximum time that `start` waits for the first check. */
  first: number;
}

const PROBE_TIMES: ProbeTimes = { period: 30_000, retry: 5000, timeout: 30_000, first: 30_000 };

/** A storage check that a probe performs periodically. */
export interface StorageCheck {
  /** Report before the first check. */
  readonly initial: StorageReport;
  /** Must not reject. */
  check(): Promise<StorageReport>;
  /** Returns the report for a check that exceeds its timeout. @param last the previous report */
  timedOut(last: StorageReport): StorageReport;
}

/** Probe options that do not depend on the storage type. */
export interface ProbeOptions {
  /** Called when the storage state, or the cause of this state, changes. Must not throw. */
  onChange: (report: StorageReport, before: StorageState) => void;
  times?: Partial<ProbeTimes>;
}

/** Checks periodically whether storage can store files. */
export class StorageProbe {
  readonly #check: StorageCheck;
  readonly #options: ProbeOptions;
  readonly #times: ProbeTimes;
  #report: StorageReport;
  #hasWorked = false;
  #isClosed = false;
  /** Whether the next check must start without a pause. */
  #isDue = false;
  #endPause = (): void => undefined;

  private constructor(check: StorageCheck, options: ProbeOptions) {
    this.#check = check;
    this.#options = options;
    this.#times = { ...PROBE_TIMES, ...options.times };
    this.#report = check.initial;
  }

  /** Performs the first check. Repeats the check until `close` is called. */
  static async start(check: StorageCheck, options: ProbeOptions): Promise<StorageProbe> {
    const probe = new StorageProbe(check, options);
    const first = Promise.withResolvers<void>();
    const timer = setTimeout(first.resolve, probe.#times.first);
    void probe.#run(first.resolve);
    await first.promise;
    clearTimeout(timer);
    return probe;
  }

  get report(): StorageReport {
    return this.#report;
  }

  /**
   * Whether the engine can serve clients in the current storage state. If an earlier check succeeded, the engine also
   * serves clients while the endpoint is unreachable.
   */
  get canServe(): boolean {
    const { state } = this.#report;
    return canServe(state) || (this.#hasWorked && state === "EndpointUnreachable");
  }

  /** Whether the last check found no error. */
  get isFine(): boolean {
    return this.#report.state === "Writable" || this.#report.state === "NotNeeded";
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
      await this.#checkOnce(checked);
      checked();
      if (!this.#isDue) await this.#pause(this.isFine ? this.#times.period : this.#times.retry);
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
  async #checkOnce(onTimeout: () => void): Promise<void> {
    const timer = setTimeout(() => {
      this.#update(this.#check.timedOut(this.#report));
      onTimeout();
    }, this.#times.timeout);
    timer.unref();
    const found = await this.#check.check();
    clearTimeout(timer);
    this.#update(found);
  }

  #update(report: StorageReport): void {
    const before = this.#report;
    this.#report = report;
    this.#hasWorked ||= this.isFine;
    if (before.state !== report.state || before.code !== report.code || before.step !== report.step)
      this.#options.onChange(report, before.state);
  }
}
