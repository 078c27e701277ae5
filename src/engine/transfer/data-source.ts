import type { Duplex } from "node:stream";

/** Direction of a transfer: the client sends the bytes (upload), or the engine sends the bytes (download). */
export type DataDirection = "Upload" | "Download";

/**
 * Maximum number of bytes that Node.js reads ahead while the sink is busy. Node.js can exceed this number by one read.
 * With the default of 64 KiB, a client that sends single bytes would fill tens of megabytes of memory, because each
 * byte is a chunk. This limit does not slow down transfers.
 */
export const DATA_READ_AHEAD = { highWaterMark: 1024 };

/** Source of the next data connection: a passive reservation, or a client address to which the engine connects. */
export interface DataSource {
  /**
   * Waits for the data connection or opens it. The transfer must call this method at most once.
   * @throws EngineError DataConnectionFailed if the connection is not established before the timeout
   */
  open(timeoutMilliseconds: number, direction: DataDirection): Promise<Duplex>;
  /** Releases all resources except a connection that `open` returned. A pending `open` rejects. */
  dispose(): void;
}
