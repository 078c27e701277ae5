import { argon2, scrypt, timingSafeEqual } from "node:crypto";
import { extname } from "node:path";
import { promisify } from "node:util";
import { hashKind, hashParameters, MAX_HASH_BYTES } from "../../api/password-hash.ts";
import { PasswordWorker } from "./password-worker-client.ts";

const deriveScrypt: (password: string, salt: Buffer, length: number, options: object) => Promise<Buffer> =
  promisify(scrypt);
const deriveArgon2 = promisify(argon2);

/** For bcrypt and sha-crypt, which would hold up the main thread. */
const worker = new PasswordWorker(
  new URL(`./password-worker${extname(import.meta.filename)}`, import.meta.url),
);

/** Whether a password belongs to a hash; off the main thread, in constant time for equal hashes. */
export async function verifyPassword(hash: string, password: string): Promise<boolean> {
  switch (hashKind(hash)) {
    case "scrypt":
      return verifyScrypt(hash, password);
    case "argon2":
      return verifyArgon2(hash, password);
    case "bcrypt":
    case "sha-crypt":
      return worker.verify(hash, password);
    case undefined:
      return false;
  }
}

async function verifyScrypt(hash: string, password: string): Promise<boolean> {
  const { ln, r, p } = hashParameters(hash);
  const [salt, key] = saltAndKey(hash);
  const options = { N: 2 ** (ln ?? 0), r, p, maxmem: 2 * MAX_HASH_BYTES };
  return timingSafeEqual(await deriveScrypt(password, salt, key.length, options), key);
}

async function verifyArgon2(hash: string, password: string): Promise<boolean> {
  const { m = 0, t = 0, p = 0 } = hashParameters(hash);
  const [salt, key] = saltAndKey(hash);
  const algorithm = hash.startsWith("$argon2id$")
    ? "argon2id"
    : hash.startsWith("$argon2i$")
      ? "argon2i"
      : "argon2d";
  const derived = await deriveArgon2(algorithm, {
    message: password,
    nonce: salt,
    parallelism: p,
    tagLength: key.length,
    memory: m,
    passes: t,
  });
  return timingSafeEqual(derived, key);
}

/** The last two fields of a PHC string. */
function saltAndKey(hash: string): [salt: Buffer, key: Buffer] {
  const [salt = "", key = ""] = hash.split("$").slice(-2);
  return [Buffer.from(salt, "base64"), Buffer.from(key, "base64")];
}
