import assert from "node:assert/strict";
import type { FtpClient } from "../support/clients/clients.ts";
import { roundTrip, siteOf } from "./outside.ts";
import { eventually, type Login, type OutsideHost, type TestNamespace } from "./test-namespace.ts";

const BYTES = 100_003;

/** A client that logs in, uploads, lists, downloads and compares, again and again. A failure is kept, and it goes on. */
export class TransferLoop {
  readonly failures: string[] = [];
  readonly #work: () => Promise<void>;
  readonly #running: Promise<void>;
  #ending = false;
  #count = 0;

  constructor(
    namespace: TestNamespace,
    login: Login,
    directory: string,
    client: FtpClient,
    host: OutsideHost = "client",
  ) {
    this.#work = () => roundTrip(client, siteOf(namespace, login, host), "passive", directory, BYTES);
    this.#running = this.#run();
  }

  /** How many round trips were whole. */
  get count(): number {
    return this.#count;
  }

  /** Waits for so many round trips that begin after now. @throws Error with the first failure */
  async more(count: number): Promise<void> {
    // The one that runs has begun before.
    const target = this.#count + 1 + count;
    await eventually(`${count} more transfers`, async () => {
      if (this.failures.length === 0) assert.ok(this.#count >= target, `${this.#count} done`);
    });
    this.#assertWhole();
  }

  /** Ends after the round trip that runs. @returns how many there were. @throws Error with the first failure */
  async end(): Promise<number> {
    await this.stop();
    this.#assertWhole();
    return this.#count;
  }

  /** Ends after the round trip that runs, whatever has failed. */
  async stop(): Promise<void> {
    this.#ending = true;
    await this.#running;
  }

  #assertWhole(): void {
    const [first] = this.failures;
    if (first !== undefined) throw new Error(first);
  }

  async #run(): Promise<void> {
    while (!this.#ending) {
      try {
        await this.#work();
        this.#count += 1;
      } catch (error) {
        this.failures.push(error instanceof Error ? error.message : String(error));
      }
    }
  }
}
