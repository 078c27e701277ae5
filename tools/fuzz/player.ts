/** Runs one session in a round. */
import { once } from "node:events";
import { connect, createServer, type Server, Socket } from "node:net";
import type { Duplex } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { connect as connectTls } from "node:tls";
import { Relay } from "../../src/engine/tls/relay.ts";
import type { Connection, Session, Step } from "./round.ts";

/** Maximum time to wait for an event in milliseconds. */
const EVENT_TIMEOUT = 100;
const ANNOUNCED_PORT = /\|\|\|(\d+)\|\)|\(\d+,\d+,\d+,\d+,(\d+),(\d+)\)/gu;

/** Runs a session, closes all connections, and returns the data received on the control connection. */
export async function play(session: Session, controlPort: number): Promise<string> {
  const player = new Player();
  try {
    await player.open(controlPort, session.secured);
    for (const step of session.steps) await player.take(step);
    return player.received;
  } finally {
    player.cut();
  }
}

class Player {
  received = "";
  #control: Duplex | undefined;
  #data: Duplex | undefined;
  /** TCP connections of the session. With TLS, these sockets are the TCP sockets below TLS. */
  readonly #raw: Partial<Record<Connection, Duplex>> = {};
  #over = false;
  readonly #open: (Socket | Server)[] = [];

  async open(port: number, secured: boolean): Promise<void> {
    const plain = await this.#dial(port);
    this.#raw.Control = plain;
    if (!secured) return this.#listen(plain);
    await happens(plain, "data");
    plain.write("AUTH TLS\r\n");
    await happens(plain, "data");
    this.#listen(await this.#secure(plain));
  }

  #listen(control: Duplex): void {
    this.#control = control;
    // The data is decoded as Latin-1, because it can be binary.
    control.on("data", (bytes: Buffer) => (this.received += bytes.toString("latin1")));
  }

  async take(step: Step): Promise<void> {
    switch (step.do) {
      case "Send":
      case "Write":
      case "Inject":
        write(this.#targetOf(step), step.bytes);
        break;
      case "Cut":
      case "End":
      case "Reset":
        this.#close(step);
        break;
      case "Wait":
        await sleep(step.milliseconds);
        break;
      case "Dial":
      case "Listen":
      case "Intrude":
        await this.#connect(step);
        break;
    }
  }

  #targetOf(step: Extract<Step, { do: "Send" | "Write" | "Inject" }>): Duplex | undefined {
    if (step.do === "Inject") return this.#raw[step.on];
    return step.do === "Send" ? this.#control : this.#data;
  }

  #close(step: Extract<Step, { do: "Cut" | "End" | "Reset" }>): void {
    if (step.do === "Cut") this.#raw[step.on]?.end();
    else if (step.do === "End") this.#data?.end();
    else this.#data?.destroy();
  }

  async #connect(step: Extract<Step, { do: "Dial" | "Listen" | "Intrude" }>): Promise<void> {
    if (step.do === "Dial") await this.#dialData(step.secured);
    else if (step.do === "Listen") await this.#await();
    else await this.#intrude(step);
  }

  cut(): void {
    this.#over = true;
    // Uses destroy(), because Node.js cannot close a socket that TLS uses after resetAndDestroy(). Destroys TLS sockets
    // before their connections. In the reverse order, Node.js 26.10 crashes. Node.js then frees memory that SSL_read in
    // OpenSSL still uses to report the end of a handshake.
    for (const one of this.#open.toReversed()) {
      if (one instanceof Socket) one.destroy();
      else one.close();
    }
  }

  async #dial(port: number, localAddress = "127.0.0.1"): Promise<Socket> {
    const socket = connect({ port, host: "127.0.0.1", localAddress });
    this.#open.push(socket.on("error", () => {}));
    await happens(socket, "connect");
    return socket;
  }

  async #dialData(secured: boolean): Promise<void> {
    const port = await this.#announcedPort();
    if (port === undefined) return;
    const plain = await this.#dial(port);
    this.#raw.Data = plain;
    this.#data = secured ? await this.#secure(plain) : plain;
    this.#data.resume();
  }

  /** Opens a data connection as a different client, with a separate TLS session. */
  async #intrude({ from, secured, bytes }: Extract<Step, { do: "Intrude" }>): Promise<void> {
    const port = await this.#announcedPort();
    if (port === undefined) return;
    const plain = await this.#dial(port, from);
    const connection = secured ? await this.#secure(plain) : plain;
    write(connection.resume(), bytes);
  }

  /** Returns the port in the last reply to PASV or EPSV. */
  async #announcedPort(): Promise<number | undefined> {
    await sleep(5);
    const [, port = "", high, low] = [...this.received.matchAll(ANNOUNCED_PORT)].at(-1) ?? [];
    const number = port === "" ? Number(high) * 256 + Number(low) : Number(port);
    return number > 0 ? number : undefined;
  }

  /** Starts TLS on a connection. Errors are ignored. */
  async #secure(plain: Socket): Promise<Duplex> {
    // Uses a relay, because `Inject` writes below TLS and cannot write to a socket that TLS uses.
    const secured = connectTls({ socket: new Relay(plain), rejectUnauthorized: false });
    this.#open.push(secured.on("error", () => {}));
    await happens(secured, "secureConnect");
    return secured;
  }

  async #await(): Promise<void> {
    const server = createServer((socket) => {
      this.#open.push(socket.on("error", () => {}).resume());
      // The session can end before the server accepts this connection.
      if (this.#over) socket.destroy();
      this.#data = socket;
    });
    this.#open.push(server);
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const address = server.address();
    if (typeof address === "object" && address !== null)
      this.#control?.write(`EPRT |1|127.0.0.1|${address.port}|\r\n`);
  }
}

function write(stream: Duplex | undefined, bytes: string): void {
  if (stream?.writable === true) stream.write(Buffer.from(bytes, "latin1"));
}

/** Waits for an event, an error or the timeout. */
async function happens(stream: Duplex, event: string): Promise<void> {
  const waiting = new AbortController();
  const { signal } = waiting;
  const [soon, late] = [once(stream, event, { signal }), sleep(EVENT_TIMEOUT, undefined, { signal })];
  await Promise.race([soon, late]).catch(() => undefined);
  waiting.abort();
  await Promise.allSettled([soon, late]);
}
