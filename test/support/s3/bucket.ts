import { crc32 } from "node:zlib";
import {
  type ChecksumAlgorithm,
  type ChecksumType,
  CompleteMultipartUploadCommand,
  type CompleteMultipartUploadCommandInput,
  CopyObjectCommand,
  type CopyObjectCommandInput,
  type CopyObjectCommandOutput,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  HeadObjectCommand,
  type HeadObjectCommandOutput,
  ListMultipartUploadsCommand,
  ListPartsCommand,
  PutObjectCommand,
  type PutObjectCommandInput,
  type PutObjectCommandOutput,
  type S3Client,
  S3ServiceException,
  UploadPartCommand,
} from "@aws-sdk/client-s3";

/** Parameters that identify a multipart upload. */
export interface Upload {
  readonly Bucket: string;
  readonly Key: string;
  readonly UploadId: string | undefined;
}

export interface UploadedPart {
  readonly PartNumber: number;
  readonly ETag: string | undefined;
  /** CRC-32 checksum of the part. Set only if the upload uses this checksum algorithm. */
  readonly ChecksumCRC32?: string | undefined;
}

/** Sends requests to one bucket. */
export class Bucket {
  readonly client: S3Client;
  readonly name: string;

  constructor(client: S3Client, name: string) {
    this.client = client;
    this.name = name;
  }

  put(
    key: string,
    body: Uint8Array | string,
    more: Partial<PutObjectCommandInput> = {},
  ): Promise<PutObjectCommandOutput> {
    // The SDK interprets an empty string as a stream of unknown length.
    const content = typeof body === "string" ? Buffer.from(body) : body;
    return this.client.send(new PutObjectCommand({ Bucket: this.name, Key: key, Body: content, ...more }));
  }

  head(key: string): Promise<HeadObjectCommandOutput> {
    return this.client.send(new HeadObjectCommand({ Bucket: this.name, Key: key, ChecksumMode: "ENABLED" }));
  }

  copy(
    from: string,
    key: string,
    more: Partial<CopyObjectCommandInput> = {},
  ): Promise<CopyObjectCommandOutput> {
    const source = `${this.name}/${from}`;
    return this.client.send(
      new CopyObjectCommand({ Bucket: this.name, Key: key, CopySource: source, ...more }),
    );
  }

  /** Returns the text of an object, or of one byte range in the object, for example `bytes=6-`. */
  async read(key: string, range?: string): Promise<string> {
    const answer = await this.client.send(
      new GetObjectCommand({ Bucket: this.name, Key: key, ...(range !== undefined && { Range: range }) }),
    );
    return (await answer.Body?.transformToString()) ?? "";
  }

  async begin(key: string, algorithm?: ChecksumAlgorithm, type?: ChecksumType): Promise<Upload> {
    const { UploadId } = await this.client.send(
      new CreateMultipartUploadCommand({
        Bucket: this.name,
        Key: key,
        ...(algorithm && { ChecksumAlgorithm: algorithm }),
        ...(type && { ChecksumType: type }),
      }),
    );
    return { Bucket: this.name, Key: key, UploadId };
  }

  async part(upload: Upload, number: number, body: Uint8Array | string): Promise<UploadedPart> {
    const { ETag, ChecksumCRC32 } = await this.client.send(
      new UploadPartCommand({ ...upload, PartNumber: number, Body: body }),
    );
    return { PartNumber: number, ETag, ChecksumCRC32 };
  }

  /** Returns the IDs of the multipart uploads to a key, and the number of stored parts in all of these uploads. */
  async uploadsTo(key: string): Promise<{ ids: string[]; parts: number }> {
    const target = { Bucket: this.name, Key: key };
    const listed = new ListMultipartUploadsCommand({ Bucket: this.name, Prefix: key });
    const { Uploads = [] } = await this.client.send(listed);
    const ids = Uploads.flatMap(({ UploadId }) => UploadId ?? []);
    const pages = await Promise.all(
      ids.map((UploadId) => this.client.send(new ListPartsCommand({ ...target, UploadId }))),
    );
    return { ids, parts: pages.reduce((sum, { Parts = [] }) => sum + Parts.length, 0) };
  }

  /** Completes an upload and returns the CRC-32 checksum of the object. */
  async complete(
    upload: Upload,
    parts: readonly UploadedPart[],
    more: Partial<CompleteMultipartUploadCommandInput> = {},
  ): Promise<string | undefined> {
    const { ChecksumCRC32 } = await this.client.send(
      new CompleteMultipartUploadCommand({ ...upload, MultipartUpload: { Parts: [...parts] }, ...more }),
    );
    return ChecksumCRC32;
  }
}

/** Returns the CRC-32 checksum of the content in the format of the S3 API. */
export function crc(content: string | Uint8Array): string {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(crc32(content));
  return bytes.toString("base64");
}

/**
 * Returns the error code of a request, or undefined if the request succeeds.
 * @throws errors that are not error responses from the server
 */
export async function codeOf(request: Promise<unknown>): Promise<string | undefined> {
  try {
    await request;
    return undefined;
  } catch (error) {
    if (error instanceof S3ServiceException) return error.name;
    throw error;
  }
}
