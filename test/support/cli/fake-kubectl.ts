/** A fake kubectl, for which the test supplies the output of each call. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { type Ended, program } from "./command-line.ts";

const TIMEOUT_MILLISECONDS = 60_000;

/** Result of a kubectl call. By default, a call ends with exit code 0 and prints nothing. */
export interface Answer {
  code?: number;
  stdout?: string;
  stderr?: string;
}

/** @param args arguments without the cluster options @param options options for the cluster and the namespace */
export type Answering = (args: string[], options: string[]) => Answer;

/** A program `kubectl` in a separate folder. Tests run the plugin with this program. */
export class FakeKubectl {
  /** All calls, with arguments joined by spaces. */
  readonly calls: string[] = [];
  readonly #bin: string;
  readonly #server: Server;
  /** Error that the `answering` function threw. */
  #failure: unknown;

  private constructor(bin: string, server: Server) {
    this.#bin = bin;
    this.#server = server;
  }

  static async start(answering: Answering): Promise<FakeKubectl> {
    const bin = await mkdtemp(join(tmpdir(), "fake-kubectl-"));
    const server = createServer();
    const fake = new FakeKubectl(bin, server);
    server.on("request", (request, response) => {
      const answered = text(request).then((body) => fake.#answer(JSON.parse(body), answering));
      answered.then(
        (answer) => response.end(JSON.stringify(answer)),
        (error: unknown) => {
          fake.#failure ??= error;
          response.destroy();
        },
      );
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    assert.ok(typeof address === "object" && address);
    await writeFile(join(bin, "kubectl"), script(address.port), { mode: 0o755 });
    return fake;
  }

  #answer(words: string[], answering: Answering): Answer {
    this.calls.push(words.join(" "));
    const first = words.findIndex((word) => !word.startsWith("--"));
    return answering(words.slice(first), words.slice(0, first));
  }

  /** Runs `kubectl ftpsrv` until it exits. */
  async ftpsrv(...args: string[]): Promise<Ended> {
    const env = { ...process.env, PATH: `${this.#bin}:${process.env["PATH"]}` };
    const ended = await new Promise<Ended>((resolve) => {
      const argv = [program("kubectl-ftpsrv"), ...args];
      const options = { env, timeout: TIMEOUT_MILLISECONDS };
      execFile(process.execPath, argv, options, (error, stdout, stderr) => {
        resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr });
      });
    });
    if (this.#failure !== undefined) throw this.#failure;
    return ended;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.close();
    this.#server.closeAllConnections();
    await rm(this.#bin, { recursive: true });
  }
}

function script(port: number): string {
  return `#!${process.execPath}
const body = JSON.stringify(process.argv.slice(2));
fetch("http://127.0.0.1:${port}", { method: "POST", body }).then((answer) => answer.json()).then((answer) => {
  process.stdout.write(answer.stdout ?? "");
  process.stderr.write(answer.stderr ?? "");
  process.exitCode = answer.code ?? 0;
});
`;
}
