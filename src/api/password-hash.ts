import { randomBytes, scrypt } from "node:crypto";
import { promisify } from "node:util";

/**
 * Password hashes as text: which ones are understood, and how a new one is made. They are verified in engine/auth.
 */

export type HashKind = "scrypt" | "argon2" | "bcrypt" | "sha-crypt";

/** The longest hash of a known kind, in characters. */
export const MAX_HASH_LENGTH = 300;

/** Numbers have no leading zero and salts and keys a sensible length, so that what is accepted can be verified. */
const FORMATS: readonly { kind: HashKind; pattern: RegExp }[] = [
  {
    kind: "scrypt",
    pattern: /^\$scrypt\$ln=[1-9]\d?,r=[1-9]\d?,p=[1-9]\d?\$[A-Za-z0-9+/]{11,128}\$[A-Za-z0-9+/]{22,128}$/,
  },
  {
    kind: "argon2",
    pattern:
      /^\$argon2(?:id|i|d)\$v=19\$m=[1-9]\d{0,7},t=[1-9]\d{0,2},p=[1-9]\d?\$[A-Za-z0-9+/]{11,128}\$[A-Za-z0-9+/]{22,128}$/,
  },
  { kind: "bcrypt", pattern: /^\$2[aby]\$(?:0[4-9]|[12]\d|3[01])\$[./A-Za-z0-9]{53}$/ },
  { kind: "sha-crypt", pattern: /^\$5\$(?:rounds=[1-9]\d{0,8}\$)?[^$:\s]{0,16}\$[./A-Za-z0-9]{43}$/ },
  { kind: "sha-crypt", pattern: /^\$6\$(?:rounds=[1-9]\d{0,8}\$)?[^$:\s]{0,16}\$[./A-Za-z0-9]{86}$/ },
];

/** Which family of hashes a text belongs to; undefined when it is none, and so a password in plain text. */
export function hashKind(text: string): HashKind | undefined {
  return FORMATS.find(({ pattern }) => pattern.test(text))?.kind;
}

/** Dearest hash that a login may cost. A Secret that asks for more is a mistake, or an attack on the engine's memory. */
export const MAX_HASH_BYTES = 256 * 1024 * 1024;
const MAX_ARGON2_PASSES = 32;
const MAX_PARALLELISM = 16;
const MAX_BCRYPT_COST = 15;
const MAX_SHA_CRYPT_ROUNDS = 1_000_000;

/** Which costs of a kind are too dear, and what to do. */
const COSTS: Readonly<Record<HashKind, (hash: string) => string | undefined>> = {
  scrypt: (hash) => {
    const { ln = 0, r = 0, p = 0 } = hashParameters(hash);
    if (128 * 2 ** ln * r > MAX_HASH_BYTES) return "asks for more than 256 MiB of memory: use a lower ln";
    return p > MAX_PARALLELISM ? `has a parallelism above ${MAX_PARALLELISM}: use a lower p` : undefined;
  },
  argon2: (hash) => {
    const { m = 0, t = 0, p = 0 } = hashParameters(hash);
    if (m < 8 * p) return "has less memory than argon2 takes: use an m of at least eight times p";
    if (p > MAX_PARALLELISM) return `has a parallelism above ${MAX_PARALLELISM}: use a lower p`;
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
    const { rounds = 0 } = hashParameters(hash);
    return rounds > MAX_SHA_CRYPT_ROUNDS
      ? `has more than ${MAX_SHA_CRYPT_ROUNDS} rounds: use fewer`
      : undefined;
  },
};

/** Why a hash can not be used, in words for a configuration error; undefined when it can. */
export function hashProblem(hash: string): string | undefined {
  const kind = hashKind(hash);
  return kind === undefined
    ? "is not a hash of a known kind: use scrypt, argon2, bcrypt or sha-crypt"
    : COSTS[kind](hash);
}

/** `ln=14,r=8,p=1` anywhere between two dollars, as numbers. */
export function hashParameters(hash: string): Record<string, number | undefined> {
  return Object.fromEntries(
    [...hash.matchAll(/[$,]([a-z]+)=(\d+)/g)].map(([, name = "", value]) => [name, Number(value)]),
  );
}

/** Whether a text is meant as a hash, of whatever kind: no sensible password begins like one. */
export function looksLikeHash(text: string): boolean {
  return /^\$(?:scrypt|argon2\w*|pbkdf2[\w-]*|2[a-z]|[1567y])\$/.test(text);
}

/** Cost of new hashes: 16 MiB and about 40 ms, so that a pod of 64 MiB survives several logins at once. */
const SCRYPT = { log2N: 14, r: 8, p: 1, saltBytes: 16, keyBytes: 32 } as const;

const derive: (password: string, salt: Buffer, length: number, options: object) => Promise<Buffer> =
  promisify(scrypt);

/** Hashes a password with a new salt, in libuv's pool: `$scrypt$ln=14,r=8,p=1$salt$key` (PHC string format). */
export async function hashPassword(password: string): Promise<string> {
  const { log2N, r, p, saltBytes, keyBytes } = SCRYPT;
  const salt = randomBytes(saltBytes);
  const key = await derive(password, salt, keyBytes, { N: 2 ** log2N, r, p });
  return `$scrypt$ln=${log2N},r=${r},p=${p}$${phcBase64(salt)}$${phcBase64(key)}`;
}

/** Base64 without padding, as PHC strings write bytes. */
function phcBase64(bytes: Buffer): string {
  return bytes.toString("base64").replace(/=+$/, "");
}
