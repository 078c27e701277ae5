import { createHash } from "node:crypto";
import { crc32 } from "node:zlib";

/** HASH algorithms, named as in draft-bryan-ftpext-hash. The first algorithm is the default. */
export const DIGEST_ALGORITHMS = ["SHA-256", "SHA-512", "SHA-1", "MD5", "CRC32"] as const;

export type DigestAlgorithm = (typeof DIGEST_ALGORITHMS)[number];

/** Incremental checksum. */
export interface Digest {
  update(chunk: Uint8Array): void;
  /** Returns the checksum in lower case. Must be called once, after all updates. */
  hex(): string;
}

export function createDigest(algorithm: DigestAlgorithm): Digest {
  if (algorithm === "CRC32") return new Crc32();
  // OpenSSL algorithm names have no hyphen.
  const hash = createHash(algorithm.replace("-", ""));
  return { update: (chunk) => void hash.update(chunk), hex: () => hash.digest("hex") };
}

class Crc32 implements Digest {
  #value = 0;

  update(chunk: Uint8Array): void {
    this.#value = crc32(chunk, this.#value);
  }

  hex(): string {
    return this.#value.toString(16).padStart(8, "0");
  }
}
