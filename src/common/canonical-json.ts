import { createHash } from "node:crypto";

/** JSON with sorted keys and without undefined members, so that equal values have equal bytes. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(sorted(value));
}

function sorted(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(sorted);
  const members: Readonly<Record<string, unknown>> = { ...value };
  const copy: Record<string, unknown> = {};
  for (const key of Object.keys(members).toSorted()) copy[key] = sorted(members[key]);
  return copy;
}

/** Enough to tell versions of one object apart; no secret is protected by it. */
const HASH_LENGTH = 16;

/** A short hash of a JSON value, the same for every order of keys. */
export function hashOf(value: unknown): string {
  return createHash("sha256").update(canonicalJson(value)).digest("hex").slice(0, HASH_LENGTH);
}
