import type { Duplex } from "node:stream";
import type { TlsMember } from "../tls/families.ts";

/** Where the next data connection will come from: a passive reservation, or an address to dial. */
export interface DataSource {
  /**
   * The data connection, awaited or dialled. At most one call.
   * @throws EngineError DataConnectionFailed when there is none in time
   */
  open(timeoutMilliseconds: number): Promise<Duplex>;
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
   * @param member of a session that protects its data connections: where TLS tells clients apart, they can share a port
   * @throws EngineError PassivePortsExhausted
   */
  reserve(client: string, member?: TlsMember): Promise<PassiveSource>;
}
