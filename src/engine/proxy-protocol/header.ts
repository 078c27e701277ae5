/** Parser for headers of the PROXY protocol, versions 1 and 2 (HAProxy, proxy-protocol.txt, 2020/03/05). */
import { isIPv4, isIPv6 } from "node:net";
import { normalizeAddress } from "../../common/networks.ts";

/** Maximum length of a version 1 header in bytes, including CRLF (section 2.1). */
const MAX_TEXT_LENGTH = 107;
/**
 * Maximum length in bytes of the variable part of a version 2 header. The variable part contains addresses and
 * extensions. The engine ignores extensions.
 */
export const MAX_BINARY_LENGTH = 2048;
/** Length in bytes of the fixed part of a version 2 header. */
const FIXED_LENGTH = 16;
const TEXT_SIGNATURE = Buffer.from("PROXY ");
/** Signature of version 2 (section 2.2). No other protocol starts with this signature. */
const BINARY_SIGNATURE = Buffer.from("\r\n\r\n\0\r\nQUIT\n", "latin1");

export type ProxyHeader =
  /** Addresses of the connection from the client to the proxy. */
  | { type: "Proxied"; source: string; destination: string }
  /**
   * Header without addresses. The proxy itself opened the connection, for example for a health check, or the addresses
   * are unknown.
   */
  | { type: "Local" };

export type Parsed =
  | { type: "Incomplete" }
  | { type: "Invalid" }
  /** `length` is the number of bytes in the header. Bytes after the header are FTP input. */
  | { type: "Header"; header: ProxyHeader; length: number };

const INCOMPLETE: Parsed = { type: "Incomplete" };
const INVALID: Parsed = { type: "Invalid" };

/** Parses the header at the start of a connection. */
export function parseProxyHeader(bytes: Buffer): Parsed {
  if (begins(bytes, TEXT_SIGNATURE)) return parseText(bytes);
  if (begins(bytes, BINARY_SIGNATURE)) return parseBinary(bytes);
  return INVALID;
}

/** Returns whether the bytes start with the signature or are a prefix of the signature. */
function begins(bytes: Buffer, signature: Buffer): boolean {
  const length = Math.min(bytes.length, signature.length);
  return bytes.subarray(0, length).equals(signature.subarray(0, length));
}

/**
 * Parses a version 1 header, for example `PROXY TCP4 source destination sourcePort destinationPort` with CRLF (section
 * 2.1).
 */
function parseText(bytes: Buffer): Parsed {
  const end = bytes.subarray(0, MAX_TEXT_LENGTH).indexOf("\r\n");
  if (end < 0) return bytes.length < MAX_TEXT_LENGTH ? INCOMPLETE : INVALID;
  const length = end + 2;
  const [family, source = "", destination = "", ...ports] = bytes.toString("latin1", 6, end).split(" ");
  if (family === "UNKNOWN") return { type: "Header", header: { type: "Local" }, length };
  const isAddress = family === "TCP4" ? isIPv4 : family === "TCP6" ? isIPv6 : () => false;
  const valid = isAddress(source) && isAddress(destination) && ports.length === 2 && ports.every(isPort);
  return valid ? proxied(source, destination, length) : INVALID;
}

function isPort(text: string): boolean {
  return /^(?:0|[1-9]\d{0,4})$/u.test(text) && Number(text) <= 65_535;
}

/** Parses a version 2 header (section 2.2). */
function parseBinary(bytes: Buffer): Parsed {
  if (bytes.length < FIXED_LENGTH) return INCOMPLETE;
  const [command = 0, family = 0] = bytes.subarray(BINARY_SIGNATURE.length);
  const variableLength = bytes.readUInt16BE(14);
  const length = FIXED_LENGTH + variableLength;
  if (variableLength > MAX_BINARY_LENGTH || (command !== LOCAL && command !== PROXY)) return INVALID;
  const addresses = command === LOCAL ? NO_ADDRESS : ADDRESSES[family];
  if (addresses === undefined) return INVALID;
  // A header contains two addresses, two ports and optional extensions.
  if (addresses.size > 0 && variableLength < 2 * addresses.size + 4) return INVALID;
  return bytes.length < length ? INCOMPLETE : binaryAddresses(bytes.subarray(0, length), addresses);
}

function binaryAddresses(header: Buffer, { size, toText }: AddressFamily): Parsed {
  if (size === 0) return { type: "Header", header: { type: "Local" }, length: header.length };
  const at = (index: number): string =>
    toText(header.subarray(FIXED_LENGTH + index * size, FIXED_LENGTH + (index + 1) * size));
  return proxied(at(0), at(1), header.length);
}

const LOCAL = 0x20;
const PROXY = 0x21;

interface AddressFamily {
  /** Length of an address in bytes, or 0 for a family without usable addresses. */
  size: number;
  toText: (address: Buffer) => string;
}

const NO_ADDRESS: AddressFamily = { size: 0, toText: () => "" };

/** Address families, keyed by the byte for address family and transport protocol. FTP uses only TCP. */
const ADDRESSES: Readonly<Record<number, AddressFamily>> = {
  0x00: NO_ADDRESS,
  0x11: { size: 4, toText: (address) => address.join(".") },
  0x21: { size: 16, toText: (address) => (address.toString("hex").match(/.{4}/gu) ?? []).join(":") },
  0x31: NO_ADDRESS,
};

function proxied(source: string, destination: string, length: number): Parsed {
  const header = {
    type: "Proxied",
    source: normalizeAddress(source),
    destination: normalizeAddress(destination),
  } as const;
  return { type: "Header", header, length };
}
