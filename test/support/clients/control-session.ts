import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { join } from "node:path";
import { endWithUs } from "../../cluster/run.ts";

/** A complete FTP reply (RFC 959 section 4.2). */
export interface Reply {
  code: number;
  /** All lines of the reply. */
  lines: string[];
}

/** Address and port from a PASV reply (RFC 959 section 4.1.2). */
export interface Passive {
  address: string;
  port: number;
}

/** Returns a command that runs the given command on the host of the client, for example with `nsenter`. */
type Outside = (argv: readonly string[]) => string[];

interface Server {
  host: string;
  port: number;
  user: string;
  password: string;
}

/** Maximum time in milliseconds to wait for a line of a reply. A busy machine can stall for more than 10 seconds. */
const REPLY_TIMEOUT_MS = 60_000;

/** A control connection from the host of the client. */
export class ControlSession implements Disposable {
  readonly #pipe: ChildProcess;
  readonly #lines: AsyncIterator<string>;

  private constructor(pipe: ChildProcess) {
    this.#pipe = pipe;
    if (!pipe.stdout) throw new Error("the pipe has no output");
    this.#lines = createInterface({ input: pipe.stdout })[Symbol.asyncIterator]();
  }

  /** Opens a control connection and logs in. */
  static async open(outside: Outside, server: Server): Promise<ControlSession> {
    const script = join(import.meta.dirname, "tcp-pipe.ts");
    const session = ControlSession.#over(
      outside([process.execPath, script, server.host, String(server.port)]),
    );
    return await session.#login(server, () => session.reply(220));
  }

  /**
   * Connects, sends AUTH TLS, and logs in if the server certificate is valid.
   * @param authorityFile PEM file of the authority that must have signed the server certificate
   */
  static async openSecured(outside: Outside, server: Server, authorityFile: string): Promise<ControlSession> {
    // openssl reads the greeting.
    const openssl = ["openssl", "s_client", "-quiet", "-verify_quiet", "-starttls", "ftp"];
    const verify = ["-verify_return_error", "-CAfile", authorityFile, "-verify_ip", server.host];
    const argv = [...openssl, ...verify, "-connect", `${server.host}:${server.port}`];
    return await ControlSession.#over(outside(argv)).#login(server);
  }

  static #over([command = "", ...args]: readonly string[]): ControlSession {
    const pipe = spawn(command, args, { stdio: ["pipe", "pipe", "inherit"] });
    endWithUs(pipe);
    return new ControlSession(pipe);
  }

  async #login({ user, password }: Server, greeting?: () => Promise<Reply>): Promise<this> {
    try {
      await greeting?.();
      await this.command(`USER ${user}`);
      await this.command(`PASS ${password}`, 230);
      return this;
    } catch (error) {
      this[Symbol.dispose]();
      throw error;
    }
  }

  /**
   * Sends one line and waits for its reply.
   * @throws Error when no reply arrives or its code is not `expected`
   */
  async command(line: string, expected?: number): Promise<Reply> {
    this.#pipe.stdin?.write(`${line}\r\n`);
    return await this.reply(expected);
  }

  /**
   * Waits for the next reply, for example the reply that ends a transfer.
   * @throws Error when no reply arrives or its code is not `expected`
   */
  async reply(expected?: number): Promise<Reply> {
    const reply = await this.#read();
    if (expected !== undefined && reply.code !== expected) {
      throw new Error(`expected reply ${expected}, received ${reply.lines.join(" / ")}`);
    }
    return reply;
  }

  /** Sends PASV and returns the announced address and port. */
  async passive(): Promise<Passive> {
    const { lines } = await this.command("PASV", 227);
    const numbers = /\((\d+),(\d+),(\d+),(\d+),(\d+),(\d+)\)/
      .exec(lines[0] ?? "")
      ?.slice(1)
      .map(Number);
    if (!numbers) throw new Error(`the PASV reply contains no address: ${lines[0]}`);
    const [high = 0, low = 0] = numbers.slice(4);
    return { address: numbers.slice(0, 4).join("."), port: high * 256 + low };
  }

  [Symbol.dispose](): void {
    this.#pipe.kill();
  }

  async #read(): Promise<Reply> {
    const lines: string[] = [];
    for (;;) {
      const line = await this.#line();
      lines.push(line);
      // The last line of a reply starts with the reply code and a space.
      const last = /^(\d{3}) /.exec(line);
      if (last && lines[0]?.startsWith(last[1] ?? "")) return { code: Number(last[1]), lines };
    }
  }

  async #line(): Promise<string> {
    const silence = Promise.withResolvers<never>();
    const timer = setTimeout(() => silence.reject(new Error("the server sends no reply")), REPLY_TIMEOUT_MS);
    try {
      const { value, done } = await Promise.race([this.#lines.next(), silence.promise]);
      if (done) throw new Error("the control connection was closed");
      return value;
    } finally {
      clearTimeout(timer);
    }
  }
}
