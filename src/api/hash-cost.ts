import { parseHash, type PasswordHash } from "./password-hash.ts";

/**
 * What a login may cost. Everyone who writes a password Secret or an FtpUser chooses the hash that the engine computes for each login
 * of that user, so the operator, the engine and `users hash` accept no other hashes. Measurements: docs/decisions/0009.
 */

/** Memory that verifying a hash may take, in bytes: it fits into a pod of 256 MiB beside everything else. */
export const MAX_HASH_BYTES = 64 * 1024 * 1024;
/** Computing time that verifying a hash may take, in hashes as the operator makes them: about 0.5 seconds of a slow core. */
const MAX_HASH_COST = 8;
/** From here on a hash is expensive: the engine verifies nothing else meanwhile. */
const EXPENSIVE_BYTES = 20 * 1024 * 1024;
/** The same in hashes as the operator makes them. */
const EXPENSIVE_COST = 2;
/** A hash of a known kind needs no more threads than that. */
const MAX_PARALLELISM = 16;

/** The most expensive usual parameters of each kind; the CRDs and the documentation name the same. */
export const MOST_EXPENSIVE: Readonly<Record<PasswordHash["kind"], string>> = {
  scrypt: "ln=16,r=8,p=2",
  argon2: "m=65536,t=4",
  bcrypt: "cost 12",
  "sha-crypt": "rounds=200000",
};

/** Units of each kind that take as long as one hash of the operator's (scrypt with ln=14,r=8,p=1). */
const SCRYPT_BLOCKS = 2 ** 14 * 8;
const ARGON2_KIBIBYTES = 32 * 1024;
const BCRYPT_COST = 9;
const SHA_CRYPT_ROUNDS = 25_000;

/** Returns the computing time of a hash, in hashes as the operator makes them. */
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

/** Returns the memory that verifying a hash takes, in bytes; 0 for the kinds that take next to none. */
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

/** Whether so much memory or time goes into a hash that two of them must not be verified at the same time. */
export function isExpensive(hash: PasswordHash): boolean {
  return hashCost(hash) > EXPENSIVE_COST || bytesOf(hash) > EXPENSIVE_BYTES;
}

/** Returns why a hash cannot be used, as a predicate that says what to write instead; undefined when it can. */
export function hashProblem(text: string): string | undefined {
  const hash = parseHash(text);
  if (hash === undefined) return "is not a hash of a known kind: use scrypt, argon2, bcrypt or sha-crypt";
  return parameterProblem(hash) ?? costProblem(hash);
}

/** Parameters that no implementation computes (RFC 7914 section 2, RFC 9106 section 3.1). */
function parameterProblem(hash: PasswordHash): string | undefined {
  if (hash.kind === "scrypt" && hash.log2N >= 16 * hash.r)
    return `has an ln of ${hash.log2N}, too high for r=${hash.r}: use r=8`;
  if (hash.kind === "argon2" && hash.memory < 8 * hash.parallelism)
    return "has less memory than argon2 takes: use an m of at least eight times p";
  return undefined;
}

function costProblem(hash: PasswordHash): string | undefined {
  const remedy = `hash the password again with at most ${MOST_EXPENSIVE[hash.kind]}, or write the password itself`;
  if (bytesOf(hash) > MAX_HASH_BYTES)
    return `needs more than ${MAX_HASH_BYTES / 1024 / 1024} MiB of memory for each login: ${remedy}`;
  if (hashCost(hash) > MAX_HASH_COST)
    return `takes longer to verify than ${hash.kind} with ${MOST_EXPENSIVE[hash.kind]}: ${remedy}`;
  if (hash.kind === "argon2" && hash.parallelism > MAX_PARALLELISM)
    return `has a parallelism above ${MAX_PARALLELISM}: use a lower p`;
  return undefined;
}
