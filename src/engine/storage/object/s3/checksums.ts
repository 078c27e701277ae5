/** Returns a CRC-32 in the format of the S3 API: four bytes in big-endian order, encoded in Base64. */
export function checksumText(crc32: number): string {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(crc32);
  return bytes.toString("base64");
}

const CHECKSUM = /^[A-Za-z0-9+/]{6}==$/u;

/** Parses a CRC-32 of the S3 API. Returns undefined for other text, such as a checksum of part checksums. */
export function checksumOf(text: string | undefined): number | undefined {
  return text !== undefined && CHECKSUM.test(text) ? Buffer.from(text, "base64").readUInt32BE() : undefined;
}

/** Returns whether the checksum in a response matches. Some services return no checksum, which counts as a match. */
export function isSameChecksum(answer: string | undefined, crc32: number): boolean {
  const found = checksumOf(answer);
  return found === undefined || found === crc32;
}

/** Returns the error for a response without its required fields. Some services report an error with status 200. */
export function malformed(): Error {
  return Object.assign(new Error("the answer is malformed"), { name: "InternalError" });
}

/** Returns the error for a response with a different checksum. The error has the name of the S3 error code. */
export function damaged(): Error {
  return Object.assign(new Error("the server computed another checksum"), { name: "BadDigest" });
}
