import { once } from "node:events";
import { connect as connectPlain, type Socket } from "node:net";
import type { Duplex } from "node:stream";
import { buffer } from "node:stream/consumers";
import { type ConnectionOptions, connect, type TLSSocket } from "node:tls";
import type { EngineConfig } from "../../../src/api/engine-config.ts";
import type { EngineTls } from "../../../src/api/engine-tls.ts";
import { systemClock } from "../../../src/common/clock.ts";
import type { Engine } from "../../../src/engine/engine.ts";
import { loadCredentials } from "../../../src/engine/tls/credentials.ts";
import { TlsLayer } from "../../../src/engine/tls/tls-layer.ts";
import { type KeyPair, makeCertificate } from "./certificates.ts";
import { ControlClient } from "./control-client.ts";
import { startServer, type TestServer, type TestServerOptions } from "./server.ts";

/** The certificate that all test engines of a process share. */
const SERVER_CERTIFICATE: Promise<KeyPair> = makeCertificate({ commonName: "localhost" });

export async function tlsConfig(change: Partial<EngineTls> = {}): Promise<EngineTls> {
  return {
    mode: "Optional",
    ...(await SERVER_CERTIFICATE),
    minimumVersion: "TLS12",
    dataProtection: "Required",
    clearControl: "Deny",
    sessionReuse: "Preferred",
    serverNames: [],
    clientCertificates: { mode: "Disabled" },
    ...change,
  };
}

export interface TlsServer extends TestServer {
  layer: TlsLayer;
}

/** Starts an engine with TLS on loopback. */
export async function startTlsServer(
  change: Partial<EngineTls> = {},
  options: TestServerOptions = {},
): Promise<TlsServer> {
  const tls = await tlsConfig(change);
  // The TLS layer is created before the engine and adds its counts to the counter map of the engine.
  let counts = new Map<string, number>();
  const count = (name: string): void => void counts.set(name, (counts.get(name) ?? 0) + 1);
  const observer = {
    tlsHandshake: (channel: string, version: string, resumed: boolean): void =>
      count(`handshake ${channel} ${version}${resumed ? " resumed" : ""}`),
    tlsFailed: (channel: string, reason: string): void => count(`failure ${channel} ${reason}`),
  };
  const layer = new TlsLayer(tls, await loadCredentials(tls), observer, options.clock ?? systemClock);
  const config: Partial<EngineConfig> = { ...options.config, tls };
  const server = await startServer({ ...options, config, tls: layer });
  counts = server.counts;
  return { ...server, layer };
}

export type TlsVersion = "TLSv1.2" | "TLSv1.3";

/** Opens a connection to a port of the engine. */
export type Dial = (port: number) => Promise<Socket>;

async function dialLoopback(port: number): Promise<Socket> {
  const socket = connectPlain(port, "127.0.0.1");
  await once(socket, "connect");
  return socket;
}

/** An FTPS client with one control connection. */
export class FtpsClient {
  readonly control: ControlClient;
  readonly socket: TLSSocket;
  /** The newest TLS session that the engine issued on the control connection. */
  session: Buffer | undefined;
  readonly #options: ConnectionOptions;
  readonly #dial: Dial;

  private constructor(socket: TLSSocket, control: ControlClient, options: ConnectionOptions, dial: Dial) {
    this.#dial = dial;
    this.socket = socket;
    this.control = control;
    this.#options = options;
    // In TLS 1.2, the TLS session is available after the handshake. In TLS 1.3, the engine sends session tickets after
    // the handshake.
    if (socket.getProtocol() === "TLSv1.2") this.session = socket.getSession();
    socket.on("session", (session) => (this.session = session));
  }

  /** Connects and sends AUTH TLS. Rejects when the handshake fails. */
  static async explicit(
    server: Pick<Engine, "controlPort">,
    options: ConnectionOptions = {},
    dial: Dial = dialLoopback,
  ): Promise<FtpsClient> {
    const plain = new ControlClient(await dial(server.controlPort));
    await plain.reply();
    if ((await plain.code("AUTH TLS")) !== 234) throw new Error("AUTH was rejected");
    plain.duplex.removeAllListeners();
    return await FtpsClient.#secure(plain.duplex, options, dial);
  }

  static async implicit(server: Engine, options: ConnectionOptions = {}): Promise<FtpsClient> {
    return await FtpsClient.#secure(await dialLoopback(server.controlPort), options, dialLoopback);
  }

  static async #secure(raw: Duplex, options: ConnectionOptions, dial: Dial): Promise<FtpsClient> {
    const socket = connect({ socket: raw, rejectUnauthorized: false, ...options });
    await once(socket, "secureConnect");
    return new FtpsClient(socket, new ControlClient(socket), options, dial);
  }

  /** Logs in, sends PROT P, and waits for a TLS session that can be resumed. */
  async login(name = "alice"): Promise<this> {
    for (const [line, code] of [
      [`USER ${name}`, 331],
      ["PASS secret", 230],
      ["PBSZ 0", 200],
      ["PROT P", 200],
      ["TYPE I", 200],
    ] as const) {
      const answer = await this.control.command(line);
      if (answer.code !== code) throw new Error(`${line}: ${answer.lines.join()}`);
    }
    return this;
  }

  /** Sends EPSV and returns the announced port. */
  async passivePort(): Promise<number> {
    const { lines } = await this.control.command("EPSV");
    return Number(/\|\|\|(\d+)\|/u.exec(lines[0] ?? "")?.[1]);
  }

  /** Opens a data connection and starts TLS. */
  async data(port: number, change: ConnectionOptions = { session: this.session }): Promise<TLSSocket> {
    return this.secured(await this.#dial(port), change);
  }

  /** Starts TLS on an open connection. */
  secured(raw: Socket, change: ConnectionOptions = { session: this.session }): TLSSocket {
    const socket = connect({ socket: raw, rejectUnauthorized: false, ...this.#options, ...change });
    socket.on("error", () => {});
    return socket;
  }

  /** Uploads a file. Returns the last reply. */
  async upload(name: string, bytes: Uint8Array, change?: ConnectionOptions): Promise<string> {
    const port = await this.passivePort();
    const first = await this.control.command(`STOR ${name}`);
    if (first.code !== 150) return first.lines[0] ?? "";
    (await this.data(port, change)).end(bytes);
    return (await this.control.reply())?.lines[0] ?? "";
  }

  /** Downloads a file. Returns the last reply and the received bytes. */
  async download(line: string, change?: ConnectionOptions): Promise<{ answer: string; bytes: Buffer }> {
    const port = await this.passivePort();
    const first = await this.control.command(line);
    if (first.code !== 150) return { answer: first.lines[0] ?? "", bytes: Buffer.alloc(0) };
    const bytes = await buffer(await this.data(port, change)).catch(() => Buffer.alloc(0));
    return { answer: (await this.control.reply())?.lines[0] ?? "", bytes };
  }
}

/** Returns a client that has logged in with this version of TLS. */
export async function clientOf(world: TlsServer, version: TlsVersion, dial?: Dial): Promise<FtpsClient> {
  const options = { minVersion: version, maxVersion: version };
  return await (await FtpsClient.explicit(world.engine, options, dial)).login();
}

/** Returns clients that can share a passive port, because each has kept a TLS session of its own at the same time. */
export async function clientsWithKeptSessions(
  { engine }: TlsServer,
  count: number,
  options?: ConnectionOptions,
): Promise<FtpsClient[]> {
  const clients: FtpsClient[] = [];
  for (let number = 0; number < count; number++)
    clients.push(await (await FtpsClient.explicit(engine, options)).login());
  for (const client of [...clients, ...clients]) {
    const answer = await client.upload("proof", Buffer.from("x"));
    if (answer !== "226 Transfer complete.") throw new Error(answer);
  }
  return clients;
}
