import type { Socket } from "node:net";
import type { TLSSocket } from "node:tls";
import { connectTcp, connectTls } from "./connect.ts";
import { type FailureReason, ProbeFailure } from "./failure.ts";
import { printableLine, type Reply, ReplyParser } from "./reply-parser.ts";
import type { ProbeRequest } from "./request.ts";

/** Maximum number of unread replies. Without this limit, a server could fill the memory with unsolicited replies. */
const MAX_UNREAD = 100;

/** Control connection of a probe. */
export class ControlConnection {
  /** IP address of the server. */
  readonly address: string;
  readonly #request: ProbeRequest;
  #socket: Socket;
  readonly #parser = new ReplyParser();
  readonly #replies: Reply[] = [];
  /** Error that made the connection unusable. */
  #error: (Error & { safeMessage?: string }) | undefined;
  #wake: (() => void) | undefined;
  /** Latest TLS session, which data connections resume. */
  tlsSession: Buffer | undefined;

  private constructor(socket: Socket, address: string, request: ProbeRequest) {
    this.address = address;
    this.#socket = socket;
    this.#request = request;
  }

  /**
   * @param address IP address of the host
   * @param signal closes the connection
   * @throws ProbeFailure ConnectFailed, EncryptionFailed
   */
  static async open(
    address: string,
    request: ProbeRequest,
    signal?: AbortSignal,
  ): Promise<ControlConnection> {
    const { port, timeoutMilliseconds } = request;
    const socket = await connectTcp({ address, port }, timeoutMilliseconds, signal).catch((error: Error) => {
      throw new ProbeFailure("ConnectFailed", `${address} port ${port}: ${error.message}`);
    });
    const connection = new ControlConnection(socket, address, request);
    if (request.tls === "Implicit") await connection.encrypt();
    else connection.#listen();
    return connection;
  }

  /** Starts TLS. @throws ProbeFailure EncryptionFailed */
  async encrypt(): Promise<void> {
    this.#socket.removeAllListeners("data");
    // Without this check, an attacker could inject cleartext after reply 234 (CVE-2011-0411).
    if (!this.#parser.isEmpty || this.#replies.length > 0)
      throw new ProbeFailure("EncryptionFailed", "the server sent more than its reply before TLS");
    const socket: TLSSocket = await connectTls(this.#socket, this.#request).catch((error: Error) => {
      throw new ProbeFailure("EncryptionFailed", error.message);
    });
    socket.on("session", (session) => (this.tlsSession = session));
    this.tlsSession = socket.getSession();
    this.#socket = socket;
    this.#listen();
  }

  /**
   * Returns the next reply. If a command is given, sends the command first.
   * @param reason failure reason when no reply arrives
   * @throws ProbeFailure
   */
  async reply(reason: FailureReason, line?: string): Promise<Reply> {
    if (line !== undefined) this.#socket.write(`${line}\r\n`);
    const expected = line === undefined ? "greeting" : `reply to ${commandOf(line)}`;
    const timeout = AbortSignal.timeout(this.#request.timeoutMilliseconds);
    timeout.addEventListener("abort", () => this.#wake?.());
    for (;;) {
      const reply = this.#replies.shift();
      if (reply !== undefined) return reply;
      if (this.#error !== undefined) {
        const { message, safeMessage = message } = this.#error;
        throw new ProbeFailure(reason, `no ${expected}: ${message}`, `no ${expected}: ${safeMessage}`);
      }
      if (timeout.aborted)
        throw new ProbeFailure(
          reason,
          `no ${expected} within ${this.#request.timeoutMilliseconds / 1000} seconds`,
        );
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }

  /** Returns the next reply if its code begins with one of the expected digits. @throws ProbeFailure otherwise */
  async expect(reason: FailureReason, digits: string, line?: string): Promise<Reply> {
    const reply = await this.reply(reason, line);
    if (digits.includes(String(reply.code).charAt(0))) return reply;
    const subject = line === undefined ? "greeting is" : `reply to ${commandOf(line)} is`;
    const text = printableLine(reply.lines.at(-1) ?? "");
    throw new ProbeFailure(reason, `${subject} "${text}"`, `${subject} ${reply.code}`);
  }

  close(): void {
    this.#socket.destroy();
  }

  #listen(): void {
    const socket = this.#socket.setEncoding("utf8");
    const fail = (error: Error): void => {
      this.#error ??= error;
      this.#wake?.();
    };
    socket.on("data", (text: string) => {
      try {
        this.#replies.push(...this.#parser.push(text));
        if (this.#replies.length > MAX_UNREAD) throw new Error("the server sent unsolicited replies");
      } catch (error) {
        this.#replies.length = 0;
        fail(error instanceof Error ? error : new Error(String(error)));
        socket.destroy();
      }
      this.#wake?.();
    });
    socket.on("error", fail);
    socket.on("close", () => fail(new Error("the server closed the connection")));
  }
}

/** Returns the command name in a command line, without arguments such as a password. */
function commandOf(line: string): string | undefined {
  return line.split(" ")[0];
}
