import { randomUUID } from "node:crypto";
import { constants, type Stats } from "node:fs";
import { EngineError, toEngineError } from "../../errors.ts";
import { appender, closing } from "./appender.ts";
import { pathIn } from "./contained.ts";
import { entryOf } from "./entry.ts";
import { takeName } from "./move.ts";
import { findPartial, markReplacing, partialPath, removePartial } from "./partial.ts";
import { TEMPORARY_PREFIX } from "../path.ts";
import type { Entry, Upload } from "../storage.ts";
import { lstatIfThere, lutimes, open, type OpenFile, rename, unlink } from "./system-calls.ts";
import { checkOffset, makeLasting, type UploadTarget } from "./upload-target.ts";

const MODE_BITS = 0o777;
/** What the engine needs to resume a file. */
const OWNER_BITS = 0o600;
const { O_WRONLY, O_CREAT, O_EXCL, O_NOFOLLOW, O_NONBLOCK } = constants;

/** Operations that give a complete file its name. */
interface Naming {
  replacesFile: boolean;
  give: (temporary: string, path: string) => Promise<void>;
}

const REPLACES: Naming = { replacesFile: true, give: rename };
const TAKES_FREE_NAME: Naming = { replacesFile: false, give: takeName };

/** An upload beside the file it will replace: written under a temporary name, and renamed when it is whole. */
export async function freshReplacement(
  target: UploadTarget,
  old: Stats | undefined,
  naming: Naming = REPLACES,
): Promise<Upload> {
  if (old !== undefined) await markReplacing(target);
  const temporary = temporaryIn(target.parent);
  const mode = old && old.mode & MODE_BITS;
  // From the first byte, nobody may read more of the file than of the one that it replaces.
  const created = mode === undefined ? target.mode : mode | OWNER_BITS;
  const handle = await open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, created);
  return replacement(target, { handle, temporary, start: 0, mode, naming, old });
}

/** An upload that takes only a free name. It leaves no partial when it breaks. */
export function newFile(target: UploadTarget): Promise<Upload> {
  return freshReplacement({ ...target, account: undefined }, undefined, TAKES_FREE_NAME);
}

/**
 * Resumes a partial from `offset` on. It gets a temporary name again, so that only one session can resume it.
 * @throws EngineError NotFound when there is nothing, or less than `offset` bytes
 */
export function resumedPartial(target: UploadTarget, offset: number): Promise<Upload> {
  return resume(target, offset, REPLACES);
}

/**
 * Resumes a partial at its end, which must be at `offset`. Never replaces a file.
 * @throws EngineError NotFound when there is no partial; AlreadyExists when it has another length, because another session
 *   resumed it
 */
export function extendedPartial(target: UploadTarget, offset: number): Promise<Upload> {
  return resume(target, offset, TAKES_FREE_NAME);
}

async function resume(target: UploadTarget, offset: number, naming: Naming): Promise<Upload> {
  const { parent } = target;
  const partial = partialPath(target);
  if (partial === undefined || (await findPartial(target)) === undefined)
    throw new EngineError("NotFound", "No such file or directory");
  const temporary = temporaryIn(parent);
  // An old one must not look like a crash's leftovers.
  const now = new Date();
  await lutimes(partial, now, now);
  await rename(partial, temporary);
  try {
    const handle = await open(temporary, O_WRONLY | O_NOFOLLOW | O_NONBLOCK);
    try {
      const { size, mode } = await handle.stat();
      if (naming.replacesFile) checkOffset(offset, size);
      else if (offset !== size)
        throw new EngineError(
          "AlreadyExists",
          `The incomplete upload has ${size} bytes now. Send SIZE again`,
        );
      await handle.truncate(offset);
      return replacement(target, {
        handle,
        temporary,
        start: offset,
        mode: (mode & MODE_BITS) === target.mode ? undefined : target.mode,
        naming,
        old: undefined,
      });
    } catch (error) {
      await handle.close();
      throw error;
    }
  } catch (error) {
    await rename(temporary, partial);
    throw error;
  }
}

interface Unpublished {
  handle: OpenFile;
  temporary: string;
  /** Where writing begins, in bytes. */
  start: number;
  /** Mode bits to set when the upload is complete; undefined: the file has the right ones. */
  mode: number | undefined;
  naming: Naming;
  /** The file that had the name when the upload began, if any. */
  old: Stats | undefined;
}

function replacement(
  target: UploadTarget,
  { handle, temporary, start, mode, naming, old }: Unpublished,
): Upload {
  const { parent, name, account, running } = target;
  const key = `${account ?? ""}\0${target.path}`;
  const upload = running.begin(key);
  const { write, receiveFrom, position } = appender(handle, start);
  const partial = partialPath(target);
  const end = (finish: () => Promise<void>): Promise<void> =>
    closing(handle, parent, () => orRemove(temporary, finish)).finally(() => running.end(key, upload));
  const keeps = async (): Promise<boolean> => !upload.isOvertaken && (await isKept(target, naming, old));
  const keep = async (): Promise<void> => {
    if (partial === undefined || position() === 0 || !(await keeps())) await unlink(temporary);
    else await rename(temporary, partial);
  };
  const finish = async (): Promise<void> => {
    try {
      await naming.give(temporary, pathIn(parent, name));
    } catch (error) {
      if (toEngineError(error).code !== "AlreadyExists") throw error;
      await keep();
      throw taken(error, await keeps());
    }
    running.overtakeOthers(key, upload);
    await removePartial(target).catch(() => undefined);
  };
  return {
    write,
    receiveFrom,
    place: async () => ({
      target: naming.replacesFile ? await fileAt(pathIn(parent, name)) : undefined,
      partial: await findPartial(target).catch(() => undefined),
      keeps: await keeps(),
      written: position(),
    }),
    commit: (around = (change) => change()) =>
      end(async () => {
        if (mode !== undefined) await handle.chmod(mode);
        await makeLasting(handle, target, () => around(finish));
      }),
    abort: (rest) => end(rest === "Removed" ? () => unlink(temporary) : keep),
  };
}

/** Removes a temporary file when the last operation on it fails. */
async function orRemove(temporary: string, finish: () => Promise<void>): Promise<void> {
  try {
    await finish();
  } catch (error) {
    await unlink(temporary).catch(() => undefined);
    throw error;
  }
}

/** Returns whether the data is kept when the upload breaks now. @param old as in `Unpublished` */
async function isKept(target: UploadTarget, naming: Naming, old: Stats | undefined): Promise<boolean> {
  const { parent, name, account, policy } = target;
  if (account === undefined || policy().incomplete === "Remove") return false;
  return !naming.replacesFile || !(await isOvertaken(pathIn(parent, name), old));
}

/**
 * Returns whether the name got another file since an upload began. A client that lost its connection often sends the file again
 * before the engine detects the loss. The data of the first upload would otherwise be kept, and be resumed with the bytes of a
 * later file.
 */
async function isOvertaken(path: string, old: Stats | undefined): Promise<boolean> {
  const now = await lstatIfThere(path).catch(() => undefined);
  return now !== undefined && now.ino !== old?.ino;
}

/** The error for a name that was taken during the upload. */
function taken(cause: unknown, isKept: boolean): EngineError {
  const end = isKept ? "; the incomplete upload is kept" : "";
  return new EngineError("AlreadyExists", `File exists${end}`, { cause });
}

async function fileAt(path: string): Promise<Entry | undefined> {
  const stats = await lstatIfThere(path).catch(() => undefined);
  return stats?.isFile() === true ? entryOf("", stats) : undefined;
}

function temporaryIn(parent: OpenFile): string {
  return pathIn(parent, `${TEMPORARY_PREFIX}${randomUUID()}`);
}
