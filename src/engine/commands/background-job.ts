// Common code of checksums and copies. They read files in the background, and all users share a few permits.
import type { Permit, Semaphore } from "../../common/semaphore.ts";
import type { Pause } from "../../common/tick-budget.ts";
import type { ByteRange } from "../session/pending-prefixes.ts";
import type { Reply } from "../protocol/reply.ts";
import { fileChunks } from "../transfer/send.ts";
import { EngineError } from "../errors.ts";
import type { ReadHandle } from "../storage/storage.ts";
import { ownerOf, type CommandContext } from "./command.ts";

/** Maximum number of waiting jobs of one user, and of one client of that user. */
const MAX_WAITING_OF_USER = 64;
export const MAX_WAITING_OF_CLIENT = 16;

/** How long a job keeps its permit while others wait. Milliseconds. */
export const JOB_SLICE_MILLISECONDS = 100;

/** Bytes after which a job releases its buffers, and passes its permit on if its time slice is over. */
const STRETCH_BYTES = 8 * 1024 * 1024;

/** The checks of a job between its steps. */
export interface Turns {
  permit: Permit;
  pause: Pause;
  /** Its reason is an EngineError. */
  signal: AbortSignal;
}

/**
 * Starts a job that runs when a permit is free for its owner. The session replies when it ends.
 * @param what a sentence for STAT
 */
export function startJob(
  context: CommandContext,
  semaphore: Semaphore,
  what: string,
  job: (turns: Turns) => Promise<Reply>,
): undefined {
  const owner = ownerOf(context, context.user);
  const pause = context.engine.transferTicks.pauseFor(owner);
  return context.compute(what, async (signal) => {
    const isFull =
      semaphore.waiting(owner) >= MAX_WAITING_OF_CLIENT ||
      semaphore.waiting(owner.slice(0, 1)) >= MAX_WAITING_OF_USER;
    if (isFull)
      throw new EngineError("TooManyJobs", "Too many of your checksums or copies are waiting; try again");
    return await semaphore.run((permit) => job({ permit, pause, signal }), { signal, owner });
  });
}

/**
 * Yields a part of a file in chunks, each valid until the next is asked for. Keeps no buffer while other jobs have the permit.
 * @throws EngineError Aborted, also when the file is shorter than when it was opened
 */
export async function* chunksInTurns(
  handle: ReadHandle,
  { start, end }: ByteRange,
  bufferBytes: number,
  { permit, pause, signal }: Turns,
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
