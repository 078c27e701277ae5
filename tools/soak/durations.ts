/** Durations in milliseconds. */
export class Durations {
  readonly #all: number[] = [];

  async time(what: () => Promise<unknown>): Promise<void> {
    const began = performance.now();
    await what();
    this.#all.push(performance.now() - began);
  }

  quantile(share: number): number {
    const sorted = this.#all.toSorted((a, b) => a - b);
    return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
  }

  get summary(): string {
    const [median, late, last] = [0.5, 0.99, 1].map((share) => `${this.quantile(share).toFixed(0)} ms`);
    return `${this.#all.length} times, median ${median}, 99 % ${late}, longest ${last}`;
  }
}
