import type { IncomingHttpHeaders } from "node:http";
import type { Checksums } from "./checksums.ts";

/** The fields of a response about one object, with the names in the SDK. */
export interface ObjectAnswer extends Checksums {
  readonly ETag?: string | undefined;
  readonly LastModified?: Date | undefined;
  readonly ContentLength?: number | undefined;
  readonly ContentRange?: string | undefined;
  readonly ContentType?: string | undefined;
  readonly Metadata?: Record<string, string> | undefined;
  /** Readable stream. */
  readonly Body?: unknown;
  /** Beginning of the response to a PUT request. */
  readonly Text?: string | undefined;
}

/** Header fields, keyed by the names of the input fields in the SDK. */
const HEADERS: Readonly<Record<string, string>> = {
  ChecksumCRC32: "x-amz-checksum-crc32",
  ChecksumMode: "x-amz-checksum-mode",
  ContentLength: "content-length",
  ContentMD5: "content-md5",
  ContentType: "content-type",
  CopySource: "x-amz-copy-source",
  CopySourceIfMatch: "x-amz-copy-source-if-match",
  IfMatch: "if-match",
  IfNoneMatch: "if-none-match",
  MetadataDirective: "x-amz-metadata-directive",
  Range: "range",
  SSEKMSKeyId: "x-amz-server-side-encryption-aws-kms-key-id",
  ServerSideEncryption: "x-amz-server-side-encryption",
  StorageClass: "x-amz-storage-class",
};
/** Query parameters, keyed by the names of the input fields in the SDK. */
const PARAMETERS: Readonly<Record<string, string>> = {
  ContinuationToken: "continuation-token",
  Delimiter: "delimiter",
  EncodingType: "encoding-type",
  ListType: "list-type",
  MaxKeys: "max-keys",
  PartNumber: "partNumber",
  Prefix: "prefix",
  UploadId: "uploadId",
};
const METADATA = "x-amz-meta-";
/** Values for which all services compute the same signature: visible ASCII characters, and single spaces between them. */
const PLAIN = /^[\x21-\x7e]+(?: [\x21-\x7e]+)*$/u;

export interface RequestFields {
  /** Encoded key. The value is empty for requests to the bucket. */
  readonly key: string;
  readonly query: string;
  readonly headers: Record<string, string>;
}

/**
 * Returns the fields of a request. Returns undefined if the SDK must send the request, because an input field or a value
 * is unusual.
 */
export function fieldsOf(input: object): RequestFields | undefined {
  const { Bucket: _, Key: key = "", Metadata: metadata, ...rest } = Object.fromEntries(Object.entries(input));
  if (typeof key !== "string") return undefined;
  const headers: Record<string, string> = {};
  const query: string[] = [];
  for (const [name, value] of Object.entries(rest)) {
    if (value === undefined) continue;
    const [header, parameter] = [HEADERS[name], PARAMETERS[name]];
    if (header !== undefined) headers[header] = String(value);
    else if (parameter !== undefined) query.push(`${parameter}=${encoded(String(value))}`);
    else return undefined;
  }
  for (const [name, value] of Object.entries(metadata ?? {}))
    headers[METADATA + name.toLowerCase()] = String(value);
  if (!Object.values(headers).every((value) => PLAIN.test(value))) return undefined;
  return { key: key.split("/").map(encoded).join("/"), query: query.toSorted().join("&"), headers };
}

/** Encodes text for a path segment or a query, as AWS Signature Version 4 requires. */
function encoded(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/gu,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** Returns the fields of a response. */
export function answerOf(headers: IncomingHttpHeaders): ObjectAnswer {
  const metadata: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers))
    if (name.startsWith(METADATA) && typeof value === "string") metadata[name.slice(METADATA.length)] = value;
  const text = (name: string): string | undefined => {
    const value = headers[name];
    return typeof value === "string" ? value : undefined;
  };
  const modified = Date.parse(headers["last-modified"] ?? "");
  const length = headers["content-length"];
  return {
    ETag: headers.etag,
    LastModified: Number.isNaN(modified) ? undefined : new Date(modified),
    ContentLength: length === undefined ? undefined : Number(length),
    ContentRange: text("content-range"),
    ContentType: headers["content-type"],
    Metadata: metadata,
    ChecksumType: text("x-amz-checksum-type"),
    ChecksumCRC32: text("x-amz-checksum-crc32"),
    ChecksumMD5: text("x-amz-checksum-md5"),
    ChecksumSHA1: text("x-amz-checksum-sha1"),
    ChecksumSHA256: text("x-amz-checksum-sha256"),
    ChecksumSHA512: text("x-amz-checksum-sha512"),
  };
}

/** Returns the ETag in a complete response to CopyObject. Returns undefined for every other response. */
export function copiedTag(text = ""): string | undefined {
  if (!text.trimEnd().endsWith("</CopyObjectResult>")) return undefined;
  const tag = /<ETag[^>]*>(?<tag>[^<]+)<\/ETag>/u.exec(text)?.groups?.["tag"];
  return tag?.replaceAll(/&(?:quot|#34|#x22);/giu, '"');
}
