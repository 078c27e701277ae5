const HEARTBEAT_MS = 10_000;

/** Reports the progress of a build every 10 seconds. */
export class BuildProgress {
  readonly #say: (line: string) => void;
  readonly #start = Date.now();
  readonly #heartbeat: NodeJS.Timeout;
  #downloaded = 0;
  #compiled = 0;
  #expected: number | undefined;

  constructor(say: (line: string) => void) {
    this.#say = say;
    this.#heartbeat = setInterval(() => say(this.summary()), HEARTBEAT_MS);
  }

  /** Counts the module download if the go command reports one in this line of its standard error. */
  downloads(line: string): void {
    if (line.startsWith("go: downloading")) this.#downloaded++;
  }

  /** Sets the total number of packages to compile. Call this method before `compiled()`. */
  expect(packages: number): void {
    this.#expected = packages;
    this.#say(this.summary());
  }

  /** Counts one compiled package. */
  compiled(): void {
    this.#compiled++;
  }

  summary(): string {
    const expected = this.#expected;
    if (expected === undefined) return `${this.#downloaded} Go modules downloaded, ${this.elapsed()}`;
    const percent = Math.floor((100 * this.#compiled) / Math.max(expected, 1));
    return `${Math.min(percent, 100)} %: ${this.#compiled} of ${expected} packages compiled, ${this.elapsed()}`;
  }

  elapsed(): string {
    const seconds = Math.round((Date.now() - this.#start) / 1000);
    return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  }

  stop(): void {
    clearInterval(this.#heartbeat);
  }
}
