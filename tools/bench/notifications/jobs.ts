export const CLIENTS = [1, 16] as const;

export interface Sizes {
  /** Number of uploads in each measurement. */
  uploads: number;
  bytes: number;
  /** Duration of the receiver outage in seconds. */
  outage: number;
}

export const FULL: Sizes = { uploads: 10_000, bytes: 4096, outage: 60 };
/** Small values for testing the benchmark. */
export const SHORT: Sizes = { uploads: 500, bytes: 4096, outage: 5 };

/** One measurement of uploads. */
export interface Figure {
  seconds: number;
  /** CPU time in seconds that the engine uses until all events are delivered. */
  cpuSeconds: number;
}

/** Result of the measurement with a receiver outage and a killed engine. */
export interface Recovery {
  /** Number of uploads that the engines acknowledged with reply 226. */
  uploads: number;
  /** Number of acknowledged uploads without an event. */
  missing: number;
  /** Number of repeated requests: all requests minus one request for each event. */
  repeated: number;
  /** Time in seconds from the start of the receiver to the last event. */
  seconds: number;
}

export interface Outcome {
  sizes: Sizes;
  runs: number;
  /** Measurements, keyed by the number of clients. */
  with: ReadonlyMap<number, readonly Figure[]>;
  without: ReadonlyMap<number, readonly Figure[]>;
  recovery: Recovery;
}
