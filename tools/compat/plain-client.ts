import { once } from "node:events";
import { connect, type Socket } from "node:net";

/** Maximum time in milliseconds to wait for a reply. */
const REPLY_MILLISECONDS = 3000;

/**
 * A control connection to any FTP server. Accepts all reply formats in RFC 959, including formats that the engine does
 * not send.
 */
export class PlainClient {
  readonly #socket: Socket;
  #text = "";
  #ended = false;
  #wake: () => void = () => {};

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.setEncoding("latin1").on("data", (text: string) => {
      this.#text += text;
      this.#wake();
    });
    const end = (): void => {
      this.#ended = true;
      this.#wake();
    };
    socket.on("end", end).on("error", end);
  }

  /** Connects to a server and reads the greeting. */
  static async open(port: number): Promise<PlainClient> {
    const socket = connect(port, "127.0.0.1");
    await once(socket, "connect");
    const client = new PlainClient(socket);
    await client.code();
    return client;
  }

  /** Sends a command and returns the first line of the reply. */
  async command(line: string): Promise<string> {
    this.#socket.write(`${line}\r\n`);
    return await this.reply();
  }

  /**
   * Returns the first line of the next reply. Returns `closed` if the server closed the connection, and `none` after
   * the timeout.
   */
  async reply(): Promise<string> {
    for (const end = Date.now() + REPLY_MILLISECONDS; Date.now() < end; ) {
      const match = /^(\d{3})(?: .*|-[^]*?\n\1 .*)\r\n/u.exec(this.#text);
      if (match !== null) {
        this.#text = this.#text.slice(match[0].length);
        return match[0].split("\r\n")[0] ?? "";
      }
      if (this.#ended) return "closed";
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#wake = resolve;
      const timer = setTimeout(resolve, REPLY_MILLISECONDS);
      await promise;
      clearTimeout(timer);
    }
    return "none";
  }

  /** Returns the code of the next reply, or `closed`. */
  async code(): Promise<string> {
    return codeOf(await this.reply());
  }

  /** Sends EPSV and connects. Returns undefined if the server rejects the EPSV or PASV command. */
  async dataConnection(): Promise<Socket | undefined> {
    const port = /\|\|\|(\d+)\|/u.exec(await this.command("EPSV"))?.[1];
    if (port === undefined) return undefined;
    const socket = connect(Number(port), "127.0.0.1").on("error", () => {});
    await once(socket, "connect");
    return socket;
  }

  close(): void {
    this.#socket.destroy();
  }
}

export function codeOf(reply: string): string {
  return /^\d{3}/u.exec(reply)?.[0] ?? reply;
}
