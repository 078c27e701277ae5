import { combineCrc32 } from "../../../../common/crc32-combine.ts";
import { EngineError, toEngineError } from "../../../errors.ts";
import { fileExists } from "../../uploads/incomplete-uploads.ts";
import type { RunningUpload } from "../../uploads/running-uploads.ts";
import { crc32Checksum, type FileChecksum, type Received, type Upload } from "../../storage.ts";
import { findStored, isCode, storeUnder } from "../conditional.ts";
import { type IncompleteUpload, isWorthKeeping, keepParts } from "./kept-parts.ts";
import { PartBuffer } from "./part-buffer.ts";
import { aborted, PartSender } from "./part-sender.ts";
import { BLOCK_BYTES } from "./upload-memory.ts";
import { removePartial } from "./partials.ts";
import { growthOver, holdGrowth, type Replaced } from "./replaced-files.ts";
import type { ObjectTarget, UploadPlan } from "./upload-target.ts";

/**
 * An upload to one object. A single request stores a file that fits into one part. A larger file requires a multipart
 * upload. The object becomes visible when the upload is committed.
 */
export class ObjectUpload implements Upload {
  readonly #target: ObjectTarget;
  readonly #plan: UploadPlan;
  readonly #sender: PartSender;
  readonly #running: RunningUpload;
  /** For each part in order, the CRC-32 of the file from its beginning to the end of the part. */
  readonly #checksums: number[];
  #part: PartBuffer;
  #base: Promise<void> | undefined;
  #position: number;
  /** CRC-32 of all parts before the current part. */
  #crc32: number;

  private constructor(target: ObjectTarget, plan: UploadPlan) {
    const { store, limits, key, multipart } = target;
    const { metadata, base, resumed } = plan;
    this.#target = target;
    this.#plan = plan;
    const { concurrency } = multipart;
    this.#sender = new PartSender({
      store,
      limits,
      key,
      metadata,
      concurrency,
      resumed,
      hasChecksum: base === undefined,
    });
    const parts = resumed?.parts ?? [];
    this.#checksums = parts.map(({ fileCrc32 }) => fileCrc32);
    this.#crc32 = this.#checksums.at(-1) ?? 0;
    this.#position = (base?.end ?? 0) + parts.reduce((sum, { size }) => sum + size, 0);
    this.#part = this.#newPart();
    this.#running = target.running.begin(target.account, key);
  }

  static async start(target: ObjectTarget, plan: UploadPlan): Promise<ObjectUpload> {
    const upload = new ObjectUpload(target, plan);
    try {
      for await (const chunk of plan.beginning ?? []) await upload.#append(chunk);
      return upload;
    } catch (error) {
      await upload.abort("Removed");
      throw error;
    }
  }

  /** Checksum of the file. The value is undefined if the file begins with bytes of a copied object. */
  get checksum(): FileChecksum | undefined {
    return this.#plan.base === undefined ? crc32Checksum(this.#crc32) : undefined;
  }

  async write(chunks: readonly Uint8Array[]): Promise<void> {
    void this.#copyBase().catch(() => undefined);
    const reserved = this.#plan.reservation?.grow(chunks.reduce((sum, { length }) => sum + length, 0));
    if (reserved !== undefined) await reserved;
    for (const chunk of chunks)
      for (let start = 0; start < chunk.length; start += BLOCK_BYTES) {
        const waiting = this.#room();
        if (waiting !== undefined) await waiting;
        const appended = this.#append(chunk.subarray(start, start + BLOCK_BYTES));
        if (appended !== undefined) await appended;
      }
  }

  receiveFrom(socket: number): Received | undefined {
    const { memory, owner, multipart, kernelCopy } = this.#target;
    // `write` must receive the bytes if a wait can be necessary: to grow a reservation, to send a full part, or to
    // obtain memory.
    if (this.#plan.reservation !== undefined || kernelCopy === undefined) return undefined;
    const room = multipart.partSizeBytes - this.#part.bytes;
    const buffer = room > 0 && memory.hasRoom(owner) ? this.#part.nextSpace(room) : undefined;
    if (buffer === undefined) return undefined;
    const bytes = kernelCopy.read(socket, buffer);
    this.#part.fill(buffer.subarray(0, bytes));
    this.#position += bytes;
    return { bytes, rest: undefined };
  }

  commit(): Promise<void> {
    return this.#alone(() => this.#commit());
  }

  interrupt(reason: EngineError): void {
    this.#sender.interrupt(reason);
  }

  abort(rest?: "Removed"): Promise<void> {
    this.interrupt(aborted());
    return rest === "Removed" ? this.#abort(rest) : this.#alone(() => this.#abort());
  }

  /**
   * Runs a change to the uploaded key. If the home has a quota, changes to a key run one after the other, because each
   * change records the sizes of the files that it replaces.
   */
  #alone(change: () => Promise<void>): Promise<void> {
    const { locks, key } = this.#target;
    return this.#plan.reservation?.isExact === true ? locks.run([key], change) : change();
  }

  async #commit(): Promise<void> {
    const { reservation, hasState } = this.#plan;
    const { ledger } = this.#target;
    let replaced: Replaced | undefined;
    try {
      replaced =
        reservation?.isExact === true
          ? await holdGrowth(this.#target, this.#plan, this.#position)
          : undefined;
      await (this.#isSinglePart ? this.#storeObject() : this.#completeParts());
      reservation?.settle(replaced && growthOver(this.#position, replaced.files));
    } catch (error) {
      throw await this.#failed(toEngineError(error));
    } finally {
      await this.#close();
    }
    this.#target.running.overtakeOthers(this.#running);
    if (!hasState && replaced?.hasPartial !== true) return;
    const bytes = await removePartial(this.#target).catch(() => undefined);
    if (bytes !== undefined) ledger?.removed({ bytes, files: 1 });
  }

  async #abort(rest?: "Removed"): Promise<void> {
    try {
      const isKept = rest !== "Removed" && (await isWorthKeeping(this.#incomplete));
      if (!isKept || !(await keepParts(this.#incomplete))) await this.#sender.abort();
    } finally {
      await this.#close();
    }
  }

  get #incomplete(): IncompleteUpload {
    const [target, plan, sender, running] = [this.#target, this.#plan, this.#sender, this.#running];
    return { target, plan, sender, running, checksums: this.#checksums };
  }

  get #isSinglePart(): boolean {
    return !this.#sender.hasStarted && this.#plan.base === undefined;
  }

  /**
   * Waits for memory while this upload is sending parts. If the service is slower than the client, a temporary file
   * would not speed up the upload. Returns a promise only if the upload must wait.
   */
  #room(): Promise<void> | undefined {
    const { memory, owner } = this.#target;
    return this.#sender.isSending && !memory.hasRoom(owner)
      ? this.#sender.next().then(() => this.#room())
      : undefined;
  }

  /** Copies a chunk of received bytes into parts. Returns a promise only if the copy cannot complete immediately. */
  #append(chunk: Uint8Array): Promise<void> | undefined {
    const room = this.#target.multipart.partSizeBytes - this.#part.bytes;
    if (chunk.length > room) return this.#appendOver(chunk, room);
    this.#position += chunk.length;
    return this.#part.append(chunk);
  }

  async #appendOver(chunk: Uint8Array, room: number): Promise<void> {
    await this.#append(chunk.subarray(0, room));
    await this.#sendPart();
    await this.#append(chunk.subarray(room));
  }

  /** Starts to send the current part, and creates the next part. */
  async #sendPart(): Promise<void> {
    await this.#copyBase();
    const full = this.#part;
    this.#crc32 = combineCrc32(this.#crc32, full.crc32, full.bytes);
    this.#checksums.push(this.#crc32);
    this.#part = this.#newPart();
    await this.#sender.send(full);
  }

  #copyBase(): Promise<void> {
    const { base } = this.#plan;
    this.#base ??= base === undefined ? Promise.resolve() : this.#sender.copy(base.source, base.end);
    return this.#base;
  }

  #newPart(): PartBuffer {
    const { memory, owner } = this.#target;
    return new PartBuffer(memory, owner, this.#plan.base !== undefined);
  }

  async #storeObject(): Promise<void> {
    this.#crc32 = this.#part.crc32;
    const { store, key } = this.#target;
    const { metadata, condition } = this.#plan;
    try {
      const put = (): Promise<void> =>
        storeUnder(store, key, condition, (now) => store.put(key, this.#part, { metadata, condition: now }));
      await this.#part.send(put, this.#sender.waits);
    } catch (error) {
      if ((await findStored(store, key, metadata))?.size !== this.#position) throw error;
    }
  }

  async #completeParts(): Promise<void> {
    const { store, key } = this.#target;
    const { metadata, condition, base } = this.#plan;
    await this.#copyBase();
    if (this.#part.bytes > 0) await this.#sendPart();
    const { upload, parts } = await this.#sender.finish();
    const bytes = this.#position;
    if (parts.reduce((sum, { size }) => sum + size, 0) !== bytes)
      throw new EngineError("Internal", "Parts of the file are missing");
    const crc = base === undefined ? this.#crc32 : undefined;
    try {
      await storeUnder(store, key, condition, (now) =>
        store.multipart.complete(upload, parts, { bytes, crc32: crc, condition: now }),
      );
    } catch (error) {
      if ((await findStored(store, key, metadata))?.size !== bytes) throw error;
      return;
    }
    // Another upload may already have replaced the object.
    const found = await findStored(store, key, metadata);
    if (found !== undefined && found.size !== bytes)
      throw new EngineError("Internal", `The object storage stored ${found.size} of ${bytes} bytes`);
  }

  /** Keeps or removes the parts after a failed commit, and returns the error with which the commit failed. */
  async #failed(cause: EngineError): Promise<EngineError> {
    const isTaken = isCode(cause, "Conflict") && this.#plan.condition === "Absent";
    const mayKeep = isTaken || isCode(cause, "StorageUnavailable") || this.#sender.waits.aborted;
    const isKept = mayKeep && (await isWorthKeeping(this.#incomplete));
    const isStored = isKept && (await keepParts(this.#incomplete).catch(() => false));
    if (!isStored) await this.#sender.abort().catch(() => undefined);
    return isTaken ? fileExists(isStored, cause) : cause;
  }

  async #close(): Promise<void> {
    this.#plan.reservation?.release();
    await this.#part.release();
    this.#target.running.end(this.#running);
  }
}
