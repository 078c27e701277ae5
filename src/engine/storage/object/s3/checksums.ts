/** Returns a CRC-32 in the form of the S3 API: base64 of four bytes, highest first. */
export function checksumText(crc32: number): string {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(crc32);
  return bytes.toString("base64");
}

const CHECKSUM = /^[A-Za-z0-9+/]{6}==$/u;

/** Returns the CRC-32 in a text of the S3 API. Undefined for other texts, such as a composite checksum. */
export function checksumOf(text: string | undefined): number | undefined {
  return text !== undefined && CHECKSUM.test(text) ? Buffer.from(text, "base64").readUInt32BE() : undefined;
}

/** Returns whether an answer confirms a checksum. Some servers return none. */
export function isSameChecksum(answer: string | undefined, crc32: number): boolean {
  const found = checksumOf(answer);
  return found === undefined || found === crc32;
}

/** Returns the error for an answer without required fields, for example an error with the status 200. */
export function malformed(): Error {
  return Object.assign(new Error("the answer is malformed"), { name: "InternalError" });
}

/** Returns the error for an answer with a different checksum. The error has the same name as in S3. */
export function damaged(): Error {
  return Object.assign(new Error("the server computed another checksum"), { name: "BadDigest" });
}
