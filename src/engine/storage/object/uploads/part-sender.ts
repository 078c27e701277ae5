import { EngineError, toEngineError } from "../../../errors.ts";
import type { ObjectLimits } from "../limits.ts";
import type { CopySource, ObjectMetadata, ObjectStore, Part, UploadId } from "../object-store.ts";
import type { PartBuffer } from "./part-buffer.ts";

export interface SenderOptions {
  store: ObjectStore;
  limits: ObjectLimits;
  key: string;
  metadata: ObjectMetadata;
  /** Maximum number of concurrent requests for parts. */
  concurrency: number;
  /**
   * Whether the service computes a checksum of the complete object. Some services cannot compute this checksum if the
   * upload contains copied parts.
   */
  hasChecksum: boolean;
  /** Incomplete upload to continue. The value is undefined for a new upload. */
  resumed?: { uploadId: string; parts: readonly Part[] } | undefined;
}

/** Sends the parts of one multipart upload with a limited number of concurrent requests. */
export class PartSender {
  readonly #options: SenderOptions;
  readonly #stop = new AbortController();
  readonly #waits = new AbortController();
  readonly #parts: Part[] = [];
  readonly #sending = new Set<Promise<void>>();
  #started: Promise<UploadId> | undefined;
  #failure: EngineError | undefined;
  #lastNumber = 0;

  constructor(options: SenderOptions) {
    this.#options = options;
    const { resumed, key } = options;
    if (resumed === undefined) return;
    this.#started = Promise.resolve({ key, uploadId: resumed.uploadId });
    this.#parts.push(...resumed.parts);
    this.#lastNumber = resumed.parts.length;
  }

  get hasStarted(): boolean {
    return this.#started !== undefined;
  }

  /** Signal that is aborted when parts must no longer wait for permits. */
  get waits(): AbortSignal {
    return this.#waits.signal;
  }

  /** Whether a request for a part is running. */
  get isSending(): boolean {
    return this.#sending.size > 0;
  }

  /** Waits until a request for a part is complete. */
  async next(): Promise<void> {
    await Promise.race(this.#sending);
  }

  /**
   * Starts to send a part, and releases its memory after the request. Waits while the maximum number of requests is
   * running.
   * @throws EngineError from an earlier part
   */
  async send(body: PartBuffer): Promise<void> {
    const { store } = this.#options;
    try {
      await this.#start(
        (target) => body.send(() => store.multipart.uploadPart(target, body, this.#stop.signal), this.waits),
        () => body.release(),
      );
    } catch (error) {
      await body.release();
      throw error;
    }
  }

  /** Starts to copy the first `end` bytes of an object into parts whose sizes the service accepts. */
  async copy(source: CopySource, end: number): Promise<void> {
    const { store, limits } = this.#options;
    for (const range of pieces(end, limits)) {
      const piece = { ...source, ...range };
      await this.#start((target) => store.multipart.copyPart(target, piece, this.#stop.signal));
    }
  }

  /** Waits until all parts are stored. @throws EngineError if a part could not be stored */
  async finish(): Promise<{ upload: UploadId; parts: readonly Part[] }> {
    await Promise.all(this.#sending);
    if (this.#failure !== undefined) throw this.#failure;
    const upload = await this.#begin();
    return { upload, parts: this.#stored };
  }

  /** Waits for the running requests, and returns the consecutive stored parts from the first part. */
  async settle(): Promise<{ upload: UploadId; parts: readonly Part[] } | undefined> {
    await Promise.all(this.#sending);
    const upload = await this.#started?.catch(() => undefined);
    return upload && { upload, parts: this.#stored };
  }

  /** Aborts all waits for permits. The upload does not store parts that wait for a permit. */
  interrupt(reason: EngineError): void {
    this.#waits.abort(reason);
  }

  /** Aborts all requests, and removes the multipart upload with its parts. */
  async abort(): Promise<void> {
    this.interrupt(aborted());
    this.#stop.abort();
    const upload = (await this.settle())?.upload;
    if (upload !== undefined) await this.#options.store.multipart.abort(upload);
  }

  get #stored(): Part[] {
    const sorted = this.#parts.toSorted((one, other) => one.number - other.number);
    const gap = sorted.findIndex(({ number }, index) => number !== index + 1);
    return gap === -1 ? sorted : sorted.slice(0, gap);
  }

  #begin(): Promise<UploadId> {
    const { store, key, metadata, hasChecksum } = this.#options;
    this.#started ??= store.multipart
      .create(key, { metadata, hasChecksum })
      .then((uploadId) => ({ key, uploadId }));
    return this.#started;
  }

  async #start(
    request: (target: UploadId & { number: number }) => Promise<Part>,
    done: () => Promise<void> = async () => undefined,
  ): Promise<void> {
    const { concurrency, limits } = this.#options;
    const upload = await this.#begin();
    while (this.#sending.size >= concurrency) await this.next();
    if (this.#failure !== undefined) throw this.#failure;
    const number = ++this.#lastNumber;
    if (number > limits.parts)
      throw new EngineError("NoSpace", `The file is too large: at most ${limits.parts} parts can be stored`);
    const sending = this.#record(request({ ...upload, number }), done);
    this.#sending.add(sending);
    void sending.finally(() => this.#sending.delete(sending));
  }

  /** Records the result of a request. Never rejects. */
  async #record(request: Promise<Part>, done: () => Promise<void>): Promise<void> {
    try {
      this.#parts.push(await request);
    } catch (error) {
      this.#failure ??= toEngineError(error);
    }
    await done();
  }
}

/** Returns the error with which an aborted wait rejects. */
export function aborted(): EngineError {
  return new EngineError("Aborted", "Transfer aborted");
}

/** Yields ranges of about `copyPartBytes`. If the total size permits, each range has at least `minPartBytes`. */
export function* pieces(
  end: number,
  { copyPartBytes, minPartBytes }: Pick<ObjectLimits, "copyPartBytes" | "minPartBytes">,
): Generator<{ start: number; end: number }> {
  const count = Math.max(1, Math.min(Math.ceil(end / copyPartBytes), Math.floor(end / minPartBytes)));
  for (let index = 0; index < count; index++)
    yield { start: Math.floor((end * index) / count), end: Math.floor((end * (index + 1)) / count) };
}
