import { randomBytes, scrypt } from "node:crypto";
import { promisify } from "node:util";

/**
 * Parses and creates password hashes. The module `src/api/hash-cost.ts` limits the cost of hashes. The modules in
 * `src/engine/auth` verify passwords.
 */

/** A password hash with the parameters for verification. */
export type PasswordHash =
  | { kind: "scrypt"; log2N: number; r: number; p: number; salt: Buffer; key: Buffer }
  | {
      kind: "argon2";
      variant: "argon2id" | "argon2i" | "argon2d";
      /** KiB. */
      memory: number;
      passes: number;
      parallelism: number;
      salt: Buffer;
      key: Buffer;
    }
  /** The field `cost` is the binary logarithm of the number of rounds. */
  | { kind: "bcrypt"; cost: number }
  | { kind: "sha-crypt"; rounds: number };

export type HashKind = PasswordHash["kind"];

/** Maximum length of a hash in characters. */
export const MAX_HASH_LENGTH = 300;

/** Default number of rounds of sha-crypt. */
const DEFAULT_ROUNDS = 5000;

type Groups = Readonly<Record<string, string | undefined>>;

/** Salt and key in base64. The length limits ensure that every accepted hash can be verified. */
const SALT_AND_KEY = String.raw`\$(?<salt>[A-Za-z0-9+/]{11,128})\$(?<key>[A-Za-z0-9+/]{22,128})$`;
/**
 * Salts use the crypt(3) alphabet without `=`, so `rounds=` is never part of a salt. The minimum number of rounds in
 * crypt(3) is 1000.
 */
const ROUNDS_AND_SALT = String.raw`(?:rounds=(?<rounds>[1-9]\d{3,8})\$)?[./A-Za-z0-9]{0,16}\$`;

/** The grammar of each hash kind. The parser accepts numbers only at their position in the grammar. */
const GRAMMARS: readonly { pattern: RegExp; parse: (groups: Groups) => PasswordHash }[] = [
  {
    pattern: new RegExp(
      String.raw`^\$scrypt\$ln=(?<ln>[1-9]\d?),r=(?<r>[1-9]\d?),p=(?<p>[1-9]\d?)${SALT_AND_KEY}`,
    ),
    parse: ({ ln, r, p, salt, key }) => ({
      kind: "scrypt",
      log2N: Number(ln),
      r: Number(r),
      p: Number(p),
      salt: bytesOf(salt),
      key: bytesOf(key),
    }),
  },
  {
    pattern: new RegExp(
      String.raw`^\$argon2(?<variant>id|i|d)\$v=19\$m=(?<m>[1-9]\d{0,7}),t=(?<t>[1-9]\d{0,2}),p=(?<p>[1-9]\d?)${SALT_AND_KEY}`,
    ),
    parse: ({ variant, m, t, p, salt, key }) => ({
      kind: "argon2",
      variant: variant === "id" ? "argon2id" : variant === "i" ? "argon2i" : "argon2d",
      memory: Number(m),
      passes: Number(t),
      parallelism: Number(p),
      salt: bytesOf(salt),
      key: bytesOf(key),
    }),
  },
  {
    pattern: /^\$2[aby]\$(?<cost>0[4-9]|[12]\d|3[01])\$[./A-Za-z0-9]{53}$/,
    parse: ({ cost }) => ({ kind: "bcrypt", cost: Number(cost) }),
  },
  { pattern: shaCrypt("5", 43), parse: roundsOf },
  { pattern: shaCrypt("6", 86), parse: roundsOf },
];

function shaCrypt(id: string, length: number): RegExp {
  return new RegExp(String.raw`^\$${id}\$${ROUNDS_AND_SALT}[./A-Za-z0-9]{${length}}$`);
}

function roundsOf({ rounds }: Groups): PasswordHash {
  return { kind: "sha-crypt", rounds: rounds === undefined ? DEFAULT_ROUNDS : Number(rounds) };
}

function bytesOf(base64 = ""): Buffer {
  return Buffer.from(base64, "base64");
}

/** Parses a hash. Returns undefined if the text is not a known kind of hash. */
export function parseHash(text: string): PasswordHash | undefined {
  for (const { pattern, parse } of GRAMMARS) {
    const match = pattern.exec(text);
    if (match !== null) return parse(match.groups ?? {});
  }
  return undefined;
}

/** Returns the kind of a hash, or undefined for other text such as a plain-text password. */
export function hashKind(text: string): HashKind | undefined {
  return parseHash(text)?.kind;
}

/**
 * Returns whether a text has the prefix of a known or unknown hash kind. Passwords rarely begin with the prefix of a
 * hash.
 */
export function looksLikeHash(text: string): boolean {
  return /^\$(?:scrypt|argon2\w*|pbkdf2[\w-]*|2[a-z]|[1567y])\$/.test(text);
}

/**
 * Cost of new hashes: 16 MiB of memory and about 40 ms of CPU time. A pod with 64 MiB of memory can verify several of
 * these hashes at the same time.
 */
const SCRYPT = { log2N: 14, r: 8, p: 1, saltBytes: 16, keyBytes: 32 } as const;

const derive: (password: string, salt: Buffer, length: number, options: object) => Promise<Buffer> =
  promisify(scrypt);

/**
 * Hashes a password with a new salt in libuv's thread pool. Returns `$scrypt$ln=14,r=8,p=1$salt$key` (PHC string
 * format).
 */
export async function hashPassword(password: string): Promise<string> {
  const { log2N, r, p, saltBytes, keyBytes } = SCRYPT;
  const salt = randomBytes(saltBytes);
  const key = await derive(password, salt, keyBytes, { N: 2 ** log2N, r, p });
  return `$scrypt$ln=${log2N},r=${r},p=${p}$${phcBase64(salt)}$${phcBase64(key)}`;
}

/** Returns base64 without padding, the encoding in PHC strings. */
function phcBase64(bytes: Buffer): string {
  return bytes.toString("base64").replace(/=+$/, "");
}
