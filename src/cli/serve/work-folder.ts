import { mkdtempSync, rmSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/**
 * A temporary directory for secrets and files, which only the owner can read. The process removes the directory on
 * disposal, or when a signal ends the process.
 */
export class WorkFolder implements AsyncDisposable {
  readonly path: string;
  readonly #onSignal = (): void => {
    rmSync(this.path, { recursive: true, force: true });
    process.exit(0);
  };

  constructor() {
    // Add the signal listener first. Otherwise, a signal between mkdtemp(3) and the registration of the listener would
    // leave the directory on disk.
    for (const name of SIGNALS) process.on(name, this.#onSignal);
    this.path = mkdtempSync(join(tmpdir(), "ftp-operator-serve-"));
  }

  /** Stops handling signals, because the engine now handles signals and ends the process. */
  ignoreSignals(): void {
    for (const name of SIGNALS) process.off(name, this.#onSignal);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.path, { recursive: true, force: true });
    this.ignoreSignals();
  }
}
