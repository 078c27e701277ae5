import type { Duplex } from "node:stream";

/** Direction of a transfer: the client or the engine sends the bytes. */
export type DataDirection = "Upload" | "Download";

/**
 * Limit in bytes on the data that Node.js reads ahead while the sink is busy. Node.js can exceed this limit by one
 * read. With the default of 64 KiB, a client that sends single bytes would fill tens of megabytes, because each byte is
 * a chunk. The limit does not slow down transfers.
 */
export const DATA_READ_AHEAD = { highWaterMark: 1024 };

/** Source of the next data connection: a passive reservation or an address to connect to. */
export interface DataSource {
  /**
   * Waits for the data connection or opens it. Must be called at most once.
   * @throws EngineError DataConnectionFailed when the connection is not established before the timeout
   */
  open(timeoutMilliseconds: number, direction: DataDirection): Promise<Duplex>;
  /** Releases all resources except a connection that `open` returned. A pending `open` rejects. */
  dispose(): void;
}
