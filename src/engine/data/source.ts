import type { Duplex } from "node:stream";
import type { DataProtection } from "./data-protection.ts";

/** Who sends the bytes: the client, or the server. */
export type DataDirection = "Upload" | "Download";

/**
 * What Node reads ahead on a data connection that waits for its sink, in bytes, beside one last read. Node's own 64 KiB would be tens
 * of megabytes where a client sends single bytes, as each is a chunk. While bytes flow it makes no difference.
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

export interface PassiveSource extends DataSource {
  readonly port: number;
}

/** Gives out passive ports. */
export interface PassivePorts {
  /**
   * Reserves a port for one data connection of the client with this key.
   * @param protection of a session that protects its data connections: these come after their TLS handshake, which tells clients
   * apart, so that several can share a port
   * @throws EngineError PassivePortsExhausted
   */
  reserve(client: string, protection?: DataProtection): Promise<PassiveSource>;
}
