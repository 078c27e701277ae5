import { toEngineError } from "../../errors.ts";
import type { Upload } from "../storage.ts";
import type { OpenFile } from "./system-calls.ts";

/** Writes chunks whole and in order. */
interface Appender extends Required<Pick<Upload, "receiveFrom">> {
  write: (...parameters: Parameters<Upload["write"]>) => Promise<void>;
  /** Where the next byte goes; behind the bytes written when the system chooses the place. */
  position: () => number;
}

/** Writes from a position on or, without one, where O_APPEND puts it. */
export function appender(handle: OpenFile, start?: number): Appender {
  let position = start ?? 0;
  return {
    async write(chunks) {
      let rest = chunks.filter((chunk) => chunk.length > 0);
      try {
        while (rest.length > 0) {
          const bytesWritten = await handle.write(rest, start === undefined ? undefined : position);
          position += bytesWritten;
          rest = dropBytes(rest, bytesWritten);
        }
      } catch (error) {
        throw toEngineError(error);
      }
    },
    receiveFrom(socket) {
      // splice(2) has no O_APPEND.
      const received = start === undefined ? undefined : handle.receiveFrom(socket, position);
      position += received?.bytes ?? 0;
      return received;
    },
    position: () => position,
  };
}

/** What is left of the chunks without their first `count` bytes. */
function dropBytes(chunks: readonly Uint8Array[], count: number): Uint8Array[] {
  let skip = count;
  return chunks.flatMap((chunk) => {
    const taken = Math.min(skip, chunk.length);
    skip -= taken;
    return taken === chunk.length ? [] : [chunk.subarray(taken)];
  });
}

/** Does the last thing with a file and closes it and its directory, whatever fails. @throws EngineError */
export async function closing(
  handle: OpenFile,
  parent: OpenFile,
  finish = async (): Promise<void> => undefined,
): Promise<void> {
  try {
    await finish();
  } catch (error) {
    throw toEngineError(error);
  } finally {
    await Promise.allSettled([handle.close(), parent.close()]);
  }
}
