import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { rm, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { curl, type Site, url } from "../support/clients/clients.ts";
import { eventually } from "./test-namespace.ts";

/** Time in milliseconds between a failed upload and the next upload. */
const RETRY_MILLISECONDS = 500;

/** A client that uploads files with different names in a loop, and records which uploads the engine acknowledged. */
export class UploadLoop implements AsyncDisposable {
  readonly #site: Site;
  readonly #directory: string;
  readonly #bytes: number;
  readonly #acknowledged = new Map<string, string>();
  readonly #running: Promise<void>;
  #failures = 0;
  #ending = false;

  constructor(site: Site, directory: string, bytes: number) {
    this.#site = site;
    this.#directory = directory;
    this.#bytes = bytes;
    this.#running = this.#run();
  }

  get failures(): number {
    return this.#failures;
  }

  /** Waits for `count` acknowledged uploads after this call. */
  async more(count: number, timeoutMilliseconds?: number): Promise<void> {
    const target = this.#acknowledged.size + count;
    const isReached = async (): Promise<void> =>
      assert.ok(this.#acknowledged.size >= target, `${this.#acknowledged.size} of ${target} done`);
    await eventually(`${count} more uploads`, isReached, timeoutMilliseconds);
  }

  /** Waits for the first failed upload. */
  async failed(): Promise<void> {
    await eventually("an upload fails", async () => assert.ok(this.#failures > 0));
  }

  /** Stops after the current upload. @returns the SHA-256 hash of each acknowledged file */
  async end(): Promise<ReadonlyMap<string, string>> {
    this.#ending = true;
    await this.#running;
    return this.#acknowledged;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.end();
  }

  async #run(): Promise<void> {
    for (let index = 0; !this.#ending; index++) {
      const file = join(this.#directory, `upload-${this.#bytes}-${index}.bin`);
      const content = randomBytes(this.#bytes);
      await writeFile(file, content);
      try {
        await curl(this.#site, "passive", "-T", file, url(this.#site));
        this.#acknowledged.set(basename(file), createHash("sha256").update(content).digest("hex"));
      } catch {
        this.#failures += 1;
        await sleep(RETRY_MILLISECONDS);
      }
      await rm(file);
    }
  }
}
