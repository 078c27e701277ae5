/** Returns a CRC-32 in the format of the S3 API: four bytes in big-endian order, encoded in Base64. */
export function checksumText(crc32: number): string {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(crc32);
  return bytes.toString("base64");
}

const CHECKSUM = /^[A-Za-z0-9+/]{6}==$/u;

/** Parses a CRC-32 in the format of the S3 API. Returns undefined for other text, such as a composite checksum. */
export function checksumOf(text: string | undefined): number | undefined {
  return text !== undefined && CHECKSUM.test(text) ? Buffer.from(text, "base64").readUInt32BE() : undefined;
}

/**
 * Returns whether the checksum in a response equals the given CRC-32. A missing checksum counts as equal, because some
 * services return no checksum.
 */
export function isSameChecksum(answer: string | undefined, crc32: number): boolean {
  const found = checksumOf(answer);
  return found === undefined || found === crc32;
}

/**
 * Returns the error for a response without its required fields. Some services report an error in a response with status
 * 200.
 */
export function malformed(): Error {
  return Object.assign(new Error("the response is malformed"), { name: "InternalError" });
}

/**
 * Returns the error for a response whose checksum differs from the expected checksum. The error name is the S3 error
 * code.
 */
export function damaged(): Error {
  return Object.assign(new Error("the service computed a different checksum"), { name: "BadDigest" });
}

/** Checksums in responses. */
export interface Checksums {
  readonly ChecksumType?: string | undefined;
  readonly ChecksumCRC32?: string | undefined;
  readonly ChecksumMD5?: string | undefined;
  readonly ChecksumSHA1?: string | undefined;
  readonly ChecksumSHA256?: string | undefined;
  readonly ChecksumSHA512?: string | undefined;
}

/** HASH algorithms, each with the length of its checksums in bytes. */
const DIGESTS = [
  ["CRC32", "ChecksumCRC32", 4],
  ["MD5", "ChecksumMD5", 16],
  ["SHA-1", "ChecksumSHA1", 20],
  ["SHA-256", "ChecksumSHA256", 32],
  ["SHA-512", "ChecksumSHA512", 64],
] as const;

/**
 * Returns the checksums of the complete object in hexadecimal digits, keyed by HASH algorithm. Omits composite
 * checksums, which services compute from the checksums of parts.
 */
export function digestsOf(found: Checksums): ReadonlyMap<string, string> {
  const digests = new Map<string, string>();
  if (found.ChecksumType !== "FULL_OBJECT") return digests;
  for (const [algorithm, field, length] of DIGESTS) {
    const text = found[field];
    if (text === undefined || !/^[A-Za-z0-9+/]+={0,2}$/u.test(text)) continue;
    const bytes = Buffer.from(text, "base64");
    if (bytes.length === length) digests.set(algorithm, bytes.toString("hex"));
  }
  return digests;
}
