import { canServe, type StorageReport, type StorageState } from "../../../api/engine-report.ts";
import { checkWritable, describeRoot, newCheckName, type WriteCheck } from "./write-check.ts";

/** Times of the write probe, in milliseconds. */
export interface ProbeTimes {
  /** Between two checks of a volume that can be written. */
  period: number;
  /** Between two checks of one that cannot. */
  retry: number;
  /** After which a check counts as NotResponding. The next one starts when it ends. */
  timeout: number;
}

/** One check writes and synchronizes one block, so this costs a volume next to nothing. */
const PROBE_TIMES: ProbeTimes = { period: 30_000, retry: 5000, timeout: 30_000 };

export interface WriteProbeOptions {
  /** The root of the volume. */
  root: string;
  /** See {@link checkWritable}. Asked for each check, because the accounts may change. */
  homes: () => Iterable<string> | undefined;
  /** Called when the state or its cause is not the one of the check before. Must not throw. */
  onChange: (report: StorageReport, before: StorageState) => void;
  times?: Partial<ProbeTimes>;
}

/** Checks from time to time whether files can be stored on a volume. */
export class WriteProbe {
  readonly #options: WriteProbeOptions;
  readonly #times: ProbeTimes;
  readonly #name = newCheckName();
  #report: StorageReport;
  #isClosed = false;
  /** Whether the next check is due, whatever the time. */
  #isDue = false;
  #endPause = (): void => undefined;

  private constructor(options: WriteProbeOptions, report: StorageReport) {
    this.#options = options;
    this.#times = { ...PROBE_TIMES, ...options.times };
    this.#report = report;
  }

  /** Makes the first check, and goes on in the background until `close`. */
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

  /** Whether clients can be served. */
  get canServe(): boolean {
    return canServe(this.#report.state);
  }

  /** Makes the next check now, for example because the accounts have changed. */
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

  /** @param late called when the check takes too long */
  async #check(late: () => void): Promise<void> {
    const { root, homes } = this.#options;
    const check = checkWritable(root, this.#name, homes());
    const timer = setTimeout(() => {
      this.#found({ state: "NotResponding", code: "ETIMEDOUT" }, this.#report);
      late();
    }, this.#times.timeout);
    timer.unref();
    const found = await check;
    clearTimeout(timer);
    this.#found(found, await describeRoot(root));
  }

  #found(check: WriteCheck, { path, uid, gid, groups, root }: Omit<StorageReport, keyof WriteCheck>): void {
    const before = this.#report;
    this.#report = { ...check, path, uid, gid, groups, ...(root && { root }) };
    if (before.state !== check.state || before.code !== check.code || before.step !== check.step)
      this.#options.onChange(this.#report, before.state);
  }
}
