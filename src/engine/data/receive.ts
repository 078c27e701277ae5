import type { Duplex } from "node:stream";
import { EngineError } from "../errors.ts";
import { giveBack } from "./memory.ts";
import type { Progress } from "./send.ts";

/** Takes chunks, whole and in order; called anew only when the last call has ended. */
export type Sink = (chunks: readonly Uint8Array[]) => Promise<void>;

/**
 * Reads the data connection to its end. What arrives while the sink is busy goes to it together, in one call. When that ends, the
 * chunks are no more.
 * @param maxWaiting bytes that may wait while the sink is busy with as many; then reading stops
 * @throws EngineError ConnectionLost when the connection breaks before its end; whatever the sink throws
 */
export function receiveAll(data: Duplex, sink: Sink, progress: Progress, maxWaiting: number): Promise<void> {
  return new Promise((resolve, reject) => {
    let batch: Uint8Array[] = [];
    let waiting = 0;
    let writing = false;
    let ended = false;
    let failure: EngineError | undefined;

    const flush = (): void => {
      if (writing) return;
      if (failure !== undefined) {
        reject(failure);
        return;
      }
      if (batch.length === 0) {
        if (ended) resolve();
        return;
      }
      const chunks = batch;
      batch = [];
      waiting = 0;
      writing = true;
      const written = (): void => {
        writing = false;
        giveBack(data, chunks);
        if (!ended) data.resume();
        flush();
      };
      sink(chunks).then(written, reject);
    };

    data.on("data", (chunk: Buffer) => {
      progress(chunk.length);
      batch.push(chunk);
      waiting += chunk.length;
      if (waiting >= maxWaiting) data.pause();
      flush();
    });
    const end = (): void => {
      ended = true;
      flush();
    };
    data.once("end", end);
    // Reported when the sink is idle, as its owner may close the file right after.
    const lost = (cause?: unknown): void => {
      if (ended) return;
      failure ??= new EngineError("ConnectionLost", "The data connection was lost before its end", { cause });
      flush();
    };
    data.once("error", lost);
    data.once("close", lost);
    // An empty file over TLS can end together with its handshake, before anyone listens.
    if (data.readableEnded) end();
    // Passive sockets arrive paused, so that nothing is read before a transfer wants it.
    data.resume();
  });
}
