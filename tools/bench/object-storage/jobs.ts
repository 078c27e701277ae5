import type { EngineObjectStorage } from "../../../src/api/engine-storage.ts";

export const JOBS = ["upload", "download", "small-upload", "small-download"] as const;
export type Job = (typeof JOBS)[number];

export interface Sizes {
  /** Size of the large file in bytes. */
  large: number;
  /** Number of small files. */
  small: number;
  smallBytes: number;
  /** Number of concurrent uploads, and the size of each upload in bytes. */
  crowd: number;
  crowdBytes: number;
}

export const FULL: Sizes = {
  large: 2 ** 30,
  small: 1000,
  smallBytes: 4096,
  crowd: 100,
  crowdBytes: 16 * 2 ** 20,
};
/** Small values for testing the benchmark. */
export const SHORT: Sizes = { large: 2 ** 25, small: 20, smallBytes: 4096, crowd: 10, crowdBytes: 2 ** 20 };

/** Configuration for the client without an FTP server. */
export interface BareConfig extends Pick<EngineObjectStorage, "bucket" | "prefix" | "region" | "multipart"> {
  endpoint: string;
  credentials: { accessKeyId: string; secretAccessKey: string };
  /** Name prefix for small files. Each round uploads new files. */
  smallName: string;
  sizes: Sizes;
}

/** One measurement of a job. */
export interface Figure {
  seconds: number;
  /** CPU time in seconds: of the engine, or of the client that runs without an FTP server. */
  cpuSeconds: number;
}

/** Memory in bytes. */
export interface Memory {
  /** Peak resident memory in bytes of an engine during many concurrent uploads. */
  crowd: number;
  /** Proportional set size (PSS) in bytes of an idle engine, with a volume and with a bucket. */
  idleVolume: number;
  idleBucket: number;
}

export interface Outcome {
  sizes: Sizes;
  runs: number;
  /** Measurements with small files of an engine that uses a volume. */
  volume: ReadonlyMap<Job, readonly Figure[]>;
  engine: ReadonlyMap<Job, readonly Figure[]>;
  bare: ReadonlyMap<Job, readonly Figure[]>;
  memory: Memory;
}
