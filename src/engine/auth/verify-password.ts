import { argon2, scrypt, timingSafeEqual } from "node:crypto";
import { extname } from "node:path";
import { promisify } from "node:util";
import { hashProblem, MAX_HASH_BYTES } from "../../api/hash-cost.ts";
import { parseHash, type PasswordHash } from "../../api/password-hash.ts";
import { PasswordWorker } from "./password-worker-client.ts";

const deriveScrypt: (password: string, salt: Buffer, length: number, options: object) => Promise<Buffer> =
  promisify(scrypt);
const deriveArgon2 = promisify(argon2);

/**
 * Bytes of a password that sha-crypt looks at here. Its time grows with the length of the password: 1024 bytes take three times as
 * long as 20. A longer password never matches, after the same work.
 */
export const MAX_SHA_CRYPT_PASSWORD_BYTES = 256;

/** For bcrypt and sha-crypt, which would hold up the main thread. */
const worker = new PasswordWorker(
  new URL(`./password-worker${extname(import.meta.filename)}`, import.meta.url),
);

/**
 * Whether a password belongs to a hash; off the main thread, in constant time for equal hashes. None belongs to a hash that hashProblem
 * rejects, whatever way it came here.
 */
export async function verifyPassword(text: string, password: string): Promise<boolean> {
  const hash = hashProblem(text) === undefined ? parseHash(text) : undefined;
  switch (hash?.kind) {
    case "scrypt":
      return verifyScrypt(hash, password);
    case "argon2":
      return verifyArgon2(hash, password);
    case "bcrypt":
      return worker.verify(text, password);
    case "sha-crypt":
      return verifyShaCrypt(text, password);
    case undefined:
      return false;
  }
}

async function verifyScrypt(hash: PasswordHash & { kind: "scrypt" }, password: string): Promise<boolean> {
  const { log2N, r, p, salt, key } = hash;
  const options = { N: 2 ** log2N, r, p, maxmem: 2 * MAX_HASH_BYTES };
  return timingSafeEqual(await deriveScrypt(password, salt, key.length, options), key);
}

async function verifyArgon2(hash: PasswordHash & { kind: "argon2" }, password: string): Promise<boolean> {
  const { variant, memory, passes, parallelism, salt, key } = hash;
  const derived = await deriveArgon2(variant, {
    message: password,
    nonce: salt,
    parallelism,
    tagLength: key.length,
    memory,
    passes,
  });
  return timingSafeEqual(derived, key);
}

async function verifyShaCrypt(text: string, password: string): Promise<boolean> {
  const bytes = Buffer.from(password);
  if (bytes.length <= MAX_SHA_CRYPT_PASSWORD_BYTES) return worker.verify(text, password);
  await worker.verify(text, bytes.toString("latin1", 0, MAX_SHA_CRYPT_PASSWORD_BYTES / 2));
  return false;
}
