import { parseHash, type PasswordHash } from "./password-hash.ts";

/**
 * Defines the maximum cost of password verification at login. The author of a password Secret chooses the hash
 * algorithm and its cost parameters. The operator, the engine and `ftp-operator users hash` therefore reject hashes
 * that exceed these limits. The decision record `docs/contributing/decisions/0009` contains measurements.
 */

/** Maximum memory for verifying a hash, in bytes. One verification fits into a pod with 256 MiB of memory. */
export const MAX_HASH_BYTES = 64 * 1024 * 1024;
/**
 * Maximum computing time for verifying a hash, in units of one operator-generated hash. The maximum is about 0.5
 * seconds on a slow core.
 */
const MAX_HASH_COST = 8;
/** Memory in bytes above which a hash is expensive. The engine verifies only one expensive hash at a time. */
const EXPENSIVE_BYTES = 20 * 1024 * 1024;
/** Computing time above which a hash is expensive, in units of one operator-generated hash. */
const EXPENSIVE_COST = 2;
/** Maximum number of threads that a hash can use. */
const MAX_PARALLELISM = 16;

/** Highest accepted cost parameters for each hash kind. The CRDs and the documentation list the same parameters. */
export const MOST_EXPENSIVE: Readonly<Record<PasswordHash["kind"], string>> = {
  scrypt: "ln=16,r=8,p=2",
  argon2: "m=65536,t=4",
  bcrypt: "cost 12",
  "sha-crypt": "rounds=200000",
};

/**
 * For each hash kind, the amount of work that takes as long as one operator-generated hash (scrypt with
 * `ln=14,r=8,p=1`). The name of each constant contains the unit of work.
 */
const SCRYPT_BLOCKS = 2 ** 14 * 8;
const ARGON2_KIBIBYTES = 32 * 1024;
const BCRYPT_COST = 9;
const SHA_CRYPT_ROUNDS = 25_000;

/** Returns the computing time of a hash, in units of one operator-generated hash. */
export function hashCost(hash: PasswordHash): number {
  switch (hash.kind) {
    case "scrypt":
      return (2 ** hash.log2N * hash.r * hash.p) / SCRYPT_BLOCKS;
    case "argon2":
      return (hash.memory * hash.passes) / ARGON2_KIBIBYTES;
    case "bcrypt":
      return 2 ** (hash.cost - BCRYPT_COST);
    case "sha-crypt":
      return hash.rounds / SHA_CRYPT_ROUNDS;
  }
}

/** Returns the memory for verifying a hash, in bytes. Returns 0 for kinds that require almost no memory. */
function bytesOf(hash: PasswordHash): number {
  switch (hash.kind) {
    case "scrypt":
      return 128 * 2 ** hash.log2N * hash.r;
    case "argon2":
      return hash.memory * 1024;
    case "bcrypt":
    case "sha-crypt":
      return 0;
  }
}

/** Returns whether a hash exceeds the memory or time limit for concurrent verification. */
export function isExpensive(hash: PasswordHash): boolean {
  return hashCost(hash) > EXPENSIVE_COST || bytesOf(hash) > EXPENSIVE_BYTES;
}

/**
 * Returns the reason for rejecting a hash, for example `has a parallelism above 16: use a lower p`. Returns undefined
 * for an accepted hash.
 */
export function hashViolation(text: string): string | undefined {
  const hash = parseHash(text);
  if (hash === undefined) return "is not a hash of a known kind: use scrypt, argon2, bcrypt or sha-crypt";
  return parameterViolation(hash) ?? costViolation(hash);
}

/** Rejects parameters that the algorithms do not allow (RFC 7914 section 2, RFC 9106 section 3.1). */
function parameterViolation(hash: PasswordHash): string | undefined {
  if (hash.kind === "scrypt" && hash.log2N >= 16 * hash.r)
    return `has an ln of ${hash.log2N}, too high for r=${hash.r}: use r=8`;
  if (hash.kind === "argon2" && hash.memory < 8 * hash.parallelism)
    return "has too little memory for argon2: use an m of at least eight times p";
  return undefined;
}

function costViolation(hash: PasswordHash): string | undefined {
  const action = `hash the password again with at most ${MOST_EXPENSIVE[hash.kind]}, or write the password itself`;
  if (bytesOf(hash) > MAX_HASH_BYTES)
    return `needs more than ${MAX_HASH_BYTES / 1024 / 1024} MiB of memory for each login: ${action}`;
  if (hashCost(hash) > MAX_HASH_COST)
    return `takes longer to verify than ${hash.kind} with ${MOST_EXPENSIVE[hash.kind]}: ${action}`;
  if (hash.kind === "argon2" && hash.parallelism > MAX_PARALLELISM)
    return `has a parallelism above ${MAX_PARALLELISM}: use a lower p`;
  return undefined;
}
