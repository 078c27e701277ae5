import type { Pause } from "../../common/tick-budget.ts";
import { connectionLost, EngineError } from "../errors.ts";
import type { ByteRange } from "../protocol/byte-range.ts";
import { type CommandContext, ownerOf } from "../session/command-context.ts";
import type { LoggedInUser } from "../session/state.ts";
import type { ReadHandle, Upload } from "../storage/storage.ts";
import { type ContinueCheck, pacedChunks, type TokenBucket, UploadPacer } from "../transfer/bandwidth.ts";
import {
  downloadMemory,
  LARGE_BUFFER,
  type Lease,
  type MemoryNeed,
  SMALL_BUFFER,
  uploadMemory,
} from "../transfer/buffer-budget.ts";
import { createDecoder, type Decoder, encode, type Encoding, isPlain } from "../transfer/encoding.ts";
import { receiveAll, type Sink, type SocketSink } from "../transfer/receive.ts";
import { fileChunks, type Progress, sendFile } from "../transfer/send.ts";
import type { Job } from "../transfer/transfer.ts";

/** Shared resources that a transfer uses. */
interface Means {
  /**
   * Reserves memory after the data connection is open.
   * @throws EngineError TooManyTransfers
   */
  claim: (memoryOf: MemoryNeed, maxBytes?: number) => Lease;
  bandwidth: TokenBucket;
  pause: Pause;
}

/** @param user user at the start of the command, because the session can end in the meantime */
export function meansFor(
  context: CommandContext,
  user: LoggedInUser,
  direction: "Upload" | "Download",
): Means {
  const { engine } = context;
  const owner = ownerOf(engine, context.session.client, user);
  return {
    claim: (memoryOf, maxBytes) => engine.buffers.lease(owner, memoryOf, maxBytes),
    bandwidth: engine.bandwidths.of(user.account.name, direction),
    pause: engine.transferTicks.pauseFor(owner),
  };
}

/**
 * Returns a check for transfers that wait for bandwidth. The wait counts as progress, so that the engine does not
 * report a stall.
 */
function waiting(progress: Progress, isWanted: () => boolean): ContinueCheck {
  return () => {
    progress(0);
    return isWanted();
  };
}

function lengthOf(chunks: readonly Uint8Array[]): number {
  return chunks.reduce((sum, { length }) => sum + length, 0);
}

/**
 * Returns the largest useful buffer size for a transfer in bytes. A larger buffer does not speed up a transfer with an
 * encoding or a bandwidth limit.
 */
function maxBuffer(encoding: Encoding, bandwidth: TokenBucket): number {
  return isPlain(encoding) && !bandwidth.isLimited ? LARGE_BUFFER : SMALL_BUFFER;
}

/** Returns the job that sends a file to the data connection. */
export function download(
  path: string,
  handle: ReadHandle,
  range: ByteRange,
  encoding: Encoding,
  { claim, bandwidth, pause }: Means,
): Job {
  const isDirect = (): boolean => isPlain(encoding) && !bandwidth.isLimited;
  const close = (): Promise<void> => handle.close();
  return {
    direction: "Download",
    path,
    async move(data, progress) {
      using lease = claim(downloadMemory(encoding), maxBuffer(encoding, bandwidth));
      const { bytes } = lease;
      const wanted = waiting(progress, () => !data.destroyed);
      const atSpeed = (start: number, end: number): AsyncIterable<Uint8Array> =>
        pacedChunks(encode(fileChunks(handle, start, bytes, end), encoding, bytes, pause), bandwidth, wanted);
      await sendFile(data, { handle, ...range }, atSpeed, { progress, pause }, isDirect);
    },
    commit: close,
    rollback: close,
    fileSize: () => handle.entry.size,
    checksum: () => handle.checksum,
  };
}

/** Returns the job that stores bytes from the data connection in a file. */
export function upload(
  path: string,
  handle: Upload,
  encoding: Encoding,
  { claim, bandwidth, pause }: Means,
): Job {
  const socketSink: SocketSink = (socket) =>
    isPlain(encoding) && !bandwidth.isLimited ? handle.receiveFrom?.(socket) : undefined;
  let decoder: Decoder | undefined;
  return {
    direction: "Upload",
    path,
    async move(data, progress, isAborted) {
      using lease = claim(uploadMemory(encoding, bandwidth.isLimited), maxBuffer(encoding, bandwidth));
      // Decompression can continue after the data connection has ended.
      const isWanted = (): boolean => !isAborted() && (!data.destroyed || data.readableEnded);
      const pace = new UploadPacer(bandwidth, waiting(progress, isWanted));
      const store: Sink = async (chunks) => {
        const waits = pace.store(lengthOf(chunks));
        if (waits !== undefined) await waits;
        if (isAborted()) throw new EngineError("Aborted", "Transfer aborted");
        await handle.write(chunks);
      };
      const began = createDecoder(encoding, store, lease.bytes, pause);
      decoder = began;
      const sink: Sink = async (chunks) => {
        const waits = pace.receive(lengthOf(chunks));
        if (waits !== undefined) await waits;
        await began.write(chunks);
      };
      // A write that waits for other uploads must not delay the end of a broken transfer.
      data.once("close", () => {
        if (!data.readableEnded)
          handle.interrupt?.(connectionLost(data.errored, "The data connection was lost"));
      });
      await receiveAll(data, { sink, socketSink, progress, pause, maxWaiting: lease.bytes });
      await began.finish();
    },
    commit: () => handle.commit(),
    interrupt: (reason) => handle.interrupt?.(reason),
    checksum: () => handle.checksum,
    async rollback() {
      await decoder?.stop();
      await handle.abort();
    },
  };
}
