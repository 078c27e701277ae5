/** Accesses the stored files of the tested user without the engine. */
import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import {
  AbortMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  ListPartsCommand,
  PutObjectCommand,
  type S3Client,
} from "@aws-sdk/client-s3";
import { isPartial } from "../../src/engine/storage/local/uploads/partials.ts";

/** Time in milliseconds after which a client has transferred a part of a file. */
const MIDDLE_MILLISECONDS = 500;
const POLL_MILLISECONDS = 20;
/** Name prefix of incomplete uploads, and of files that the storage check creates. */
const RESERVED = ".ftp-operator-";

export interface StoredFiles {
  /** Removes everything. */
  clear(): Promise<void>;
  write(name: string, content: Uint8Array): Promise<void>;
  read(name: string): Promise<Buffer>;
  /** Returns the names of complete files. */
  names(): Promise<string[]>;
  /**
   * Returns the size in bytes of each incomplete upload.
   * @throws Error when the bytes differ from the beginning of `content`
   */
  incomplete(content: Buffer): Promise<number[]>;
  /**
   * Waits until the test can interrupt a running transfer. For an upload, waits until the engine has stored bytes that
   * it keeps after an interruption.
   */
  midway(direction: "upload" | "download"): Promise<void>;
}

/** Files in a directory. */
export class VolumeFiles implements StoredFiles {
  readonly #root: string;

  constructor(root: string) {
    this.#root = root;
  }

  /** Removes the files but keeps the directory, because the engine keeps its root directory open. */
  async clear(): Promise<void> {
    for (const name of await readdir(this.#root)) await rm(join(this.#root, name), { recursive: true });
  }

  async write(name: string, content: Uint8Array): Promise<void> {
    await writeFile(join(this.#root, name), content);
  }

  async read(name: string): Promise<Buffer> {
    return await readFile(join(this.#root, name));
  }

  async names(): Promise<string[]> {
    return (await readdir(this.#root)).filter((name) => !name.startsWith(RESERVED));
  }

  async incomplete(content: Buffer): Promise<number[]> {
    const names = (await readdir(this.#root)).filter(isPartial);
    return await Promise.all(
      names.map(async (name) => {
        const partial = await this.read(name);
        if (partial.equals(content.subarray(0, partial.length))) return partial.length;
        throw new Error("the partial upload differs from the sent bytes");
      }),
    );
  }

  async midway(): Promise<void> {
    await sleep(MIDDLE_MILLISECONDS);
  }
}

/** Reads objects in a bucket without engine code. */
export class BucketFiles implements StoredFiles {
  readonly #client: S3Client;
  readonly #bucket: string;
  readonly #prefix: string;

  /** @param prefix key prefix of the home, with a slash at the end */
  constructor(client: S3Client, bucket: string, prefix: string) {
    this.#client = client;
    this.#bucket = bucket;
    this.#prefix = prefix;
  }

  async clear(): Promise<void> {
    for (const upload of await this.#uploads())
      await this.#client.send(new AbortMultipartUploadCommand(upload));
    // Deletes the longest keys first, because versitygw keeps a directory that contains files.
    for (const Key of (await this.#keys()).toSorted((one, other) => other.length - one.length))
      await this.#client.send(new DeleteObjectCommand({ Bucket: this.#bucket, Key }));
  }

  async write(name: string, content: Uint8Array): Promise<void> {
    const Key = this.#prefix + name;
    await this.#client.send(new PutObjectCommand({ Bucket: this.#bucket, Key, Body: content }));
  }

  async read(name: string): Promise<Buffer> {
    const Key = this.#prefix + name;
    const { Body } = await this.#client.send(new GetObjectCommand({ Bucket: this.#bucket, Key }));
    return Buffer.from((await Body?.transformToByteArray()) ?? []);
  }

  async names(): Promise<string[]> {
    const names = (await this.#keys()).map((key) => key.slice(this.#prefix.length));
    return names.filter((name) => !name.startsWith(RESERVED));
  }

  async incomplete(): Promise<number[]> {
    const sizes = (await this.#uploads()).map(async (upload) => {
      const { Parts = [] } = await this.#client.send(new ListPartsCommand(upload));
      return Parts.reduce((sum, { Size = 0 }) => sum + Size, 0);
    });
    return (await Promise.all(sizes)).filter((bytes) => bytes > 0);
  }

  async midway(direction: "upload" | "download"): Promise<void> {
    if (direction === "download") return await sleep(MIDDLE_MILLISECONDS);
    while ((await this.incomplete()).length === 0) await sleep(POLL_MILLISECONDS);
  }

  async #keys(): Promise<string[]> {
    const input = { Bucket: this.#bucket, Prefix: this.#prefix };
    const { Contents = [] } = await this.#client.send(new ListObjectsV2Command(input));
    return Contents.map(({ Key = "" }) => Key);
  }

  async #uploads(): Promise<{ Bucket: string; Key: string; UploadId: string }[]> {
    const input = { Bucket: this.#bucket, Prefix: this.#prefix };
    const { Uploads = [] } = await this.#client.send(new ListMultipartUploadsCommand(input));
    return Uploads.map(({ Key = "", UploadId = "" }) => ({ Bucket: this.#bucket, Key, UploadId }));
  }
}
