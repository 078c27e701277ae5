import { once } from "node:events";
import { connect, type Socket } from "node:net";
import type { Duplex } from "node:stream";
import { connect as connectTls, type TLSSocket } from "node:tls";
import { ControlClient } from "../../test/support/engine/control-client.ts";

/** Ports of an engine. */
export interface Target {
  readonly controlPort: number;
  readonly metricsPort: number;
  readonly passivePorts: readonly number[];
}

/** A client that breaks the protocol. The promise rejects if a reply differs from the expected reply. */
export type BrokenClient = (attacker: Attacker) => Promise<void>;

/** Runs a broken client with a source address in 127.0.0.0/8. Resets all open connections at the end. */
export async function runBrokenClient(client: BrokenClient, target: Target, address: string): Promise<void> {
  using attacker = new Attacker(target, address);
  await client(attacker);
}

/** A client program that can open any number of connections. */
export class Attacker implements Disposable {
  readonly target: Target;
  readonly #address: string;
  readonly #sockets: Socket[] = [];

  constructor(target: Target, address: string) {
    this.target = target;
    this.#address = address;
  }

  /** Opens a connection. */
  async dial(port: number): Promise<Socket> {
    const socket = connect({ port, host: "127.0.0.1", localAddress: this.#address });
    this.#sockets.push(socket);
    // Ignores connection errors, because the engine closes connections during floods.
    socket.on("error", () => {});
    await once(socket, "connect");
    return socket;
  }

  /** Opens a control connection and reads the greeting. */
  async greeted(): Promise<ControlClient> {
    const client = new ControlClient(await this.dial(this.target.controlPort));
    await client.reply();
    return client;
  }

  /** Opens a session and logs in. */
  async loggedIn(): Promise<ControlClient> {
    const client = await this.greeted();
    await client.command("USER bob");
    await client.command("PASS secret");
    await client.command("TYPE I");
    return client;
  }

  /** Sends EPSV and returns the passive port, or 0 when the engine rejects the command. */
  async reserve(client: ControlClient): Promise<number> {
    const { lines } = await client.command("EPSV");
    return Number(/\|\|\|(\d+)\|/u.exec(lines[0] ?? "")?.[1] ?? 0);
  }

  /** Opens a session with explicit FTPS and logs in. */
  async loggedInSecurely(): Promise<ControlClient> {
    const plain = await this.greeted();
    await plain.command("AUTH TLS");
    plain.duplex.removeAllListeners("data");
    const client = new ControlClient(await secure(plain.duplex));
    for (const line of ["USER bob", "PASS secret", "PBSZ 0", "PROT P", "TYPE I"]) await client.command(line);
    return client;
  }

  [Symbol.dispose](): void {
    for (const socket of this.#sockets) socket.resetAndDestroy();
  }
}

/** Performs a TLS handshake as a client. Does not verify the server certificate. */
export async function secure(socket: Duplex): Promise<TLSSocket> {
  const secured = connectTls({ socket, rejectUnauthorized: false });
  secured.on("error", () => {});
  await once(secured, "secureConnect");
  return secured;
}
