import { isRecord } from "../../../../common/json.ts";
import type { ObjectMetadata, Part } from "../object-store.ts";

const FORMAT = 1;
const MAX_CRC32 = 2 ** 32 - 1;

/** A stored part, with the CRC-32 of the file from its beginning to the end of the part. */
export interface KeptPart extends Part {
  readonly crc32: number;
  readonly fileCrc32: number;
}

/** Content of the state object for an incomplete upload. */
export interface PartialState {
  readonly key: string;
  readonly uploadId: string;
  readonly metadata: ObjectMetadata;
  readonly parts: readonly KeptPart[];
}

export function formatState(state: PartialState): string {
  return JSON.stringify({ format: FORMAT, ...state });
}

/** Parses a state object. Returns undefined for any other text, because other programs can also write to the bucket. */
export function parseState(text: string): PartialState | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isRecord(value) || value["format"] !== FORMAT) return undefined;
  const { key, uploadId, metadata, parts } = value;
  if (typeof key !== "string" || typeof uploadId !== "string" || !Array.isArray(parts)) return undefined;
  const user = isRecord(metadata) && isRecord(metadata["user"]) ? metadata["user"] : {};
  const kept = parts.map((part, index) => parsePart(part, index + 1));
  const texts = Object.entries(user).filter(
    (entry): entry is [string, string] => typeof entry[1] === "string",
  );
  return kept.every((part) => part !== undefined)
    ? { key, uploadId, metadata: { user: Object.fromEntries(texts) }, parts: kept }
    : undefined;
}

function parsePart(value: unknown, number: number): KeptPart | undefined {
  if (!isRecord(value) || value["number"] !== number || typeof value["etag"] !== "string") return undefined;
  const { size, crc32, fileCrc32 } = value;
  if (!isCount(size, Number.MAX_SAFE_INTEGER) || !isCount(crc32, MAX_CRC32) || !isCount(fileCrc32, MAX_CRC32))
    return undefined;
  return { number, etag: value["etag"], size, crc32, fileCrc32 };
}

function isCount(value: unknown, max: number): value is number {
  return typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= max;
}
