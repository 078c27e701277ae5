import type { ListObjectsV2CommandOutput } from "@aws-sdk/client-s3";
import { Readable } from "node:stream";
import { namedError } from "./direct-body.ts";

/** The fields of a listing page that the engine uses, with the names in the SDK. */
export type ListAnswer = Pick<
  ListObjectsV2CommandOutput,
  "Name" | "EncodingType" | "IsTruncated" | "NextContinuationToken" | "Contents" | "CommonPrefixes"
>;

/** Maximum size of a listing page in bytes. A page of 500 keys of the maximum length has less than 2 MiB. */
export const MAX_PAGE_BYTES = 4 * 1024 * 1024;

/** Entities that services use in pages. */
const ENTITIES: ReadonlyMap<string, string> = new Map([
  ["amp", "&"],
  ["lt", "<"],
  ["gt", ">"],
  ["quot", '"'],
]);
/** An entity reference or a character reference, or an ampersand that is not part of a reference. */
const REFERENCE = /&(?:#x(?<hex>[\da-fA-F]{1,6})|#(?<decimal>\d{1,7})|(?<name>[a-z]+));|&/gu;
const ROOT = "<ListBucketResult";
const SIZE = /^\d+$/u;
const FLAGS: ReadonlySet<string | undefined> = new Set([undefined, "true", "false"]);
const SLASH = "/".charCodeAt(0);
/** Elements whose text the engine reads. */
const FIELDS: ReadonlySet<string> = new Set([
  "Name",
  "EncodingType",
  "IsTruncated",
  "NextContinuationToken",
  "Key",
  "Size",
  "LastModified",
  "ETag",
  "Prefix",
]);

/**
 * Reads the text of a response.
 * @throws Error if the response ends early or has more than `MAX_PAGE_BYTES`
 */
export async function pageText(body: unknown): Promise<string> {
  if (!(body instanceof Readable)) throw namedError("TypeError", "The response has no body");
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.length;
    if (bytes > MAX_PAGE_BYTES) throw namedError("PageTooLarge", "The listing page is too large");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

/**
 * Returns the fields of a listing page. The XML parser of the SDK takes several times as much CPU time.
 * Returns undefined if the text is not a page, or contains XML that services do not use in pages, so that the SDK must
 * repeat the request.
 */
export function pageOf(xml: string): ListAnswer | undefined {
  const start = xml.indexOf(ROOT);
  if (start < 0 || xml.includes("<!")) return undefined;
  const page = new PageReader(xml);
  for (let next = start; next < xml.length; ) {
    const end = xml.indexOf(">", next);
    if (end < 0) return undefined;
    page.readTag(next, end);
    next = xml.indexOf("<", end);
    if (next < 0) break;
  }
  return page.result;
}

/**
 * Returns whether a page from either parser is complete. The SDK accepts pages without a token or a key, which would
 * end a listing early or list a file without a name.
 */
export function isPage({ Name, IsTruncated, NextContinuationToken, Contents = [] }: ListAnswer): boolean {
  const continues = IsTruncated !== true || typeof NextContinuationToken === "string";
  // The SDK returns an array for a repeated field.
  const isObject = ({ Key, Size = 0 }: (typeof Contents)[number]): boolean =>
    typeof Key === "string" && Number.isSafeInteger(Size) && Size >= 0;
  return Name !== undefined && continues && Contents.every(isObject);
}

type Fields = Record<string, string | undefined>;
type ListedContents = NonNullable<ListAnswer["Contents"]>;

/** Collects the fields of a page from its tags. Creates no objects for tags, because a page has thousands of tags. */
class PageReader {
  readonly #xml: string;
  /** Names of the open elements. */
  readonly #path: string[] = [];
  /** Position after the last start tag. */
  #textStart = 0;
  readonly #page: Fields = {};
  /** Fields of the object or the prefix that is being read. */
  #entry: Fields = {};
  readonly #objects: ListedContents = [];
  readonly #prefixes: { Prefix: string | undefined }[] = [];
  #isValid = true;

  constructor(xml: string) {
    this.#xml = xml;
  }

  /** Reads the tag between the positions of its angle brackets. */
  readTag(start: number, end: number): void {
    const isEnd = this.#xml.charCodeAt(start + 1) === SLASH;
    if (isEnd) {
      this.#close(this.#xml.slice(start + 2, end).trimEnd(), start);
      return;
    }
    const isEmpty = this.#xml.charCodeAt(end - 1) === SLASH;
    const text = this.#xml.slice(start + 1, isEmpty ? end - 1 : end);
    const name = text.includes(" ") ? text.slice(0, text.indexOf(" ")) : text;
    this.#textStart = end + 1;
    // Only the root has attributes, and fields contain only text.
    const hasAttributes = this.#path.length > 0 && text.includes("=");
    if (hasAttributes || name === "Error" || FIELDS.has(this.#path.at(-1) ?? "")) this.#isValid = false;
    if (this.#path.push(name) === 2) this.#entry = {};
    if (isEmpty) this.#close(name, end + 1);
  }

  #close(name: string, textEnd: number): void {
    const depth = this.#path.length;
    if (this.#path.pop() !== name) this.#isValid = false;
    if (FIELDS.has(name)) {
      const text = this.#xml.slice(this.#textStart, textEnd);
      const value = text.includes("&") ? this.#decoded(text) : text;
      if (depth === 3) this.#set(this.#entry, name, value);
      else if (depth === 2) this.#set(this.#page, name, value);
    } else if (name === "Contents") this.#addObject(this.#entry);
    else if (name === "CommonPrefixes") this.#addPrefix(this.#entry);
  }

  #decoded(text: string): string {
    return text.replace(REFERENCE, (...all) => {
      const { hex, decimal, name = "" } = all.at(-1);
      const code = hex === undefined ? Number(decimal ?? Number.NaN) : Number.parseInt(hex, 16);
      const char = code <= 0x10_ffff ? String.fromCodePoint(code) : ENTITIES.get(name);
      if (char === undefined) this.#isValid = false;
      return char ?? "";
    });
  }

  #set(fields: Fields, name: string, value: string): void {
    if (fields[name] !== undefined) this.#isValid = false;
    fields[name] = value;
  }

  #addPrefix({ Prefix }: Fields): void {
    if (Prefix === undefined) this.#isValid = false;
    this.#prefixes.push({ Prefix });
  }

  #addObject({ Key, Size = "0", LastModified = "", ETag }: Fields): void {
    const [size, modified] = [Number(Size), new Date(LastModified)];
    const isValid = Key !== undefined && SIZE.test(Size) && Number.isSafeInteger(size);
    if (!isValid || Number.isNaN(modified.getTime())) this.#isValid = false;
    this.#objects.push({ Key, Size: size, LastModified: modified, ETag });
  }

  /** The value is undefined if the elements are not nested correctly, or if a value is invalid. */
  get result(): ListAnswer | undefined {
    const { Name, EncodingType, IsTruncated, NextContinuationToken } = this.#page;
    if (!this.#isValid || this.#path.length > 0 || Name === undefined) return undefined;
    if (!FLAGS.has(IsTruncated) || (IsTruncated === "true" && !NextContinuationToken)) return undefined;
    return {
      Name,
      EncodingType: EncodingType === "url" ? "url" : undefined,
      IsTruncated: IsTruncated === "true",
      NextContinuationToken,
      Contents: this.#objects,
      CommonPrefixes: this.#prefixes,
    };
  }
}
