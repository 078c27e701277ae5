import { randomUUID } from "node:crypto";
import { constants, type Stats } from "node:fs";
import { EngineError, toEngineError } from "../errors.ts";
import { appender, closing } from "./appender.ts";
import { pathIn } from "./contained.ts";
import { MAX_NAME_BYTES, PARTIAL_SUFFIX, TEMPORARY_PREFIX } from "./path.ts";
import type { WriteHandle } from "./storage.ts";
import { lstatIfThere, lutimes, open, type OpenFile, rename, unlink } from "./system-calls.ts";
import { checkOffset, FILE_MODE, makeLasting, type UploadTarget } from "./upload-target.ts";

const MODE_BITS = 0o777;
const { O_WRONLY, O_CREAT, O_EXCL, O_NOFOLLOW, O_NONBLOCK } = constants;

/** An upload beside the file it will replace: written under a temporary name, and renamed when it is whole. */
export async function freshReplacement(target: UploadTarget, old: Stats | undefined): Promise<WriteHandle> {
  const temporary = temporaryIn(target.parent);
  const handle = await open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, FILE_MODE);
  const mode = old?.mode ?? target.bits;
  try {
    // Before the bytes come, which may be nobody else's to read.
    if (old === undefined && mode !== undefined) await handle.chmod(mode);
  } catch (error) {
    await handle.close();
    await unlink(temporary);
    throw error;
  }
  return replacement(target, { handle, temporary, start: 0, mode });
}

/** An upload that takes no name that is taken. Nothing is kept of it when it breaks, as that would need a second name. */
export async function newFile(target: UploadTarget): Promise<WriteHandle> {
  const { parent, name, policy } = target;
  const handle = await freshReplacement(
    { ...target, policy: () => ({ ...policy(), incomplete: "Remove" }) },
    undefined,
  );
  return {
    ...handle,
    async publish() {
      try {
        // Not link(2), which not every volume has: the name is taken first, and then given to the whole file.
        await (await open(pathIn(parent, name), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, FILE_MODE)).close();
      } catch (error) {
        await handle.discard();
        throw toEngineError(error);
      }
      await handle.publish();
    },
  };
}

/**
 * Goes on with what an upload that broke has left, from `offset` on. It gets a temporary name again, so that only one can go
 * on with it.
 * @throws EngineError NotFound when there is nothing, or less than `offset` bytes
 */
export async function resumedPartial(target: UploadTarget, offset: number): Promise<WriteHandle> {
  const { parent } = target;
  const partial = partialPath(target);
  if (partial === undefined || (await partialSize(target)) === undefined)
    throw new EngineError("NotFound", "No such file or directory");
  const temporary = temporaryIn(parent);
  // An old one must not look like a crash's leftovers.
  const now = new Date();
  await lutimes(partial, now, now);
  await rename(partial, temporary);
  try {
    const handle = await open(temporary, O_WRONLY | O_NOFOLLOW | O_NONBLOCK);
    try {
      checkOffset(offset, (await handle.stat()).size);
      await handle.truncate(offset);
      return replacement(target, { handle, temporary, start: offset, mode: target.bits });
    } catch (error) {
      await handle.close();
      throw error;
    }
  } catch (error) {
    await rename(temporary, partial);
    throw error;
  }
}

/** Bytes that a broken upload to the target has left; undefined when it left none. */
export async function partialSize(target: UploadTarget): Promise<number | undefined> {
  const partial = partialPath(target);
  if (partial === undefined || target.policy().incomplete === "Remove") return undefined;
  const stats = await lstatIfThere(partial);
  return stats?.isFile() === true ? stats.size : undefined;
}

interface Unpublished {
  handle: OpenFile;
  temporary: string;
  /** Where writing begins, in bytes. */
  start: number;
  /** Of the file that is replaced, or what a new one shall have. */
  mode: number | undefined;
}

function replacement(target: UploadTarget, { handle, temporary, start, mode }: Unpublished): WriteHandle {
  const { parent, name, policy } = target;
  const { write, receiveFrom, position } = appender(handle, start);
  const end = (finish: () => Promise<void>): Promise<void> =>
    closing(handle, parent, () =>
      finish().catch(async (error: unknown) => {
        await unlink(temporary).catch(() => undefined);
        throw error;
      }),
    );
  const keeps = (): boolean => policy().incomplete === "Keep";
  return {
    write,
    receiveFrom,
    publish: () =>
      end(async () => {
        if (mode !== undefined) await handle.chmod(mode & MODE_BITS);
        await makeLasting(handle, target, () => rename(temporary, pathIn(parent, name)));
        const partial = partialPath(target);
        // Looked for first: an error for each upload without one would cost more than all the rest.
        if (partial !== undefined && keeps() && (await lstatIfThere(partial).catch(() => undefined)))
          await unlink(partial).catch(() => undefined);
      }),
    discard: (rest) =>
      end(async () => {
        const partial = partialPath(target);
        if (partial === undefined || position() === 0 || !keeps() || rest === "Removed")
          await unlink(temporary);
        else await rename(temporary, partial);
      }),
  };
}

/** Undefined when the name is too long to have one; nothing is kept then. */
function partialPath({ parent, name }: UploadTarget): string | undefined {
  const partial = `${name}${PARTIAL_SUFFIX}`;
  return Buffer.byteLength(partial) > MAX_NAME_BYTES ? undefined : pathIn(parent, partial);
}

function temporaryIn(parent: OpenFile): string {
  return pathIn(parent, `${TEMPORARY_PREFIX}${randomUUID()}`);
}
