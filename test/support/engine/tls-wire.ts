import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { connect as connectPlain, type Socket } from "node:net";
import { Duplex } from "node:stream";
import { type ConnectionOptions, connect, type TLSSocket } from "node:tls";
import { genuineRecords, type GenuineRecords } from "./genuine-records.ts";

/** A close_notify alert without encryption. */
export const CLEAR_CLOSE_NOTIFY = Buffer.from([21, 3, 3, 0, 2, 1, 0]);

/** Returns a record with a valid header and random content, which no key can decrypt. */
export function forged(bytes: number): Buffer {
  const header = Buffer.from([23, 3, 3, 0, 0]);
  header.writeUInt16BE(bytes, 3);
  return Buffer.concat([header, randomBytes(bytes)]);
}

/** An attacker on the network path between a TLS client and the engine. */
export class TlsWire extends Duplex {
  readonly raw: Socket;
  /** Bytes that the client has sent since `hold` was called. */
  readonly held: Buffer[] = [];
  /** All bytes that the engine has sent to the client. */
  readonly received: Buffer[] = [];
  #holds = false;

  constructor(raw: Socket) {
    super();
    this.raw = raw;
    raw.on("data", (bytes: Buffer) => {
      this.received.push(bytes);
      this.push(bytes);
    });
    raw.on("end", () => this.push(null));
    raw.on("error", () => {});
    raw.on("close", () => this.destroy());
  }

  /** Stops forwarding bytes from the client. */
  hold(): void {
    this.#holds = true;
  }

  /** Sends forged bytes to the client. */
  deceive(bytes: Buffer): void {
    this.push(bytes);
  }

  override _read(): void {}

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    if (this.#holds) this.held.push(chunk);
    else this.raw.write(chunk);
    done();
  }

  override _final(done: () => void): void {
    if (!this.#holds) this.raw.end();
    done();
  }
}

export interface WiredClient {
  wire: TlsWire;
  socket: TLSSocket;
  /** Creates TLS 1.3 records with the keys of the client. */
  records: Promise<GenuineRecords>;
}

/**
 * Performs a TLS handshake over a plain connection. The test can change the bytes on this connection, like an attacker
 * or a faulty client.
 */
export async function wiredClient(plain: Socket, options: ConnectionOptions): Promise<WiredClient> {
  const wire = new TlsWire(plain);
  const socket = connect({ socket: wire, rejectUnauthorized: false, ...options });
  socket.on("error", () => {});
  const records = genuineRecords(socket);
  await once(socket, "secureConnect");
  return { wire, socket, records };
}

/** Performs a TLS handshake on a new connection to a port. */
export async function wiredClientTo(port: number, options: ConnectionOptions): Promise<WiredClient> {
  const plain = connectPlain(port, "127.0.0.1");
  await once(plain, "connect");
  return await wiredClient(plain, options);
}
