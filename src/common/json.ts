import { createHash } from "node:crypto";

/** Whether a value is an object with named members, not null or an array. For JSON and YAML of unknown shape. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Returns JSON with sorted keys and without undefined members, so that equal values have equal bytes. */
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

/** Number of hexadecimal digits: enough to distinguish versions of one object. The hash protects no secret. */
const HASH_LENGTH = 16;

/** Returns a short hash of a JSON value. The order of keys does not matter. */
export function hashOf(value: unknown): string {
  return createHash("sha256").update(canonicalJson(value)).digest("hex").slice(0, HASH_LENGTH);
}
