import type { Duplex } from "node:stream";

/** Sender of the bytes: the client or the engine. */
export type DataDirection = "Upload" | "Download";

/**
 * Bytes that Node reads ahead on a data connection that waits for its sink, in addition to one last read. With Node's default of
 * 64 KiB, a client that sends single bytes would fill tens of megabytes, because each byte is a chunk. The speed of transfers
 * does not change.
 */
export const DATA_READ_AHEAD = { highWaterMark: 1024 };

/** Where the next data connection will come from: a passive reservation, or an address to dial. */
export interface DataSource {
  /**
   * The data connection, awaited or dialled. At most one call.
   * @throws EngineError DataConnectionFailed when there is none in time
   */
  open(timeoutMilliseconds: number, direction: DataDirection): Promise<Duplex>;
  /** Lets go of everything that `open` did not hand out; a pending `open` rejects. */
  dispose(): void;
}
