import { argon2, scrypt, timingSafeEqual } from "node:crypto";
import { promisify } from "node:util";
import { type HashKind, hashKind } from "../../api/password-hash.ts";
import { verifyInWorker } from "./password-worker-client.ts";

/** Dearest hash that a login may cost. A Secret that asks for more is a mistake, or an attack on the engine's memory. */
const MAX_HASH_BYTES = 256 * 1024 * 1024;
const MAX_ARGON2_PASSES = 32;
const MAX_BCRYPT_COST = 15;
const MAX_SHA_CRYPT_ROUNDS = 1_000_000;

/** Which costs of a kind are too dear, and what to do. */
const COSTS: Readonly<Record<HashKind, (hash: string) => string | undefined>> = {
  scrypt: (hash) => {
    const { ln = 0, r = 0 } = parameters(hash);
    return 128 * 2 ** ln * r > MAX_HASH_BYTES
      ? "asks for more than 256 MiB of memory: use a lower ln"
      : undefined;
  },
  argon2: (hash) => {
    const { m = 0, t = 0 } = parameters(hash);
    if (m * 1024 > MAX_HASH_BYTES) return "asks for more than 256 MiB of memory: use a lower m";
    return t > MAX_ARGON2_PASSES
      ? `asks for more than ${MAX_ARGON2_PASSES} passes: use a lower t`
      : undefined;
  },
  bcrypt: (hash) =>
    Number(hash.slice(4, 6)) > MAX_BCRYPT_COST
      ? `has a cost above ${MAX_BCRYPT_COST}: use a lower one`
      : undefined,
  "sha-crypt": (hash) => {
    const { rounds = 0 } = parameters(hash);
    return rounds > MAX_SHA_CRYPT_ROUNDS
      ? `has more than ${MAX_SHA_CRYPT_ROUNDS} rounds: use fewer`
      : undefined;
  },
};

const deriveScrypt: (password: string, salt: Buffer, length: number, options: object) => Promise<Buffer> =
  promisify(scrypt);
const deriveArgon2 = promisify(argon2);

/** Why a hash can not be used, in words for a configuration error; undefined when it can. */
export function hashProblem(hash: string): string | undefined {
  const kind = hashKind(hash);
  return kind === undefined
    ? "is not a hash of a known kind: use scrypt, argon2, bcrypt or sha-crypt"
    : COSTS[kind](hash);
}

/** Whether a password belongs to a hash; off the main thread, in constant time for equal hashes. */
export async function verifyPassword(hash: string, password: string): Promise<boolean> {
  switch (hashKind(hash)) {
    case "scrypt":
      return verifyScrypt(hash, password);
    case "argon2":
      return verifyArgon2(hash, password);
    case "bcrypt":
    case "sha-crypt":
      return verifyInWorker(hash, password);
    case undefined:
      return false;
  }
}

async function verifyScrypt(hash: string, password: string): Promise<boolean> {
  const { ln, r, p } = parameters(hash);
  const [salt, key] = saltAndKey(hash);
  const options = { N: 2 ** (ln ?? 0), r, p, maxmem: 2 * MAX_HASH_BYTES };
  return timingSafeEqual(await deriveScrypt(password, salt, key.length, options), key);
}

async function verifyArgon2(hash: string, password: string): Promise<boolean> {
  const { m = 0, t = 0, p = 0 } = parameters(hash);
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

/** `ln=14,r=8,p=1` anywhere between two dollars, as numbers. */
function parameters(hash: string): Record<string, number | undefined> {
  return Object.fromEntries(
    [...hash.matchAll(/[$,]([a-z]+)=(\d+)/g)].map(([, name = "", value]) => [name, Number(value)]),
  );
}

/** The last two fields of a PHC string. */
function saltAndKey(hash: string): [salt: Buffer, key: Buffer] {
  const [salt = "", key = ""] = hash.split("$").slice(-2);
  return [Buffer.from(salt, "base64"), Buffer.from(key, "base64")];
}
