import { Counter, Gauge, Histogram, type Registry } from "@prometheus-io/client";

export type Builders = ReturnType<typeof builders>;

/** Returns functions that create metrics in a registry. */
export function builders(registry: Registry) {
  const registers = [registry];
  return {
    counter: <L extends string>(name: string, help: string, labelNames: readonly L[] = []): Counter<L> =>
      new Counter({ name, help, labelNames: [...labelNames], registers }),
    gauge: <L extends string>(
      name: string,
      help: string,
      labelNames: readonly L[] = [],
      collect?: (this: Gauge<L>) => void,
    ): Gauge<L> =>
      new Gauge({ name, help, labelNames: [...labelNames], registers, ...(collect && { collect }) }),
    histogram: <L extends string>(
      name: string,
      help: string,
      labelNames: readonly L[],
      buckets: readonly number[],
    ): Histogram<L> =>
      new Histogram({ name, help, labelNames: [...labelNames], buckets: [...buckets], registers }),
  };
}
