/** Runs named steps one after the other and shows a line for each, with the time it took. */

/** Where lines go, and whether a line may be drawn over. */
export interface Output {
  write(text: string): void;
  /** True for a terminal that understands colours and carriage returns. */
  readonly interactive: boolean;
}

/** A check that did not hold: what was expected, what was seen, and where to look. */
export class CheckFailed extends Error {
  override readonly name = "CheckFailed";
  readonly expected: string;
  readonly seen: string;

  constructor(expected: string, seen: string) {
    super(`expected ${expected}, saw ${seen}`);
    this.expected = expected;
    this.seen = seen;
  }
}

/**
 * Throws unless a check held.
 * @throws CheckFailed
 */
export function check(holds: boolean, expected: string, seen: string): asserts holds {
  if (!holds) throw new CheckFailed(expected, seen);
}

/** A step that failed; it has been shown already. */
export class StepFailed extends Error {
  override readonly name = "StepFailed";
}

const TITLE_WIDTH = 64;
const INDENT = "     ";
const COLOURS = { green: 32, red: 31, dim: 2, bold: 1 } as const;

/** Writes a step's progress below its title; the same text twice in a row is shown once. */
export type Note = (line: string) => void;

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
   * Runs one step and returns what it returns.
   * @param lookAt commands that help when the step fails
   * @throws StepFailed after showing what was expected and seen
   */
  async run<T>(title: string, work: (note: Note) => Promise<T>, lookAt: readonly string[] = []): Promise<T> {
    const started = this.#now();
    const number = String(++this.#count).padStart(3);
    const label = `${number}  ${title} `.padEnd(TITLE_WIDTH, ".");
    const notes: string[] = [];
    // A terminal shows the title while the work goes on; a log gets one line when it is done.
    if (this.#output.interactive) this.#output.write(`${number}  ${title} …`);
    const note: Note = (line) => {
      if (notes.at(-1) === line) return;
      notes.push(line);
      if (this.#output.interactive)
        this.#output.write(`\r\u001b[K${number}  ${title} … ${this.#colour("dim", line)}`);
    };
    const finish = (mark: string) => {
      const time = seconds(this.#now() - started).padStart(9);
      const start = this.#output.interactive ? "\r\u001b[K" : "";
      this.#output.write(`${start}${label} ${mark} ${time}\n`);
      for (const line of notes) this.#output.write(this.#colour("dim", `${INDENT}${line}`) + "\n");
    };
    try {
      const result = await work(note);
      finish(this.#colour("green", "ok    "));
      return result;
    } catch (error) {
      finish(this.#colour("red", "FAILED"));
      this.#explain(error, lookAt);
      throw new StepFailed(title, { cause: error });
    }
  }

  /** Time since the first step, for the closing line. */
  elapsed(): string {
    return seconds(this.#now() - this.#started);
  }

  #explain(error: unknown, lookAt: readonly string[]): void {
    const lines =
      error instanceof CheckFailed
        ? [`expected: ${error.expected}`, `seen:     ${error.seen}`]
        : (error instanceof Error ? error.message : String(error)).split("\n");
    if (lookAt.length > 0) lines.push("look at:", ...lookAt.map((command) => `  ${command}`));
    for (const line of lines) this.#output.write(`${INDENT}${line}\n`);
  }

  #colour(colour: keyof typeof COLOURS, text: string): string {
    return this.#output.interactive ? `\u001b[${COLOURS[colour]}m${text}\u001b[0m` : text;
  }
}

/** Milliseconds as seconds with one digit. */
export function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1)} s`;
}
