import { randomBytes, scrypt } from "node:crypto";
import { promisify } from "node:util";

/**
 * Password hashes as text: which ones are understood, and how a new one is made. They are verified in engine/auth.
 */

export type HashKind = "scrypt" | "argon2" | "bcrypt" | "sha-crypt";

const FORMATS: readonly { kind: HashKind; pattern: RegExp }[] = [
  { kind: "scrypt", pattern: /^\$scrypt\$ln=\d{1,2},r=\d{1,2},p=\d{1,2}\$[A-Za-z0-9+/]+\$[A-Za-z0-9+/]+$/ },
  {
    kind: "argon2",
    pattern: /^\$argon2(?:id|i|d)\$v=19\$m=\d{1,8},t=\d{1,3},p=\d{1,2}\$[A-Za-z0-9+/]+\$[A-Za-z0-9+/]+$/,
  },
  { kind: "bcrypt", pattern: /^\$2[aby]\$\d{2}\$[./A-Za-z0-9]{53}$/ },
  { kind: "sha-crypt", pattern: /^\$[56]\$(?:rounds=\d{1,9}\$)?[^$:\s]{0,16}\$[./A-Za-z0-9]{43,86}$/ },
];

/** Which family of hashes a text belongs to; undefined when it is none, and so a password in plain text. */
export function hashKind(text: string): HashKind | undefined {
  return FORMATS.find(({ pattern }) => pattern.test(text))?.kind;
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
