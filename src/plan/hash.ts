import { createHash } from "node:crypto";

/** JSON with sorted keys and without undefined members, so that equal values have equal bytes. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, member: unknown) => {
    if (typeof member !== "object" || member === null || Array.isArray(member)) return member;
    return Object.fromEntries(Object.entries(member).toSorted(([a], [b]) => (a < b ? -1 : 1)));
  });
}

/** Enough to tell versions of one object apart; no secret is protected by it. */
const HASH_LENGTH = 16;

/** A short hash of a JSON value, the same for every order of keys. */
export function hashOf(value: unknown): string {
  return createHash("sha256").update(canonicalJson(value)).digest("hex").slice(0, HASH_LENGTH);
}
