/** A well-behaved client that uses plain FTP or explicit FTPS. */
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { buffer } from "node:stream/consumers";
import { ControlClient, type Received } from "../../test/support/engine/control-client.ts";
import { FtpsClient } from "../../test/support/engine/tls-world.ts";

/** The engine's control port. */
interface Server {
  readonly controlPort: number;
}

export class Client implements Disposable {
  readonly control: ControlClient;
  readonly #tls: FtpsClient | undefined;

  private constructor(control: ControlClient, tls: FtpsClient | undefined) {
    this.control = control;
    this.#tls = tls;
  }

  /** Connects, logs in and selects TYPE I. */
  static async open(server: Server, name: string, secured: boolean): Promise<Client> {
    if (secured) {
      const tls = await (await FtpsClient.explicit(server)).login(name);
      return new Client(tls.control, tls);
    }
    const client = new Client(await (await ControlClient.overTcp(server)).login(name), undefined);
    await client.expect("TYPE I", 200);
    return client;
  }

  /** Sends a command and returns the lines of the reply. Throws if the reply has another code. */
  async expect(line: string, code: number): Promise<string[]> {
    const answer = await this.control.command(line);
    return linesOf(answer, code, line);
  }

  /** Reads a reply and returns its lines. Throws if the reply has another code. */
  async next(code: number, what: string): Promise<string[]> {
    return linesOf(await this.control.reply(), code, what);
  }

  /**
   * Sends EPSV and connects. Returns a function that performs the TLS handshake if the session uses TLS. Call this
   * function after reply 150.
   */
  async dial(): Promise<() => Promise<Socket>> {
    const [line = ""] = await this.expect("EPSV", 229);
    return await this.dialAt(Number(/\|\|\|(\d+)\|/u.exec(line)?.[1]));
  }

  /** Connects to a passive port. Returns the same function as {@link dial}. */
  async dialAt(port: number, host = "127.0.0.1"): Promise<() => Promise<Socket>> {
    const tls = this.#tls;
    if (tls !== undefined) {
      return async () => {
        const data = await tls.data(port);
        await once(data, "secureConnect");
        return data;
      };
    }
    const socket = connect(port, host);
    await once(socket, "connect");
    // The next read or write reports this error.
    socket.on("error", () => {});
    return async () => socket;
  }

  /** Downloads a file or a listing. */
  async download(line: string, dialled?: () => Promise<Socket>): Promise<Buffer> {
    const open = dialled ?? (await this.dial());
    await this.expect(line, 150);
    const bytes = await buffer(await open());
    await this.next(226, line);
    return bytes;
  }

  /** Uploads a file. */
  async upload(line: string, bytes: Uint8Array, dialled?: () => Promise<Socket>): Promise<void> {
    const open = dialled ?? (await this.dial());
    await this.expect(line, 150);
    (await open()).end(bytes);
    await this.next(226, line);
  }

  /** Ends the session with QUIT. */
  async quit(): Promise<void> {
    await this.expect("QUIT", 221);
  }

  [Symbol.dispose](): void {
    this.control.duplex.destroy();
  }
}

function linesOf(answer: Received | undefined, code: number, what: string): string[] {
  if (answer?.code === code) return answer.lines;
  throw new Error(`${what}: ${answer?.lines.join(" / ") || "the connection closed"} instead of ${code}`);
}
