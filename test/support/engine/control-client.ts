import { once } from "node:events";
import { connect, type Socket } from "node:net";
import type { Duplex } from "node:stream";
import { duplexPair } from "node:stream";
import { buffer } from "node:stream/consumers";
import type { Engine } from "../../../src/engine/engine.ts";

/** Waits until a connection is closed or reset. In contrast, `once()` rejects after a reset. */
export function closed(connection: Duplex): Promise<void> {
  connection.on("error", () => {});
  return new Promise((resolve) =>
    connection.closed ? resolve() : connection.once("close", () => resolve()),
  );
}

/** The reply code, and the lines of the reply without line endings. */
export interface Received {
  code: number;
  lines: string[];
}

/** A control connection that sends arbitrary bytes and reads complete replies. */
export class ControlClient {
  readonly duplex: Duplex;
  readonly #encoding: BufferEncoding;
  #text = "";
  #closed = false;
  #wake: () => void = () => {};

  /** @param encoding encoding of lines that the client sends and receives; `latin1` maps each character to one byte */
  constructor(duplex: Duplex, encoding: BufferEncoding = "utf8") {
    this.duplex = duplex;
    this.#encoding = encoding;
    duplex.setEncoding(encoding);
    duplex.on("data", (text: string) => {
      this.#text += text;
      this.#wake();
    });
    const over = (): void => {
      this.#closed = true;
      this.#wake();
    };
    duplex.on("end", over).on("close", over).on("error", over);
    // The test client closes its side after the engine closes the connection, like a TCP socket in Node.js by default.
    duplex.on("end", () => duplex.end());
  }

  /** Connects to the engine over a pair of in-memory streams. */
  static inMemory(server: Engine, client = "192.0.2.1"): ControlClient {
    const [ours, theirs] = duplexPair();
    server.serve(theirs, { client, local: "192.0.2.254" });
    return new ControlClient(ours);
  }

  static async overTcp(
    server: Pick<Engine, "controlPort">,
    host = "127.0.0.1",
    encoding: BufferEncoding = "utf8",
  ): Promise<ControlClient> {
    const socket = connect(server.controlPort, host);
    await once(socket, "connect");
    return new ControlClient(socket, encoding);
  }

  send(text: string | Uint8Array): void {
    if (typeof text === "string") this.duplex.write(text, this.#encoding);
    else this.duplex.write(text);
  }

  /** Returns the next complete reply, or undefined when the engine has closed the connection. */
  async reply(): Promise<Received | undefined> {
    for (;;) {
      const match = /^(?:(\d{3})-.*\r\n(?: .*\r\n)*\1 .*\r\n|\d{3} .*\r\n)/u.exec(this.#text);
      if (match !== null) {
        this.#text = this.#text.slice(match[0].length);
        return { code: Number(match[0].slice(0, 3)), lines: match[0].trimEnd().split("\r\n") };
      }
      if (this.#closed) return undefined;
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#wake = resolve;
      await promise;
    }
  }

  /** Sends a line and returns its reply. */
  async command(line: string): Promise<Received> {
    this.send(`${line}\r\n`);
    return (await this.reply()) ?? { code: 0, lines: [] };
  }

  /** Sends a line and returns the code of its reply. */
  async code(line: string): Promise<number> {
    return (await this.command(line)).code;
  }

  /**
   * Sends commands in order and stops after the first rejected command. Returns the code of the last reply.
   * @param line commands, separated by ` | `
   * @param last function that sends the last command
   */
  async sequence(
    line: string,
    last: (command: string) => Promise<number> = (command) => this.code(command),
  ): Promise<number> {
    const commands = line.split(" | ");
    const final = commands.pop() ?? "";
    for (const command of commands) {
      const code = await this.code(command);
      if (code >= 400) return code;
    }
    return await last(final);
  }

  /** Reads the greeting and logs in. */
  async login(name = "alice"): Promise<this> {
    await this.reply();
    await this.command(`USER ${name}`);
    const { code, lines } = await this.command("PASS secret");
    if (code !== 230) throw new Error(lines.join("\n"));
    return this;
  }

  /** Sends EPSV and connects to the announced port. */
  async passive(): Promise<Socket> {
    const { lines } = await this.command("EPSV");
    const port = Number(/\|\|\|(\d+)\|/u.exec(lines[0] ?? "")?.[1]);
    const socket = connect({ port, host: "127.0.0.1" });
    await once(socket, "connect");
    return socket;
  }

  /** Downloads a file or a listing. Returns the final reply code and the received bytes. */
  async download(line: string): Promise<{ code: number; bytes: Buffer }> {
    const data = await this.passive();
    const first = await this.command(line);
    if (first.code !== 150) {
      data.destroy();
      return { code: first.code, bytes: Buffer.alloc(0) };
    }
    const bytes = await buffer(data);
    return { code: (await this.reply())?.code ?? 0, bytes };
  }

  /** Uploads a file. Returns the final reply code. */
  async upload(line: string, bytes: string | Uint8Array): Promise<number> {
    const data = await this.passive();
    // The engine can reset the data connection of a rejected upload.
    data.on("error", () => {});
    const first = await this.command(line);
    data.end(bytes);
    return first.code === 150 ? ((await this.reply())?.code ?? 0) : first.code;
  }
}
