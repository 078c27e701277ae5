import { once } from "node:events";
import { connect, type Socket } from "node:net";
import type { Duplex } from "node:stream";
import { connect as connectTls, type TLSSocket } from "node:tls";
import { ControlClient } from "../../test/support/engine/control-client.ts";
/** The ports of an engine. */
export interface Target {
  readonly controlPort: number;
  readonly metricsPort: number;
  readonly passivePorts: readonly number[];
}

/** What an attacker does with its connections, all of which are cut afterwards. Rejects when the engine answers wrongly. */
export type Misdeed = (attacker: Attacker) => Promise<void>;

/** Does it from an address of 127.0.0.0/8, and cuts every connection that is left open. */
export async function misbehave(misdeed: Misdeed, target: Target, address: string): Promise<void> {
  using attacker = new Attacker(target, address);
  await misdeed(attacker);
}

/** One client program with any number of connections. */
export class Attacker implements Disposable {
  readonly target: Target;
  readonly #address: string;
  readonly #sockets: Socket[] = [];

  constructor(target: Target, address: string) {
    this.target = target;
    this.#address = address;
  }

  async dial(port: number): Promise<Socket> {
    const socket = connect({ port, host: "127.0.0.1", localAddress: this.#address });
    this.#sockets.push(socket);
    // The flood expects to be disconnected.
    socket.on("error", () => {});
    await once(socket, "connect");
    return socket;
  }

  /** A control connection that was greeted. */
  async greeted(): Promise<ControlClient> {
    const client = new ControlClient(await this.dial(this.target.controlPort));
    await client.reply();
    return client;
  }

  async loggedIn(): Promise<ControlClient> {
    const client = await this.greeted();
    await client.command("USER bob");
    await client.command("PASS secret");
    await client.command("TYPE I");
    return client;
  }

  /** The port of a reservation; 0 when there was none. */
  async reserve(client: ControlClient): Promise<number> {
    const { lines } = await client.command("EPSV");
    return Number(/\|\|\|(\d+)\|/u.exec(lines[0] ?? "")?.[1] ?? 0);
  }

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

/** TLS as a client. */
export async function secure(socket: Duplex): Promise<TLSSocket> {
  const secured = connectTls({ socket, rejectUnauthorized: false });
  secured.on("error", () => {});
  await once(secured, "secureConnect");
  return secured;
}
