/** Formats the cells in the tables of docs/reference/benchmarks.md. */

export function median(figures: readonly number[]): number {
  return figures.toSorted((a, b) => a - b)[Math.floor(figures.length / 2)] ?? Number.NaN;
}

/** Returns the median with the lowest and the highest value. */
export function cell(figures: readonly number[]): string {
  const [least, most] = [Math.min(...figures), Math.max(...figures)].map((one) => one.toFixed(2));
  return `${median(figures).toFixed(2)} (${least}–${most})`;
}

export function verdict(isMet: boolean): string {
  return isMet ? "met" : "missed";
}
