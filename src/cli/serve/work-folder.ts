import { mkdtempSync, rmSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** A temporary directory for secrets and files, which only its owner can read. It is removed at the end, and when a signal ends the process. */
export class WorkFolder implements AsyncDisposable {
  readonly path: string;
  readonly #onSignal = (): void => {
    rmSync(this.path, { recursive: true, force: true });
    process.exit(0);
  };

  constructor() {
    // First, because a signal that comes after mkdtemp(3) and before a listener would leave the directory behind.
    for (const name of SIGNALS) process.on(name, this.#onSignal);
    this.path = mkdtempSync(join(tmpdir(), "ftp-operator-serve-"));
  }

  /** Leaves signals to others, which must end the process in order. */
  ignoreSignals(): void {
    for (const name of SIGNALS) process.off(name, this.#onSignal);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.path, { recursive: true, force: true });
    this.ignoreSignals();
  }
}
