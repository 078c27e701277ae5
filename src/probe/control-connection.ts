import { addAbortListener } from "node:events";
import { connect, isIP, type Socket } from "node:net";
import { connect as connectTls, type TLSSocket } from "node:tls";
import { CheckFailure, type FailureReason } from "./failure.ts";
import { printable, type Reply, ReplyReader } from "./reply-reader.ts";
import type { CheckRequest } from "./request.ts";

/** Replies that may wait unread: a server that never stops must not fill the memory. */
const MAX_UNREAD = 100;

/** The control connection of a client that is there to find out where the way ends. */
export class ControlConnection {
  /** The IP address at the other end. */
  readonly address: string;
  readonly #request: CheckRequest;
  #socket: Socket;
  #reader = new ReplyReader();
  readonly #replies: Reply[] = [];
  #broken: (Error & { ownWords?: string }) | undefined;
  #wake: (() => void) | undefined;
  /** The newest TLS session, which data connections resume. */
  tlsSession: Buffer | undefined;

  private constructor(socket: Socket, address: string, request: CheckRequest) {
    this.address = address;
    this.#socket = socket;
    this.#request = request;
  }

  /**
   * @param address IP address that the host has
   * @param signal closes the connection
   * @throws CheckFailure ConnectFailed, EncryptionFailed
   */
  static async open(
    address: string,
    request: CheckRequest,
    signal?: AbortSignal,
  ): Promise<ControlConnection> {
    const { port, timeoutMilliseconds } = request;
    const socket = await dial({ address, port }, timeoutMilliseconds, signal).catch((error: Error) => {
      throw new CheckFailure("ConnectFailed", `${address} port ${port}: ${error.message}`);
    });
    const connection = new ControlConnection(socket, address, request);
    if (request.tls === "Implicit") await connection.encrypt();
    else connection.#listen();
    return connection;
  }

  /** Puts TLS on the connection. @throws CheckFailure EncryptionFailed */
  async encrypt(): Promise<void> {
    this.#socket.removeAllListeners("data");
    // What came in the clear behind the 234 is not the server's word.
    if (!this.#reader.isEmpty || this.#replies.length > 0)
      throw new CheckFailure("EncryptionFailed", "the server sent more than its reply before TLS");
    const socket = await secure(this.#socket, this.#request).catch((error: Error) => {
      throw new CheckFailure("EncryptionFailed", error.message);
    });
    socket.on("session", (session) => (this.tlsSession = session));
    this.tlsSession = socket.getSession();
    this.#socket = socket;
    this.#listen();
  }

  /**
   * The next reply, or the one to a command.
   * @param reason of the failure when none comes
   * @throws CheckFailure
   */
  async reply(reason: FailureReason, line?: string): Promise<Reply> {
    if (line !== undefined) this.#socket.write(`${line}\r\n`);
    const said = line === undefined ? "the greeting" : `the reply to ${line.split(" ")[0]}`;
    const timeout = AbortSignal.timeout(this.#request.timeoutMilliseconds);
    timeout.addEventListener("abort", () => this.#wake?.());
    for (;;) {
      const reply = this.#replies.shift();
      if (reply !== undefined) return reply;
      if (this.#broken !== undefined) {
        const { message, ownWords = message } = this.#broken;
        const failed = `${said} did not come`;
        throw new CheckFailure(reason, `${failed}: ${message}`, `${failed}: ${ownWords}`);
      }
      if (timeout.aborted)
        throw new CheckFailure(
          reason,
          `${said} did not come within ${this.#request.timeoutMilliseconds / 1000} s`,
        );
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }

  /** Sends a command, and fails unless the reply begins with one of the digits. @throws CheckFailure */
  async expect(reason: FailureReason, digits: string, line?: string): Promise<Reply> {
    const reply = await this.reply(reason, line);
    if (digits.includes(String(reply.code).charAt(0))) return reply;
    const command = line === undefined ? "the server greets with" : `${line.split(" ")[0]} is answered`;
    const said = printable(reply.lines.at(-1) ?? "");
    throw new CheckFailure(reason, `${command} "${said}"`, `${command} ${reply.code}`);
  }

  close(): void {
    this.#socket.destroy();
  }

  #listen(): void {
    const socket = this.#socket.setEncoding("utf8");
    const end = (error: Error): void => {
      this.#broken ??= error;
      this.#wake?.();
    };
    socket.on("data", (piece: string) => {
      try {
        this.#replies.push(...this.#reader.push(piece));
        if (this.#replies.length > MAX_UNREAD) throw new Error("the server says more than it was asked");
      } catch (error) {
        this.#replies.length = 0;
        end(error instanceof Error ? error : new Error(String(error)));
        socket.destroy();
      }
      this.#wake?.();
    });
    socket.on("error", end);
    socket.on("close", () => end(new Error("the server closed the connection")));
  }
}

/** Where a connection goes. */
export interface End {
  /** IP address. */
  address: string;
  port: number;
}

/** A TCP connection, which ends when the signal aborts. Rejects with a message for people. */
export async function dial(
  { address, port }: End,
  timeoutMilliseconds: number,
  signal?: AbortSignal,
): Promise<Socket> {
  const socket = connect({ host: address, port });
  // Node's own option for this leaves its listener at the signal, which may outlive many sockets.
  const listening =
    signal && addAbortListener(signal, () => socket.destroy(new Error("the check was called off")));
  socket.once("close", () => listening?.[Symbol.dispose]());
  try {
    await within(timeoutMilliseconds, socket, "connect");
    return socket.setNoDelay(true);
  } catch (error) {
    socket.destroy();
    throw error;
  }
}

/** TLS on a connection; `session` is resumed where the server allows it. Rejects with a message for people. */
export async function secure(
  socket: Socket,
  { host, verifyCertificate, timeoutMilliseconds }: CheckRequest,
  session?: Buffer,
): Promise<TLSSocket> {
  const secured = connectTls({
    socket,
    host,
    rejectUnauthorized: verifyCertificate,
    ...(isIP(host) === 0 && { servername: host }),
    ...(session !== undefined && { session }),
  });
  try {
    await within(timeoutMilliseconds, secured, "secureConnect");
    return secured;
  } catch (error) {
    secured.destroy();
    throw error;
  }
}

function within(milliseconds: number, socket: Socket, event: "connect" | "secureConnect"): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new Error(`no answer within ${milliseconds / 1000} s`)),
      milliseconds,
    );
    const done = (settle: () => void) => (): void => {
      clearTimeout(timer);
      settle();
    };
    socket.once(event, done(resolve));
    socket.once("error", (error) => done(() => reject(error))());
    socket.once(
      "close",
      done(() => reject(new Error("the connection was closed"))),
    );
  });
}
