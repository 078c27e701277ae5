import assert from "node:assert/strict";
import type { FtpClient } from "../support/clients/clients.ts";
import { roundTrip, siteOf } from "./outside.ts";
import { eventually, type Login, type OutsideHost, type TestNamespace } from "./test-namespace.ts";

const BYTES = 100_003;

/** A client that uploads, lists, downloads and compares a file in a loop. The loop records failures and continues. */
export class TransferLoop implements AsyncDisposable {
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

  /** Number of complete round trips. */
  get count(): number {
    return this.#count;
  }

  /** Waits for `count` round trips that begin after this call. @throws Error with the first failure */
  async more(count: number): Promise<void> {
    await this.proceed(count);
    this.#assertWhole();
  }

  /** Waits for `count` round trips that begin after this call and succeed. Accepts failures between them. */
  async proceed(count: number): Promise<void> {
    // The current round trip does not count, because it began before this call.
    const target = this.#count + 1 + count;
    await eventually(`${count} more transfers`, async () => {
      assert.ok(
        this.#count >= target,
        [`${this.#count} of ${target} done`, ...this.failures.slice(-1)].join(": "),
      );
    });
  }

  /** Stops after the current round trip. @returns the number of round trips. @throws Error with the first failure */
  async end(): Promise<number> {
    await this.stop();
    this.#assertWhole();
    return this.#count;
  }

  /** Stops after the current round trip, regardless of failures. */
  async stop(): Promise<void> {
    this.#ending = true;
    await this.#running;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
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
