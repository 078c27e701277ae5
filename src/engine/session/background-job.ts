import type { Permit } from "../../common/semaphore.ts";
import type { Pause } from "../../common/tick-budget.ts";
import type { EngineError } from "../errors.ts";
import type { ByteRange } from "../protocol/byte-range.ts";
import type { Reply } from "../protocol/reply.ts";
import type { ReadHandle } from "../storage/storage.ts";
import { fileChunks } from "../transfer/send.ts";

/** Maximum number of waiting jobs per user, and per client address of each user. */
export const MAX_WAITING_OF_USER = 64;
export const MAX_WAITING_OF_CLIENT = 16;

/** Time in milliseconds after which a job passes its permit to a waiting job. */
export const JOB_SLICE_MILLISECONDS = 100;

/**
 * Number of bytes after which a job releases its buffers. If the job's time slice is over, the job also passes its
 * permit to a waiting job.
 */
const STRETCH_BYTES = 8 * 1024 * 1024;

/** Functions that a job calls between its steps. */
export interface JobControl {
  permit: Permit;
  pause: Pause;
  /** The abort reason is an EngineError. */
  signal: AbortSignal;
  /** Replaces the description of the job in the STAT reply. */
  describe: (text: string) => void;
}

/**
 * Running checksum, copy or rename job. As with a transfer, the session accepts commands such as ABOR while the job
 * runs.
 */
export class BackgroundJob {
  /** Reply to the command that started the job. Never rejects. */
  readonly outcome: Promise<Reply>;
  readonly #controller = new AbortController();
  readonly #status: { readonly description: string };

  /**
   * Starts the job.
   * @param status contains the current description
   * @param run function that does the work and checks the signal between its steps
   * @param failed returns the reply for an error from `run`
   */
  constructor(
    status: { readonly description: string },
    run: (signal: AbortSignal) => Promise<Reply>,
    failed: (error: unknown) => Reply,
  ) {
    this.#status = status;
    this.outcome = run(this.#controller.signal).catch(failed);
  }

  /** Description for the STAT reply. */
  get description(): string {
    return this.#status.description;
  }

  /** Ends the job before its next step. */
  abort(reason: EngineError): void {
    this.#controller.abort(reason);
  }
}

/**
 * Yields part of a file in chunks. A chunk is valid until the next chunk is requested. Holds no buffer while another
 * job has the permit.
 * @throws EngineError Aborted when the job is aborted, or when the file has become shorter since it was opened
 */
export async function* jobChunks(
  handle: ReadHandle,
  { start, end }: ByteRange,
  bufferBytes: number,
  { permit, pause, signal }: JobControl,
): AsyncGenerator<Uint8Array> {
  for (let position = start; position < end; position += STRETCH_BYTES) {
    const stop = Math.min(end, position + STRETCH_BYTES);
    for await (const chunk of fileChunks(handle, position, bufferBytes, stop)) {
      signal.throwIfAborted();
      yield chunk;
      await pause();
    }
    await permit.pause();
  }
  signal.throwIfAborted();
}
