/** PROXY protocol headers of versions 1 and 2. */
import { isIPv4 } from "node:net";
import ipaddr from "ipaddr.js";

export function textHeader(source: string, destination: string): Buffer {
  return Buffer.from(`PROXY ${isIPv4(source) ? "TCP4" : "TCP6"} ${source} ${destination} 40000 21\r\n`);
}

export interface BinaryParts {
  command?: number;
  family?: number;
  extra?: Buffer;
}

export function binaryHeader(
  source: string,
  destination: string,
  { command = 0x21, family = isIPv4(source) ? 0x11 : 0x21, extra = Buffer.alloc(0) }: BinaryParts = {},
): Buffer {
  const addresses = [source, destination].flatMap((address) => ipaddr.parse(address).toByteArray());
  const carried = Buffer.concat([Buffer.from(addresses), Buffer.from([0x9c, 0x40, 0, 21]), extra]);
  const fixed = Buffer.from("\r\n\r\n\0\r\nQUIT\n\0\0\0\0", "latin1");
  fixed[12] = command;
  fixed[13] = family;
  fixed.writeUInt16BE(carried.length, 14);
  return Buffer.concat([fixed, carried]);
}
