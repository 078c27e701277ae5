import type { ListMultipartUploadsCommandInput } from "@aws-sdk/client-s3";
import { EngineError } from "../../../errors.ts";
import type {
  Completion,
  CopyRange,
  MultipartUploads,
  ObjectBody,
  Part,
  PartTarget,
  StartedUpload,
  Stored,
  StoreOptions,
  UploadId,
} from "../object-store.ts";
import { isCode } from "../conditional.ts";
import { checksumOf, checksumText, damaged, isSameChecksum } from "./checksums.ts";
import { explainFailure } from "./errors.ts";
import { conditionFields } from "./request-fields.ts";
import type { S3Requests } from "./requests.ts";

/** Multipart uploads to one bucket in Amazon S3 or a compatible service. */
export class S3MultipartUploads implements MultipartUploads {
  readonly #requests: S3Requests;

  constructor(requests: S3Requests) {
    this.#requests = requests;
  }

  async create(
    key: string,
    { metadata, hasChecksum }: StoreOptions & { hasChecksum: boolean },
  ): Promise<string> {
    const { sdk } = this.#requests;
    const command = new sdk.CreateMultipartUploadCommand({
      ...this.#requests.target(key, metadata),
      ...(hasChecksum && { ChecksumAlgorithm: "CRC32", ChecksumType: "FULL_OBJECT" }),
    });
    const { UploadId: id = "" } = await this.#requests.send(command, {
      isComplete: hasUploadId,
    });
    return id;
  }

  async uploadPart(target: PartTarget, body: ObjectBody, signal?: AbortSignal): Promise<Part> {
    const { sdk } = this.#requests;
    const input = { ...this.#fieldsOf(target), PartNumber: target.number };
    const { ETag: etag = "" } = await this.#requests.sendBody(
      body,
      (fields) => new sdk.UploadPartCommand({ ...input, ...fields }),
      signal,
    );
    return { number: target.number, etag, size: body.bytes, crc32: body.crc32 };
  }

  async copyPart(target: PartTarget, source: CopyRange, signal?: AbortSignal): Promise<Part> {
    const { sdk, limits } = this.#requests;
    const command = new sdk.UploadPartCopyCommand({
      ...this.#fieldsOf(target),
      PartNumber: target.number,
      CopySource: this.#requests.copySource(source.key),
      CopySourceIfMatch: source.etag,
      CopySourceRange: `bytes=${source.start}-${source.end - 1}`,
    });
    const { CopyPartResult: found } = await this.#requests
      .send(command, {
        timeout: limits.copyTimeout,
        signal,
        isComplete: ({ CopyPartResult: result }) => result?.ETag !== undefined,
      })
      .catch(asChangedSource);
    const { ETag: etag = "", ChecksumCRC32: checksum } = found ?? {};
    return { number: target.number, etag, size: source.end - source.start, crc32: checksumOf(checksum) };
  }

  async complete(
    target: UploadId,
    parts: readonly Part[],
    { bytes, crc32, condition }: Completion,
  ): Promise<Stored> {
    const { sdk, limits } = this.#requests;
    const command = new sdk.CompleteMultipartUploadCommand({
      ...this.#fieldsOf(target),
      ...conditionFields(condition),
      MpuObjectSize: bytes,
      ...(crc32 !== undefined && { ChecksumType: "FULL_OBJECT", ChecksumCRC32: checksumText(crc32) }),
      MultipartUpload: {
        Parts: parts.map((part) => ({
          PartNumber: part.number,
          ETag: part.etag,
          ...(crc32 !== undefined && part.crc32 !== undefined && { ChecksumCRC32: checksumText(part.crc32) }),
        })),
      },
    });
    const found = await this.#requests.send(command, {
      timeout: limits.copyTimeout,
      isComplete: ({ ETag }) => ETag !== undefined,
    });
    if (crc32 !== undefined && !isSameChecksum(found.ChecksumCRC32, crc32))
      throw explainFailure(damaged()).error;
    return { etag: found.ETag ?? "" };
  }

  async abort(target: UploadId): Promise<void> {
    const { sdk } = this.#requests;
    await this.#requests
      .send(new sdk.AbortMultipartUploadCommand(this.#fieldsOf(target)))
      .catch(ignoreMissingUpload);
  }

  async lastPart(target: UploadId): Promise<number | undefined> {
    const { sdk } = this.#requests;
    let last = 0;
    for (let marker: string | undefined; ; ) {
      const input = { ...this.#fieldsOf(target), ...(marker !== undefined && { PartNumberMarker: marker }) };
      const page = await this.#requests
        .send(new sdk.ListPartsCommand(input), { isComplete: hasUploadId })
        .catch(ignoreMissingUpload);
      if (page === undefined) return undefined;
      for (const { LastModified } of page.Parts ?? []) last = Math.max(last, LastModified?.getTime() ?? 0);
      if (page.IsTruncated !== true) return last;
      marker = page.NextPartNumberMarker;
    }
  }

  async *list(prefix: string): AsyncGenerator<readonly StartedUpload[]> {
    const { sdk, bucket } = this.#requests;
    const input: ListMultipartUploadsCommandInput = { Bucket: bucket, Prefix: prefix };
    for (;;) {
      const page = await this.#requests.send(new sdk.ListMultipartUploadsCommand(input), {
        isComplete: ({ Bucket }) => Bucket !== undefined,
      });
      yield (page.Uploads ?? []).map(({ Key = "", UploadId = "", Initiated }) => ({
        key: Key,
        uploadId: UploadId,
        startedAt: Initiated?.getTime() ?? Date.now(),
      }));
      if (page.IsTruncated !== true || page.NextKeyMarker === undefined) return;
      input.KeyMarker = page.NextKeyMarker;
      input.UploadIdMarker = page.NextUploadIdMarker;
    }
  }

  #fieldsOf({ key, uploadId }: UploadId) {
    return { Bucket: this.#requests.bucket, Key: key, UploadId: uploadId };
  }
}

function hasUploadId({ UploadId: id }: { UploadId?: string | undefined }): boolean {
  return id !== undefined;
}

/**
 * Reports an invalid range as a conflict. The range was valid for the ETag of the source, but services can check the
 * range before the ETag.
 */
function asChangedSource(error: unknown): never {
  const cause = error instanceof EngineError ? error.cause : undefined;
  const field: unknown = cause instanceof Error ? Reflect.get(cause, "ArgumentName") : undefined;
  if (field !== "x-amz-copy-source-range" && !isCode(error, "InvalidOffset")) throw error;
  throw new EngineError("Conflict", "The file was changed concurrently", { cause });
}

function ignoreMissingUpload(error: unknown): undefined {
  if (!(error instanceof EngineError && error.code === "NotFound")) throw error;
}
