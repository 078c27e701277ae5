import type { Duplex } from "node:stream";

/** Sender of the bytes: the client or the engine. */
export type DataDirection = "Upload" | "Download";

/**
 * Bytes that Node reads ahead on a data connection whose sink is busy, in addition to one last read. With Node's default of
 * 64 KiB, a client that sends single bytes would fill tens of megabytes, because each byte is a chunk. The speed of transfers
 * does not change.
 */
export const DATA_READ_AHEAD = { highWaterMark: 1024 };

/** Origin of the next data connection: a passive reservation, or an address to connect to. */
export interface DataSource {
  /**
   * Waits for the data connection, or opens it. Called at most once.
   * @throws EngineError DataConnectionFailed when there is no connection in time
   */
  open(timeoutMilliseconds: number, direction: DataDirection): Promise<Duplex>;
  /** Releases everything that `open` did not return. A pending `open` rejects. */
  dispose(): void;
}
