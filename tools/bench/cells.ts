/** Formats the values in docs/reference/benchmarks.md. */
import { cpus, release, totalmem } from "node:os";

const GIBIBYTE = 2 ** 30;

/** Returns a description of this machine. */
export function machine(): string {
  const [cpu] = cpus();
  const memory = Math.round(totalmem() / GIBIBYTE);
  return `${cpus().length} × ${cpu?.model ?? "unknown"}, ${memory} GiB, Linux ${release()}, Node.js ${process.version.slice(1)}`;
}

/** Returns the median, or NaN without values. */
export function median(figures: readonly number[]): number {
  const sorted = figures.toSorted((a, b) => a - b);
  const [lower = Number.NaN, upper = Number.NaN] = [(sorted.length - 1) / 2, sorted.length / 2].map(
    (index) => sorted[Math.floor(index)],
  );
  return (lower + upper) / 2;
}

/** Returns the median with the lowest and the highest value. */
export function cell(figures: readonly number[]): string {
  const [least, most] = [Math.min(...figures), Math.max(...figures)].map((one) => one.toFixed(2));
  return `${median(figures).toFixed(2)} (${least}–${most})`;
}

/** Returns a figure with three significant digits. A figure of 100 or more is rounded to an integer. */
export function short(figure: number): string {
  return figure >= 100 ? figure.toFixed(0) : figure.toPrecision(3);
}

/** Returns the median with three significant digits, and in parentheses the lowest and the highest value. */
export function shortCell(figures: readonly number[] | undefined): string {
  if (figures === undefined || figures.length === 0) return "–";
  const [least, most] = [Math.min(...figures), Math.max(...figures)];
  return figures.length === 1
    ? short(median(figures))
    : `${short(median(figures))} (${short(least)}–${short(most)})`;
}

export function verdict(isMet: boolean): string {
  return isMet ? "met" : "missed";
}
