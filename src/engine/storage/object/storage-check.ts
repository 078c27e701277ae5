import { randomUUID } from "node:crypto";
import type { ObjectStorageReport, StorageReport } from "../../../api/engine-report.ts";
import type { StorageCheck } from "../storage-probe.ts";
import { bodyOf } from "./bodies.ts";
import { toEngineError } from "../../errors.ts";
import type { S3Store } from "./s3/s3-store.ts";
import type { ReservedKeys } from "./keys.ts";
import { explainFailure } from "./s3/errors.ts";

/**
 * Time in milliseconds between two checks that write an object, if no request has failed. In a bucket with versioning,
 * each write leaves a noncurrent version. After a failed request from a session, the next check writes an object.
 */
const WRITE_PERIOD = 10 * 60 * 1000;
const CONTENT =
  "The storage check of an FTP engine wrote this object and removes the object after the check.\n";

type Step = NonNullable<ObjectStorageReport["step"]>;

/**
 * Checks a bucket. Each check lists objects, and then writes, reads and removes an object under the reserved prefix.
 */
export class ObjectStorageCheck implements StorageCheck {
  readonly initial: StorageReport = { type: "ObjectStorage", state: "Checking" };
  readonly #store: S3Store;
  readonly #prefix: string;
  readonly #key: string;
  readonly #isChanging: () => boolean;
  #writtenAt = -Infinity;

  /** @param isChanging returns whether any account can change files; otherwise, the check does not write */
  constructor(store: S3Store, { checks }: ReservedKeys, isChanging: () => boolean) {
    this.#store = store;
    this.#prefix = checks;
    this.#key = `${checks}${randomUUID()}`;
    this.#isChanging = isChanging;
  }

  /** Makes the next check write an object. */
  distrust(): void {
    this.#writtenAt = -Infinity;
  }

  async check(): Promise<StorageReport> {
    const store = this.#store;
    await store.refreshCa();
    const listed = await this.#attempt("list", () => store.list(this.#prefix, { max: 1 }));
    if (listed !== undefined) return listed;
    if (!this.#isChanging()) return { type: "ObjectStorage", state: "NotNeeded" };
    if (performance.now() - this.#writtenAt >= WRITE_PERIOD) {
      const failure =
        (await this.#attempt("write", () => store.put(this.#key, bodyOf(CONTENT)))) ??
        (await this.#attempt("read", () => this.#read())) ??
        (await this.#attempt("remove", () => store.remove(this.#key)));
      if (failure !== undefined) return failure;
      this.#writtenAt = performance.now();
    }
    return { type: "ObjectStorage", state: "Writable" };
  }

  timedOut(): StorageReport {
    return { type: "ObjectStorage", state: "NotResponding", code: "TimeoutError" };
  }

  async #read(): Promise<void> {
    const facts = await this.#store.head(this.#key);
    const stream = await this.#store.get(
      this.#key,
      { offset: 0, etag: facts?.etag ?? "" },
      AbortSignal.timeout(READ_TIMEOUT),
    );
    const chunks: Uint8Array[] = await stream.toArray();
    if (Buffer.concat(chunks).toString() !== CONTENT) throw new Error("unexpected content was read");
  }

  /** Returns the report for a failed step, or undefined if the step succeeds. */
  async #attempt(step: Step, run: () => Promise<unknown>): Promise<StorageReport | undefined> {
    try {
      await run();
      return undefined;
    } catch (thrown) {
      this.distrust();
      const { state = "Failed", s3Code } = explainFailure(toEngineError(thrown).cause ?? thrown);
      return { type: "ObjectStorage", state, code: reportCode(s3Code), step };
    }
  }
}

const READ_TIMEOUT = 10_000;

/** Returns an error code in the format that reports require. */
function reportCode(code: string): string {
  return /^[A-Z][A-Za-z0-9_]{1,63}$/u.test(code) ? code : "Unknown";
}
