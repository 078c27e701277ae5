import { createHash } from "node:crypto";

/**
 * Returns whether a value is an object other than null or an array. Use this function for JSON and YAML with an unknown
 * structure.
 */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Returns the members of an object from untrusted JSON. Returns an empty object for other values. */
export function fieldsOf(value: unknown): Record<string, unknown> {
  return isRecord(value) ? value : {};
}

/** Returns JSON with sorted keys and without undefined members, so that equal values have equal JSON text. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(sorted(value));
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isRecord(value)) return value;
  const copy: Record<string, unknown> = {};
  for (const key of Object.keys(value).toSorted()) copy[key] = sorted(value[key]);
  return copy;
}

/**
 * Number of hexadecimal digits in a hash. This length is sufficient to distinguish versions of one object. The hash is
 * not used for security.
 */
const HASH_LENGTH = 16;

/** Returns a short hash of a JSON value. The hash does not depend on the order of keys. */
export function hashOf(value: unknown): string {
  return createHash("sha256").update(canonicalJson(value)).digest("hex").slice(0, HASH_LENGTH);
}
