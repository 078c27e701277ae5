import { isIPv4, isIPv6 } from "node:net";

/** Client address and port for an active data connection. */
export interface DataPort {
  address: string;
  port: number;
}

/**
 * Parses the argument of PORT: six decimal numbers (RFC 959 section 4.1.2). Returns undefined for an invalid argument.
 */
export function parsePort(argument: string): DataPort | undefined {
  const numbers = argument.trim().split(",");
  if (numbers.length !== 6 || !numbers.every((text) => /^\d{1,3}$/u.test(text) && Number(text) <= 255))
    return undefined;
  const [high = 0, low = 0] = numbers.slice(4).map(Number);
  return { address: numbers.slice(0, 4).map(Number).join("."), port: high * 256 + low };
}

/**
 * Parses the argument of EPRT: `|protocol|address|port|` (RFC 2428 section 2). Returns undefined for an invalid
 * argument and `Unsupported` for an unknown network protocol.
 */
export function parseExtendedPort(argument: string): DataPort | "Unsupported" | undefined {
  // RFC 2428 section 2: all four delimiters are the same printable character.
  const match = /^([!-~])(\d{1,5})\1([^|]+)\1(\d{1,5})\1$/u.exec(argument);
  if (match === null) return undefined;
  const [, , protocol = "", address = "", digits = ""] = match;
  const port = Number(digits);
  if (port > 65_535) return undefined;
  const isValid = PROTOCOLS[Number(protocol)];
  if (isValid === undefined) return "Unsupported";
  return isValid(address) ? { address, port } : undefined;
}

/** Address checks, keyed by network protocol number (RFC 2428 section 2). */
const PROTOCOLS: Readonly<Record<number, (address: string) => boolean>> = { 1: isIPv4, 2: isIPv6 };
