import { isIPv4, isIPv6 } from "node:net";

/** Where a client wants to be dialled. */
export interface Target {
  address: string;
  port: number;
}

/** PORT's six decimal numbers (RFC 959 section 4.1.2); undefined when they are none. */
export function parsePort(argument: string): Target | undefined {
  const numbers = argument.trim().split(",");
  if (numbers.length !== 6 || !numbers.every((text) => /^\d{1,3}$/u.test(text) && Number(text) <= 255))
    return undefined;
  const [high = 0, low = 0] = numbers.slice(4).map(Number);
  return { address: numbers.slice(0, 4).map(Number).join("."), port: high * 256 + low };
}

/** EPRT's `|protocol|address|port|` (RFC 2428 section 2); `Unsupported` is a network protocol we do not speak. */
export function parseExtendedPort(argument: string): Target | "Unsupported" | undefined {
  // RFC 2428 section 2: the delimiter is any printable character, the same four times.
  const match = /^([!-~])(\d{1,5})\1([^|]+)\1(\d{1,5})\1$/u.exec(argument);
  if (match === null) return undefined;
  const [, , protocol = "", address = "", digits = ""] = match;
  const port = Number(digits);
  if (port > 65_535) return undefined;
  const isValid = PROTOCOLS[Number(protocol)];
  if (isValid === undefined) return "Unsupported";
  return isValid(address) ? { address, port } : undefined;
}

/** Address checks by the number of the network protocol (RFC 2428 section 2). */
const PROTOCOLS: Readonly<Record<number, (address: string) => boolean>> = { 1: isIPv4, 2: isIPv6 };
