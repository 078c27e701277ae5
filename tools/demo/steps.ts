/** Runs named steps sequentially, and prints one line with the duration for each step. */

/** Destination of printed lines. */
export interface Output {
  write(text: string): void;
  /** Whether the output is a terminal that supports colors and carriage returns. */
  readonly interactive: boolean;
}

/** Error for a failed check, with the expected and the observed value. */
class CheckFailed extends Error {
  override readonly name = "CheckFailed";
  readonly expected: string;
  readonly seen: string;

  constructor(expected: string, seen: string) {
    super(`expected ${expected}, observed ${seen}`);
    this.expected = expected;
    this.seen = seen;
  }
}

/**
 * Verifies a result.
 * @throws CheckFailed if `holds` is false
 */
export function check(holds: boolean, expected: string, seen: string): asserts holds {
  if (!holds) throw new CheckFailed(expected, seen);
}

/** Error for a failed step. The output of the step has already been printed. */
export class StepFailed extends Error {
  override readonly name = "StepFailed";
}

const HEAD_WIDTH = 68;
const PROGRESS_WIDTH = 60;
const INDENT = "     ";
const COLORS = { green: 32, red: 31, dim: 2, bold: 1 } as const;

/** Output of a running step. */
export interface Report {
  /**
   * Shows progress: overwrites the current line on a terminal, or adds a line to a log. Omits repeated text.
   */
  progress: (line: string) => void;
  /** Adds a result line below the line of the step. */
  fact: (line: string) => void;
}

export class Steps {
  readonly #output: Output;
  readonly #now: () => number;
  readonly #started: number;
  #count = 0;

  constructor(output: Output, now: () => number = () => performance.now()) {
    this.#output = output;
    this.#now = now;
    this.#started = now();
  }

  /**
   * Runs one step, and returns its result.
   * @param lookAt commands that help when the step fails
   * @throws StepFailed after printing the expected and the observed value
   */
  async run<T>(
    title: string,
    work: (report: Report) => Promise<T>,
    lookAt: readonly string[] = [],
  ): Promise<T> {
    const started = this.#now();
    const head = `${String(++this.#count).padStart(3)}  ${title}`;
    const facts: string[] = [];
    const finish = (mark: string) => {
      const time = seconds(this.#now() - started).padStart(9);
      this.#output.write(`${this.#redraw()}${`${head} `.padEnd(HEAD_WIDTH, ".")} ${mark}${time}\n`);
      for (const fact of facts) this.#output.write(`${INDENT}${this.#color("dim", fact)}\n`);
    };
    const report = { progress: this.#progress(head), fact: (line: string) => void facts.push(line) };
    try {
      const result = await work(report);
      finish(this.#color("green", "ok    "));
      return result;
    } catch (error) {
      finish(this.#color("red", "FAILED"));
      this.#explain(error, lookAt);
      throw new StepFailed(title, { cause: error });
    }
  }

  /** Returns the time since the first step, formatted for the final line. */
  elapsed(): string {
    return seconds(this.#now() - this.#started);
  }

  #progress(head: string): (line: string) => void {
    let last: string | undefined;
    if (this.#output.interactive) this.#output.write(`${head} …`);
    return (line) => {
      if (line === last) return;
      last = line;
      const log = `${INDENT}… ${line}\n`;
      this.#output.write(this.#output.interactive ? `${this.#redraw()}${head} … ${this.#short(line)}` : log);
    };
  }

  /** Returns the control sequence that clears the current line and moves the cursor to its start. */
  #redraw(): string {
    return this.#output.interactive ? "\r\u001b[K" : "";
  }

  /** Shortens a progress line to the terminal width, because the demo cannot overwrite a wrapped line. */
  #short(line: string): string {
    return this.#color("dim", line.slice(0, PROGRESS_WIDTH));
  }

  #explain(error: unknown, lookAt: readonly string[]): void {
    const lines =
      error instanceof CheckFailed
        ? [`expected: ${error.expected}`, `seen:     ${error.seen}`]
        : (error instanceof Error ? error.message : String(error)).split("\n");
    if (lookAt.length > 0) lines.push("look at:", ...lookAt.map((command) => `  ${command}`));
    for (const line of lines) this.#output.write(`${INDENT}${line}\n`);
  }

  #color(color: keyof typeof COLORS, text: string): string {
    return this.#output.interactive ? `\u001b[${COLORS[color]}m${text}\u001b[0m` : text;
  }
}

/** Formats milliseconds as seconds with one decimal digit. */
export function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1)} s`;
}
