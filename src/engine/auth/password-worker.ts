/** Program of a worker thread that verifies one password at a time. */
import { argon2Sync, scryptSync, timingSafeEqual } from "node:crypto";
import { parentPort } from "node:worker_threads";
import { compareSync } from "bcryptjs";
import { verify } from "unixcrypt";
import { hashViolation, MAX_HASH_BYTES } from "../../api/hash-cost.ts";
import { parseHash, type PasswordHash } from "../../api/password-hash.ts";

/**
 * Maximum length of a sha-crypt password in bytes. The computation time grows with the length: 1024 bytes take three
 * times as long as 20 bytes. A longer password never matches. The verification of a longer password takes as long as
 * the verification of a password with this length.
 */
export const MAX_SHA_CRYPT_PASSWORD_BYTES = 256;

parentPort?.on("message", ({ id, hash, password }: { id: number; hash: string; password: string }) => {
  try {
    parentPort?.postMessage({ id, matches: matchesHash(hash, password) });
  } catch {
    // A hash that the libraries reject matches no password.
    parentPort?.postMessage({ id, matches: false });
  }
});

/**
 * Returns whether a password matches a hash. Blocks the thread during the computation. A hash that `hashViolation`
 * rejects matches no password, even if the configuration contains the hash.
 */
function matchesHash(text: string, password: string): boolean {
  const hash = hashViolation(text) === undefined ? parseHash(text) : undefined;
  switch (hash?.kind) {
    case "scrypt":
      return matchesScrypt(hash, password);
    case "argon2":
      return matchesArgon2(hash, password);
    case "bcrypt":
      return compareSync(password, text);
    case "sha-crypt":
      return matchesShaCrypt(text, password);
    case undefined:
      return false;
  }
}

function matchesScrypt(hash: PasswordHash & { kind: "scrypt" }, password: string): boolean {
  const { log2N, r, p, salt, key } = hash;
  const options = { N: 2 ** log2N, r, p, maxmem: 2 * MAX_HASH_BYTES };
  return timingSafeEqual(scryptSync(password, salt, key.length, options), key);
}

function matchesArgon2(hash: PasswordHash & { kind: "argon2" }, password: string): boolean {
  const { variant, memory, passes, parallelism, salt, key } = hash;
  const derived = argon2Sync(variant, {
    message: password,
    nonce: salt,
    parallelism,
    tagLength: key.length,
    memory,
    passes,
  });
  return timingSafeEqual(derived, key);
}

function matchesShaCrypt(text: string, password: string): boolean {
  const bytes = Buffer.from(password);
  if (bytes.length <= MAX_SHA_CRYPT_PASSWORD_BYTES) return verify(password, text);
  verify(bytes.toString("latin1", 0, MAX_SHA_CRYPT_PASSWORD_BYTES / 2), text);
  return false;
}
