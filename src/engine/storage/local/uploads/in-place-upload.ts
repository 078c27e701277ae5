import { constants, type Stats } from "node:fs";
import { EngineError, toEngineError } from "../../../errors.ts";
import type { Received, Upload, UploadMode } from "../../storage.ts";
import type { Growth } from "../../usage/usage-ledger.ts";
import { uniqueOf } from "../listing/entries.ts";
import type { OpenFile } from "../system/open-file.ts";
import { UploadFile } from "./upload-file.ts";
import { checkOffset } from "../../uploads/incomplete-uploads.ts";
import type { UploadTarget } from "./upload-target.ts";

const { O_APPEND, O_WRONLY, O_CREAT, O_EXCL, O_NOFOLLOW, O_NONBLOCK } = constants;

type InPlaceMode = Extract<UploadMode, { type: "Append" | "Resume" }>;

/**
 * An upload that writes directly to an existing or new file. Written bytes remain in the file even when the upload
 * breaks.
 */
export class InPlaceUpload implements Upload {
  readonly #target: UploadTarget;
  readonly #file: UploadFile;
  readonly #unique: string;
  readonly #type: InPlaceMode["type"];

  private constructor(target: UploadTarget, file: UploadFile, stats: Stats, { type }: InPlaceMode) {
    this.#target = target;
    this.#file = file;
    this.#unique = uniqueOf(stats);
    this.#type = type;
  }

  /**
   * Opens the target file for writing at its end or from an offset. Two uploads can append at the same time, because
   * the kernel determines the offsets (O_APPEND).
   * @param old the target, if it exists
   */
  static async open(target: UploadTarget, old: Stats | undefined, mode: InPlaceMode): Promise<InPlaceUpload> {
    const reservation = await target.ledger?.reserve(growthOf(old, mode));
    try {
      const { opened, stats } = await openTarget(target, mode, mode.type === "Append" && old === undefined);
      const start = mode.type === "Append" ? undefined : mode.offset;
      return new InPlaceUpload(target, new UploadFile(opened, target, reservation, start), stats, mode);
    } catch (error) {
      reservation?.release();
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
    try {
      if (this.#type === "Resume") await this.#cutOff();
      if (this.#target.policy().sync === "Always") {
        await this.#file.datasync();
        await this.#target.parent.sync();
      }
      // Clients cannot access a file without a name.
      if ((await this.#file.links()) === 0)
        throw new EngineError("NotFound", "The file was removed or replaced during the upload");
    } catch (error) {
      throw toEngineError(error);
    } finally {
      await this.abort();
    }
  }

  /** Closes the file. Written bytes remain in the file. */
  async abort(): Promise<void> {
    this.#file.reservation?.settle();
    await this.#file.close();
  }

  /** Truncates the file after the last uploaded byte. */
  async #cutOff(): Promise<void> {
    const { ledger } = this.#target;
    if (this.#file.reservation?.isExact === true && ledger !== undefined)
      await ledger.exclusively(() => this.#cutOffExactly());
    else await this.#file.truncate(this.#file.position);
  }

  async #cutOffExactly(): Promise<void> {
    const { parent, name, ledger } = this.#target;
    const { position, reservation } = this.#file;
    const stats = await parent.lstatIfThere(name).catch(() => undefined);
    // If the name refers to another file, the ledger has already recorded the removal of the uploaded file.
    const isNamed = stats?.isFile() === true && uniqueOf(stats) === this.#unique;
    reservation?.settle();
    await this.#file.truncate(position);
    ledger?.removed({ bytes: isNamed ? Math.max(0, stats.size - position) : 0, files: 0 }, this.#unique);
  }
}

function growthOf(old: Stats | undefined, mode: InPlaceMode): Growth {
  return {
    file: "InPlace",
    start: mode.type === "Append" ? (old?.size ?? 0) : mode.offset,
    reuses: old === undefined ? [] : [{ unique: uniqueOf(old), size: old.size }],
    files: old === undefined ? 1 : 0,
  };
}

async function openTarget(
  target: UploadTarget,
  mode: InPlaceMode,
  isNew: boolean,
): Promise<{ opened: OpenFile; stats: Stats }> {
  const { parent, name } = target;
  const flags = O_WRONLY | O_NOFOLLOW | O_NONBLOCK | (mode.type === "Append" ? O_APPEND : 0);
  const opened = (isNew ? await create(target, flags) : undefined) ?? (await parent.open(name, flags));
  try {
    const stats = await opened.stat();
    // A different entry can take the name between the lookup and the opening of the file.
    if (!stats.isFile()) throw new EngineError("PermissionDenied", "Not a regular file");
    if (mode.type === "Resume") checkOffset(mode.offset, stats.size);
    return { opened, stats };
  } catch (error) {
    await opened.close();
    throw error;
  }
}

/**
 * Creates a file with its mode. Returns undefined if another file has the name, because that file must keep its mode.
 */
function create({ parent, name, mode }: UploadTarget, flags: number): Promise<OpenFile | undefined> {
  return parent.open(name, flags | O_CREAT | O_EXCL, mode).catch((error: unknown) => {
    if (toEngineError(error).code !== "AlreadyExists") throw error;
    return undefined;
  });
}
