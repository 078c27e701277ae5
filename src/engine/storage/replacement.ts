import { randomUUID } from "node:crypto";
import { constants, type Stats } from "node:fs";
import { EngineError } from "../errors.ts";
import { appender, closing } from "./appender.ts";
import { pathIn } from "./contained.ts";
import { MAX_NAME_BYTES, PARTIAL_SUFFIX, TEMPORARY_PREFIX } from "./path.ts";
import { entryOf } from "./entry.ts";
import { takeName } from "./move.ts";
import type { Entry, WriteHandle } from "./storage.ts";
import { lstatIfThere, lutimes, open, type OpenFile, rename, unlink } from "./system-calls.ts";
import {
  checkOffset,
  FILE_MODE,
  makeLasting,
  type UploadPolicy,
  type UploadTarget,
} from "./upload-target.ts";

const MODE_BITS = 0o777;
const { O_WRONLY, O_CREAT, O_EXCL, O_NOFOLLOW, O_NONBLOCK } = constants;

/** An upload beside the file it will replace: written under a temporary name, and renamed when it is whole. */
export async function freshReplacement(
  target: UploadTarget,
  old: Stats | undefined,
  give = rename,
): Promise<WriteHandle> {
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
  return replacement(target, { handle, temporary, start: 0, mode, give });
}

/** An upload that takes no name that is taken. Nothing is kept of it when it breaks, as that would need a second name. */
export function newFile(target: UploadTarget): Promise<WriteHandle> {
  const policy = (): UploadPolicy => ({ ...target.policy(), incomplete: "Remove" });
  return freshReplacement({ ...target, policy }, undefined, takeName);
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
      return replacement(target, { handle, temporary, start: offset, mode: target.bits, give: rename });
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
  /** Gives the whole file its name. */
  give: (temporary: string, path: string) => Promise<void>;
}

function replacement(
  target: UploadTarget,
  { handle, temporary, start, mode, give }: Unpublished,
): WriteHandle {
  const { parent, name, policy } = target;
  const { write, receiveFrom, position } = appender(handle, start);
  const end = (finish: () => Promise<void>): Promise<void> =>
    closing(handle, parent, () =>
      finish().catch(async (error: unknown) => {
        await unlink(temporary).catch(() => undefined);
        throw error;
      }),
    );
  const keeps = (): boolean => policy().incomplete === "Keep" && partialPath(target) !== undefined;
  return {
    write,
    receiveFrom,
    place: async () => ({
      target: await fileAt(pathIn(parent, name)),
      partial: keeps() ? await fileAt(partialPath(target)) : undefined,
      keeps: keeps(),
      written: position(),
    }),
    publish: (around = (change) => change()) =>
      end(async () => {
        if (mode !== undefined) await handle.chmod(mode & MODE_BITS);
        const finish = async (): Promise<void> => {
          await give(temporary, pathIn(parent, name));
          // Looked for first: an error for each upload without one would cost more than all the rest.
          const partial = keeps() ? partialPath(target) : undefined;
          if (partial !== undefined && (await fileAt(partial))) await unlink(partial).catch(() => undefined);
        };
        await makeLasting(handle, target, () => around(finish));
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

async function fileAt(path: string | undefined): Promise<Entry | undefined> {
  const stats = path === undefined ? undefined : await lstatIfThere(path).catch(() => undefined);
  return stats?.isFile() === true ? entryOf("", stats) : undefined;
}

/** Undefined when the name is too long to have one; nothing is kept then. */
function partialPath({ parent, name }: UploadTarget): string | undefined {
  const partial = `${name}${PARTIAL_SUFFIX}`;
  return Buffer.byteLength(partial) > MAX_NAME_BYTES ? undefined : pathIn(parent, partial);
}

function temporaryIn(parent: OpenFile): string {
  return pathIn(parent, `${TEMPORARY_PREFIX}${randomUUID()}`);
}
