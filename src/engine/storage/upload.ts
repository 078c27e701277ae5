import { randomUUID } from "node:crypto";
import { constants, type Stats } from "node:fs";
import { type FileHandle, lstat, open, rename, unlink } from "node:fs/promises";
import { EngineError, toEngineError } from "../errors.ts";
import { pathIn } from "./contained.ts";
import { TEMPORARY_PREFIX } from "./path.ts";
import type { WriteHandle, WriteMode } from "./storage.ts";

const FILE_MODE = 0o660;
const MODE_BITS = 0o777;
const { O_APPEND, O_WRONLY, O_CREAT, O_EXCL, O_NOFOLLOW, O_NONBLOCK } = constants;

/**
 * An upload beside the file it will replace: written under a temporary name, and renamed when it is whole and on the disk.
 * Takes over `parent`, unless it rejects.
 */
export async function openReplacement(parent: FileHandle, name: string): Promise<WriteHandle> {
  const old = await statTarget(parent, name);
  const temporary = pathIn(parent, `${TEMPORARY_PREFIX}${randomUUID()}`);
  const handle = await open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, FILE_MODE);
  const end = (finish: () => Promise<void>): Promise<void> =>
    closing(handle, parent, () =>
      finish().catch(async (error: unknown) => {
        await unlink(temporary).catch(() => undefined);
        throw error;
      }),
    );
  return {
    write: appender(handle, 0),
    publish: () =>
      end(async () => {
        if (old !== undefined) await handle.chmod(old.mode & MODE_BITS);
        await handle.datasync();
        await rename(temporary, pathIn(parent, name));
      }),
    discard: () => end(() => unlink(temporary)),
  };
}

/**
 * An upload onto the end, or from an offset, of the file itself. Appending is the system's (O_APPEND), so two at once lose
 * nothing. Takes over `parent`, unless it rejects.
 */
export async function openInPlace(
  parent: FileHandle,
  name: string,
  mode: Exclude<WriteMode, { type: "Replace" }>,
): Promise<WriteHandle> {
  await statTarget(parent, name);
  const append = mode.type === "Append" ? O_APPEND : 0;
  const flags = O_WRONLY | O_CREAT | O_NOFOLLOW | O_NONBLOCK | append;
  const handle = await open(pathIn(parent, name), flags, FILE_MODE);
  try {
    const stats = await handle.stat();
    // The name may have been given to something else since it was looked at.
    if (!stats.isFile()) throw new EngineError("PermissionDenied", "Not a regular file");
    return mode.type === "Append"
      ? appending(handle, parent)
      : resuming(handle, parent, mode.offset, stats.size);
  } catch (error) {
    await handle.close();
    throw error;
  }
}

function appending(handle: FileHandle, parent: FileHandle): WriteHandle {
  return {
    write: appender(handle),
    publish: () => closing(handle, parent, () => handle.datasync()),
    discard: () => closing(handle, parent),
  };
}

/** @throws EngineError when the file is shorter than the offset */
function resuming(handle: FileHandle, parent: FileHandle, offset: number, size: number): WriteHandle {
  if (offset > size) {
    throw new EngineError("NotFound", `The file has only ${size} bytes; restart from there or before`);
  }
  let position = offset;
  const append = appender(handle, offset);
  return {
    write: async (chunks) => {
      await append(chunks);
      position += chunks.reduce((sum, chunk) => sum + chunk.length, 0);
    },
    publish: () =>
      closing(handle, parent, async () => {
        // What stood behind a resumed upload is not part of it.
        await handle.truncate(position);
        await handle.datasync();
      }),
    discard: () => closing(handle, parent),
  };
}

/** Does the last thing with a file and closes it and its directory, whatever fails. @throws EngineError */
async function closing(
  handle: FileHandle,
  parent: FileHandle,
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

/** Writes chunks whole and in order, from a position on or, without one, where O_APPEND puts them. */
function appender(handle: FileHandle, start?: number): WriteHandle["write"] {
  let position = start;
  return async (chunks) => {
    let rest = chunks.filter((chunk) => chunk.length > 0);
    try {
      while (rest.length > 0) {
        const { bytesWritten } = await (position === undefined
          ? handle.writev(rest)
          : handle.writev(rest, position));
        if (position !== undefined) position += bytesWritten;
        rest = dropBytes(rest, bytesWritten);
      }
    } catch (error) {
      throw toEngineError(error);
    }
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

/** The file at an upload's target, if any. @throws EngineError when something else is there */
async function statTarget(parent: FileHandle, name: string): Promise<Stats | undefined> {
  const stats = await lstat(pathIn(parent, name)).catch((error: unknown) => {
    if (toEngineError(error).code === "NotFound") return undefined;
    throw error;
  });
  if (stats?.isDirectory() === true) throw new EngineError("IsADirectory", "Is a directory");
  if (stats !== undefined && !stats.isFile()) throw new EngineError("PermissionDenied", "Not a regular file");
  return stats;
}
