import { randomUUID, createHash, type Hash } from "node:crypto";
import { constants } from "node:fs";
import { type FileHandle, open, unlink } from "node:fs/promises";
import { join } from "node:path";
import { crc32 } from "node:zlib";
import { notWritable } from "../../../errors.ts";
import type { ObjectBody } from "../object-store.ts";
import { BLOCK_BYTES, type UploadMemory } from "./upload-memory.ts";

const { O_RDWR, O_CREAT, O_EXCL, O_NOFOLLOW } = constants;
const PRIVATE = 0o600;
/** Number of blocks that a request sends with one system call. */
const GROUP_BLOCKS = 4;

/**
 * Bytes of one part. When the upload memory is full, a part writes its bytes to an unnamed temporary file, so that slow
 * clients do not delay other clients.
 */
export class PartBuffer implements ObjectBody {
  readonly #memory: UploadMemory;
  readonly #account: string;
  readonly #blocks: Buffer[] = [];
  readonly #md5: Hash | undefined;
  #inMemory = 0;
  #file: FileHandle | undefined;
  #inFile = 0;
  #crc32 = 0;

  /** @param isHashed whether the request for the part requires an MD5 checksum */
  constructor(memory: UploadMemory, account: string, isHashed: boolean) {
    this.#memory = memory;
    this.#account = account;
    this.#md5 = isHashed ? createHash("md5") : undefined;
  }

  get bytes(): number {
    return this.#inMemory + this.#inFile;
  }

  get crc32(): number {
    return this.#crc32;
  }

  get md5(): string | undefined {
    return this.#md5?.copy().digest("base64");
  }

  get whole(): Uint8Array | undefined {
    const [first, second] = this.#blocks;
    return this.#file === undefined && second === undefined
      ? (first ?? Buffer.alloc(0)).subarray(0, this.#inMemory)
      : undefined;
  }

  /**
   * Copies a chunk. Returns a promise only if the part writes the chunk to a temporary file.
   * @throws EngineError if the temporary file cannot be written
   */
  append(chunk: Uint8Array): Promise<void> | undefined {
    this.#crc32 = crc32(chunk, this.#crc32);
    this.#md5?.update(chunk);
    let rest = chunk;
    while (rest.length > 0 && this.#file === undefined) {
      const space = this.nextSpace(rest.length);
      if (space === undefined) break;
      space.set(rest.subarray(0, space.length));
      this.#inMemory += space.length;
      rest = rest.subarray(space.length);
    }
    return rest.length > 0 ? this.#spool(rest) : undefined;
  }

  /**
   * Returns unused memory for at most `most` bytes. After writing to this memory, the calling function must add the
   * bytes with `fill`. Returns undefined if the part must write the next bytes to a temporary file.
   */
  nextSpace(most: number): Uint8Array | undefined {
    if (this.#file !== undefined) return undefined;
    const at = this.#inMemory % BLOCK_BYTES;
    if (this.#inMemory === this.#blocks.length * BLOCK_BYTES) {
      const block = this.#memory.take(this.#account);
      if (block === undefined) return undefined;
      this.#blocks.push(block);
    }
    return this.#blocks.at(-1)?.subarray(at, at + most);
  }

  /** Adds bytes that the calling function has written to the memory from `nextSpace`. */
  fill(bytes: Uint8Array): void {
    this.#inMemory += bytes.length;
    this.#crc32 = crc32(bytes, this.#crc32);
    this.#md5?.update(bytes);
  }

  /** Runs a request with this part as its body. @param waits ends the wait for a permit to send a temporary file */
  send<T>(request: () => Promise<T>, waits: AbortSignal): Promise<T> {
    return this.#file === undefined ? request() : this.#memory.sendSpooled(this.#account, request, waits);
  }

  async *open(): AsyncGenerator<readonly Uint8Array[]> {
    const chunks = this.#blocks
      .map((block, index) => block.subarray(0, Math.max(0, this.#inMemory - index * BLOCK_BYTES)))
      .filter(({ length }) => length > 0);
    for (let first = 0; first < chunks.length; first += GROUP_BLOCKS)
      yield chunks.slice(first, first + GROUP_BLOCKS);
    const buffer = Buffer.allocUnsafeSlow(Math.min(GROUP_BLOCKS * BLOCK_BYTES, this.#inFile));
    for (let position = 0; position < this.#inFile; ) {
      const length = Math.min(buffer.length, this.#inFile - position);
      const { bytesRead = 0 } = (await this.#file?.read(buffer, 0, length, position)) ?? {};
      if (bytesRead === 0) throw new Error("the temporary file is too short");
      position += bytesRead;
      yield [buffer.subarray(0, bytesRead)];
    }
  }

  /** Releases the memory and the temporary file. Never rejects. */
  async release(): Promise<void> {
    this.#memory.giveBack(this.#account, this.#blocks.splice(0));
    this.#memory.spool(this.#account, -this.#inFile);
    this.#inMemory = 0;
    this.#inFile = 0;
    const file = this.#file;
    this.#file = undefined;
    await file?.close().catch(() => undefined);
  }

  async #spool(bytes: Uint8Array): Promise<void> {
    this.#memory.spool(this.#account, bytes.length);
    const start = this.#inFile;
    this.#inFile += bytes.length;
    try {
      this.#file ??= await openUnnamed(this.#memory.directory);
      for (let done = 0; done < bytes.length; ) {
        const { bytesWritten } = await this.#file.write(bytes, done, bytes.length - done, start + done);
        done += bytesWritten;
      }
    } catch (error) {
      throw notWritable(error, "Cannot write a temporary file");
    }
  }
}

/** Opens an unnamed file, which the operating system removes even after a crash. */
async function openUnnamed(directory: string): Promise<FileHandle> {
  const path = join(directory, `ftp-operator-part-${randomUUID()}`);
  const file = await open(path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW, PRIVATE);
  await unlink(path);
  return file;
}
