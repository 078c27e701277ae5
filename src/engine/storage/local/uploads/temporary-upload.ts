import { randomUUID } from "node:crypto";
import { constants, type Stats } from "node:fs";
import { toEngineError } from "../../../errors.ts";
import { TEMPORARY_PREFIX } from "../../path.ts";
import type { Received, Upload, Usage } from "../../storage.ts";
import type { CountedFile } from "../../usage/usage-ledger.ts";
import { uniqueOf } from "../listing/entries.ts";
import { takeName } from "../moves.ts";
import { findPartial, markReplacing, partialName, removePartial } from "./partials.ts";
import type { RunningUpload } from "../../uploads/running-uploads.ts";
import { UploadFile } from "./upload-file.ts";
import {
  checkOffset,
  fileExists,
  incompleteChanged,
  nothingThere,
} from "../../uploads/incomplete-uploads.ts";
import type { UploadTarget } from "./upload-target.ts";

const MODE_BITS = 0o777;
/** Mode bits that the engine needs to resume a file. */
const OWNER_BITS = 0o600;
const { O_WRONLY, O_CREAT, O_EXCL, O_NOFOLLOW, O_NONBLOCK } = constants;

/**
 * Method of giving a complete temporary file its final name. `Replace` overwrites an existing file. `TakeFreeName`
 * fails if an entry with this name exists.
 */
type Naming = "Replace" | "TakeFreeName";

/** The open temporary file, and the values that its commit requires. */
interface TemporaryFile {
  name: string;
  file: UploadFile;
  /** Mode bits to set when the upload is complete. The value is undefined when the mode is already correct. */
  mode: number | undefined;
  naming: Naming;
  /** File that had the target name when the upload started, if any. */
  old: Stats | undefined;
}

/**
 * An upload to a temporary file in the target directory. The temporary file receives the target name when the upload is
 * complete.
 */
export class TemporaryUpload implements Upload {
  readonly #target: UploadTarget;
  readonly #temporary: TemporaryFile;
  readonly #file: UploadFile;
  readonly #running: RunningUpload;

  private constructor(target: UploadTarget, temporary: TemporaryFile) {
    this.#target = target;
    this.#temporary = temporary;
    this.#file = temporary.file;
    this.#running = target.running.begin(target.account, target.path);
  }

  /**
   * Starts an upload from the first byte.
   * @param old file that has the target name, if any
   */
  static async create(
    target: UploadTarget,
    old: Stats | undefined,
    naming: Naming,
  ): Promise<TemporaryUpload> {
    const { ledger } = target;
    const reuses = ledger?.isExact === true ? await replacedFiles(target, old) : [];
    const growth = { file: "Temporary", start: 0, reuses, files: reuses.length === 0 ? 1 : 0 } as const;
    const reservation = await ledger?.reserve(growth);
    try {
      if (old !== undefined) await markReplacing(target);
      const name = newTemporaryName();
      const mode = old && old.mode & MODE_BITS;
      // The mode of the temporary file must not permit more readers than the mode of the file that it replaces.
      const created = mode === undefined ? target.mode : mode | OWNER_BITS;
      const opened = await target.parent.open(name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, created);
      const file = new UploadFile(opened, target, reservation, 0);
      return new TemporaryUpload(target, { name, file, mode, naming, old });
    } catch (error) {
      reservation?.release();
      throw error;
    }
  }

  /**
   * Resumes a partial upload. The partial upload receives a temporary name, so that only one session can resume it.
   * @param naming with `TakeFreeName`, the partial upload must end at the offset
   * @throws EngineError NotFound if no partial upload exists. InvalidOffset if the partial upload has fewer bytes than
   *   the offset. AlreadyExists when the partial upload does not end at the offset, because another session resumed the
   *   upload.
   */
  static async resume(target: UploadTarget, offset: number, naming: Naming): Promise<TemporaryUpload> {
    const { parent } = target;
    const partial = partialName(target);
    if (partial === undefined || (await findPartial(target)) === undefined) throw nothingThere();
    const name = newTemporaryName();
    // With its old modification time, the file could be removed as a stale upload.
    await parent.setTimes(partial, new Date());
    await parent.rename(partial, parent, name);
    try {
      return await TemporaryUpload.#resumeFile(target, name, offset, naming);
    } catch (error) {
      await parent.rename(name, parent, partial);
      throw error;
    }
  }

  static async #resumeFile(
    target: UploadTarget,
    name: string,
    offset: number,
    naming: Naming,
  ): Promise<TemporaryUpload> {
    const { ledger } = target;
    const opened = await target.parent.open(name, O_WRONLY | O_NOFOLLOW | O_NONBLOCK);
    try {
      const { size, mode: bits } = await opened.stat();
      if (naming === "Replace") checkOffset(offset, size);
      else if (offset !== size) throw incompleteChanged(size);
      const reservation = await ledger?.reserve({ file: "Temporary", start: offset, reuses: [], files: 0 });
      try {
        await opened.truncate(offset);
      } catch (error) {
        reservation?.release();
        throw error;
      }
      // The reservation now includes the bytes of the partial upload.
      ledger?.removed({ bytes: size, files: 1 });
      const mode = (bits & MODE_BITS) === target.mode ? undefined : target.mode;
      const file = new UploadFile(opened, target, reservation, offset);
      return new TemporaryUpload(target, { name, file, mode, naming, old: undefined });
    } catch (error) {
      await opened.close();
      throw error;
    }
  }

  write(chunks: readonly Uint8Array[]): Promise<void> {
    return this.#file.write(chunks);
  }

  receiveFrom(socket: number): Received | undefined {
    return this.#file.receiveFrom(socket);
  }

  async commit(): Promise<void> {
    const { mode } = this.#temporary;
    const isSynced = this.#target.policy().sync === "Always";
    try {
      if (mode !== undefined) await this.#file.chmod(mode);
      if (isSynced) await this.#file.datasync();
      await this.#exclusively(() => this.#giveName());
      if (isSynced) await this.#target.parent.sync();
    } catch (error) {
      await this.#remove();
      throw toEngineError(error);
    } finally {
      await this.#close();
    }
  }

  async abort(rest?: "Removed"): Promise<void> {
    try {
      await this.#exclusively(() => this.#keepOrRemove(rest));
    } catch (error) {
      await this.#remove();
      throw toEngineError(error);
    } finally {
      await this.#close();
    }
  }

  get #isExact(): boolean {
    return this.#file.reservation?.isExact === true;
  }

  /**
   * Runs a change to file names. If the growth must be exact, no other change runs at the same time. This method never
   * skips the change, because reply 226 confirms it.
   */
  #exclusively(change: () => Promise<void>): Promise<void> {
    const { ledger } = this.#target;
    return this.#isExact && ledger !== undefined ? ledger.exclusively(change) : change();
  }

  /** Gives the complete file its final name, unless the growth exceeds the quota. */
  async #giveName(): Promise<void> {
    const { parent, name } = this.#target;
    const { name: temporary, naming } = this.#temporary;
    const { reservation } = this.#file;
    const growth = this.#isExact ? await this.#growth() : undefined;
    const rejection = growth && reservation?.rejection(growth);
    if (rejection !== undefined) throw rejection;
    try {
      await (naming === "Replace"
        ? parent.rename(temporary, parent, name)
        : takeName(parent, temporary, parent, name));
    } catch (error) {
      if (toEngineError(error).code !== "AlreadyExists") throw error;
      throw fileExists((await this.#isWorthKeeping()) && (await this.#keep(growth)), error);
    }
    reservation?.settle(growth);
    this.#target.running.overtakeOthers(this.#running);
    await removePartial(this.#target).catch(() => undefined);
  }

  /** Ends a broken upload. Keeps the data as a partial upload if the policy and the quota permit it. */
  async #keepOrRemove(rest: "Removed" | undefined): Promise<void> {
    if (rest === undefined && (await this.#isWorthKeeping())) {
      const growth = this.#isExact
        ? this.#growthOver(await replacedFiles(this.#target, undefined))
        : undefined;
      if (growth === undefined || this.#file.reservation?.rejection(growth) === undefined) {
        await this.#keep(growth);
        return;
      }
    }
    await this.#target.parent.unlink(this.#temporary.name);
  }

  async #keep(growth: Usage | undefined): Promise<true> {
    const { parent } = this.#target;
    await parent.rename(this.#temporary.name, parent, partialName(this.#target) ?? "");
    this.#file.reservation?.settle(growth);
    return true;
  }

  /**
   * Returns whether to keep the data of an incomplete upload. The upload discards its data if another upload of the
   * same file is already complete. A client that lost its connection often uploads the file again before the engine
   * detects the loss.
   */
  async #isWorthKeeping(): Promise<boolean> {
    const { parent, name, account, policy } = this.#target;
    const { naming, old } = this.#temporary;
    if (account === undefined || policy().incomplete === "Remove" || this.#file.position === 0) return false;
    if (this.#running.isOvertaken || this.#file.reservation?.isExceeded === true) return false;
    if (naming === "TakeFreeName") return true;
    const now = await parent.lstatIfThere(name).catch(() => undefined);
    return now === undefined || now.ino === old?.ino;
  }

  /** Returns the change in usage that the commit would cause now. */
  async #growth(): Promise<Usage> {
    const { parent, name } = this.#target;
    const stats =
      this.#temporary.naming === "Replace"
        ? await parent.lstatIfThere(name).catch(() => undefined)
        : undefined;
    return this.#growthOver(await replacedFiles(this.#target, stats?.isFile() === true ? stats : undefined));
  }

  /** Returns the change in usage if the upload replaces the given files. */
  #growthOver(removed: readonly CountedFile[]): Usage {
    const bytes = removed.reduce((sum, { size }) => sum + size, 0);
    return { bytes: this.#file.position - bytes, files: 1 - removed.length };
  }

  async #remove(): Promise<void> {
    await this.#target.parent.unlink(this.#temporary.name).catch(() => undefined);
  }

  async #close(): Promise<void> {
    this.#file.reservation?.release();
    await this.#file.close();
    this.#target.running.end(this.#running);
  }
}

/** Returns the files that an upload replaces: the old file, and the account's partial upload. */
async function replacedFiles(target: UploadTarget, old: Stats | undefined): Promise<CountedFile[]> {
  const partial = await findPartial(target).catch(() => undefined);
  const replaced = old && { unique: uniqueOf(old), size: old.size };
  return [replaced, partial].filter((file) => file !== undefined);
}

function newTemporaryName(): string {
  return `${TEMPORARY_PREFIX}${randomUUID()}`;
}
