import { mkdtempSync, rmSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/**
 * A temporary directory for secrets and files that only its owner can read. It is removed when it is disposed and when a signal ends
 * the process.
 */
export class WorkFolder implements AsyncDisposable {
  readonly path: string;
  readonly #onSignal = (): void => {
    rmSync(this.path, { recursive: true, force: true });
    process.exit(0);
  };

  constructor() {
    // Listen first. Otherwise a signal between mkdtemp(3) and the listener would leave the directory on the disk.
    for (const name of SIGNALS) process.on(name, this.#onSignal);
    this.path = mkdtempSync(join(tmpdir(), "ftp-operator-serve-"));
  }

  /** Stops handling signals. The engine then ends the process in an orderly way. */
  ignoreSignals(): void {
    for (const name of SIGNALS) process.off(name, this.#onSignal);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.path, { recursive: true, force: true });
    this.ignoreSignals();
  }
}
