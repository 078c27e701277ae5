/**
 * Text encoding for bytes that are not always UTF-8, such as file names on Linux. The mapping is reversible and
 * identical to Python's surrogateescape (PEP 383). Valid UTF-8 is decoded as usual. Each invalid byte becomes one lone
 * surrogate, from U+DC80 for 0x80 to U+DCFF for 0xFF. Valid UTF-8 never contains a lone surrogate, so different byte
 * strings always have different texts.
 *
 * Text can be split and joined at ASCII characters. At other positions, the joined bytes could become valid UTF-8.
 */
import { isUtf8 } from "node:buffer";

const ESCAPE = 0xdc00;
/** Matches only lone surrogates. With the flag `u`, a surrogate pair is one character. */
const ESCAPED_BYTES = /[\udc80-\udcff]/gu;
/** Maximum number of UTF-8 bytes for one UTF-16 code unit. */
export const MAX_UNIT_BYTES = 3;

/** Decodes bytes to text. */
export function decodeBytes(bytes: Uint8Array): string {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  return isUtf8(buffer) ? buffer.toString() : decodeMixed(buffer);
}

function decodeMixed(bytes: Buffer): string {
  let text = "";
  let start = 0;
  for (let position = 0; position < bytes.length; ) {
    const length = characterLength(bytes, position);
    if (length > 0) {
      position += length;
      continue;
    }
    if (start < position) text += bytes.toString("utf8", start, position);
    text += String.fromCharCode(ESCAPE + (bytes[position] ?? 0));
    position += 1;
    start = position;
  }
  return text + bytes.toString("utf8", start);
}

/** Returns the length in bytes of the character at a position, or 0 for invalid UTF-8 (Unicode, table 3-7). */
function characterLength(bytes: Uint8Array, position: number): number {
  const first = bytes[position] ?? 0;
  const length = announcedLength(first);
  for (let index = 1; index < length; index++) {
    const byte = bytes[position + index] ?? 0;
    if (byte < 0x80 || byte > 0xbf) return 0;
    if (index === 1 && !isSecondByte(first, byte)) return 0;
  }
  return length;
}

/**
 * Returns the length in bytes of a character that begins with this byte, or 0 if no character begins with this byte.
 */
function announcedLength(first: number): number {
  if (first < 0x80) return 1;
  if (first < 0xc2 || first > 0xf4) return 0;
  if (first < 0xe0) return 2;
  return first < 0xf0 ? 3 : 4;
}

/**
 * Returns whether the second byte of a UTF-8 sequence is valid. Rejects overlong forms, surrogates and code points
 * above U+10FFFF.
 * @param byte continuation byte
 */
function isSecondByte(first: number, byte: number): boolean {
  switch (first) {
    case 0xe0:
      return byte >= 0xa0;
    case 0xed:
      return byte < 0xa0;
    case 0xf0:
      return byte >= 0x90;
    case 0xf4:
      return byte < 0x90;
    default:
      return true;
  }
}

/** Returns whether the text represents bytes that are not valid UTF-8. */
export function hasEscapedBytes(text: string): boolean {
  return !text.isWellFormed();
}

/** Encodes text to bytes. A lone surrogate that represents no byte becomes U+FFFD, as in other UTF-8 encoders. */
export function encodeText(text: string): Buffer {
  if (!hasEscapedBytes(text)) return Buffer.from(text);
  const bytes = Buffer.allocUnsafe(text.length * MAX_UNIT_BYTES);
  return bytes.subarray(0, writeText(text, bytes));
}

/**
 * Encodes a text into a buffer. Each code unit produces at most three bytes.
 * @returns number of bytes
 */
export function writeText(text: string, bytes: Buffer): number {
  if (!hasEscapedBytes(text)) return bytes.write(text);
  let length = 0;
  for (let index = 0; index < text.length; ) {
    const unit = text.charCodeAt(index);
    if (unit < 0x80 || isEscape(unit)) {
      bytes[length++] = unit < 0x80 ? unit : unit - ESCAPE;
      index += 1;
      continue;
    }
    const end = endOfCharacters(text, index);
    length += bytes.write(text.slice(index, end), length);
    index = end;
  }
  return length;
}

/** Returns whether a code unit represents a byte. The result is not valid for the second half of a surrogate pair. */
function isEscape(unit: number): boolean {
  return unit >= 0xdc80 && unit <= 0xdcff;
}

/**
 * Returns the end index of a sequence of characters that are neither ASCII nor escaped bytes.
 * @param start index of the first character
 */
function endOfCharacters(text: string, start: number): number {
  let index = start;
  for (let unit = text.charCodeAt(index); unit >= 0x80 && !isEscape(unit); unit = text.charCodeAt(index)) {
    const isPair = (text.codePointAt(index) ?? 0) > 0xffff;
    index += isPair ? 2 : 1;
  }
  return index;
}

/** Returns the length of the encoded text in bytes. */
export function byteLengthOf(text: string): number {
  return hasEscapedBytes(text) ? encodeText(text).length : Buffer.byteLength(text);
}

/**
 * Returns text for logs and JSON. Represents each invalid byte in hexadecimal, for example `\xE4`. The result cannot be
 * converted back to the original bytes.
 */
export function withVisibleBytes(text: string): string {
  return text.replace(
    ESCAPED_BYTES,
    (byte) => `\\x${(byte.charCodeAt(0) - ESCAPE).toString(16).toUpperCase()}`,
  );
}

/** Returns whether every lone surrogate in a text represents a byte, as in text from `decodeBytes`. */
export function isDecoded(text: string): boolean {
  return !hasEscapedBytes(text) || text.replace(ESCAPED_BYTES, "").isWellFormed();
}
