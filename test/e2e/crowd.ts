/** Many sessions from an outside host, which one program keeps open. */
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { join } from "node:path";
import { endWithUs } from "../cluster/run.ts";
import type { Login, TestNamespace } from "./test-namespace.ts";

const PROGRAM = join(import.meta.dirname, "crowd-program.ts");

export class Crowd implements Disposable {
  readonly #program: ChildProcess;
  readonly #lines: AsyncIterator<string>;

  constructor({ cluster }: TestNamespace, { host, port, user, password }: Login) {
    const argv = [process.execPath, PROGRAM, host, String(port), user, password];
    const [command = "", ...args] = cluster.command("client", argv);
    const program = spawn(command, args, { stdio: ["pipe", "pipe", "inherit"] });
    endWithUs(program);
    this.#program = program;
    this.#lines = createInterface({ input: program.stdout })[Symbol.asyncIterator]();
  }

  /**
   * Opens sessions or closes the newest sessions until `count` are open.
   * @throws Error when a session ended unexpectedly
   */
  async become(count: number): Promise<void> {
    this.#program.stdin?.write(`${count}\n`);
    const { value } = await this.#lines.next();
    assert.equal(Number(value), count, "every session is open");
  }

  /** @throws Error when a session ended unexpectedly */
  assertWhole(): void {
    assert.equal(this.#program.exitCode, null, "every session is open");
  }

  [Symbol.dispose](): void {
    this.#program.kill();
  }
}
