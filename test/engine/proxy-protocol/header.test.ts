import assert from "node:assert/strict";
import { describe, test } from "node:test";
import * as fc from "fast-check";
import {
  MAX_BINARY_LENGTH,
  parseProxyHeader,
  type ProxyHeader,
} from "../../../src/engine/proxy-protocol/header.ts";
import { binaryHeader, textHeader } from "../../support/engine/proxy-headers.ts";

const HEADERS: Record<string, [Buffer, ProxyHeader]> = {
  "version 1, IPv4": [textHeader("192.0.2.1", "203.0.113.9"), proxied("192.0.2.1", "203.0.113.9")],
  "version 1, IPv6": [textHeader("2001:db8::1", "2001:db8::2"), proxied("2001:db8::1", "2001:db8::2")],
  "version 1, unknown": [Buffer.from("PROXY UNKNOWN ffff::1 what ever\r\n"), { type: "Local" }],
  "version 1, unknown and bare": [Buffer.from("PROXY UNKNOWN\r\n"), { type: "Local" }],
  "version 2, IPv4": [binaryHeader("192.0.2.1", "203.0.113.9"), proxied("192.0.2.1", "203.0.113.9")],
  "version 2, IPv6": [
    binaryHeader("2001:db8::1", "::ffff:203.0.113.9"),
    proxied("2001:db8::1", "203.0.113.9"),
  ],
  "version 2 with extensions": [
    binaryHeader("192.0.2.1", "203.0.113.9", { extra: Buffer.alloc(300, 7) }),
    proxied("192.0.2.1", "203.0.113.9"),
  ],
  "version 2, the proxy's own": [
    binaryHeader("192.0.2.1", "203.0.113.9", { command: 0x20 }),
    { type: "Local" },
  ],
  "version 2, a UNIX socket": [binaryHeader("192.0.2.1", "203.0.113.9", { family: 0x31 }), { type: "Local" }],
  "version 2, unspecified": [binaryHeader("192.0.2.1", "203.0.113.9", { family: 0 }), { type: "Local" }],
};

function proxied(source: string, destination: string): ProxyHeader {
  return { type: "Proxied", source, destination };
}

describe("headers", () => {
  for (const [name, [bytes, header]] of Object.entries(HEADERS)) {
    test(`${name}: every prefix is incomplete, and bytes after the header remain`, () => {
      for (let length = 0; length < bytes.length; length++)
        assert.deepEqual(
          parseProxyHeader(bytes.subarray(0, length)),
          { type: "Incomplete" },
          `${length} bytes`,
        );
      for (const rest of ["", "USER alice\r\n", "\u0016\u0003"])
        assert.deepEqual(parseProxyHeader(Buffer.concat([bytes, Buffer.from(rest)])), {
          type: "Header",
          header,
          length: bytes.length,
        });
    });
  }

  const BAD: Record<string, Buffer> = {
    "no header": Buffer.from("USER alice\r\n"),
    "lower case": Buffer.from("proxy TCP4 192.0.2.1 192.0.2.2 1 2\r\n"),
    "no family": Buffer.from("PROXY \r\n"),
    "UDP in version 1": Buffer.from("PROXY UDP4 192.0.2.1 192.0.2.2 1 2\r\n"),
    "an IPv6 address as TCP4": Buffer.from("PROXY TCP4 ::1 192.0.2.2 1 2\r\n"),
    "a leading zero": Buffer.from("PROXY TCP4 192.0.2.01 192.0.2.2 1 2\r\n"),
    "three ports": Buffer.from("PROXY TCP4 192.0.2.1 192.0.2.2 1 2 3\r\n"),
    "one port": Buffer.from("PROXY TCP4 192.0.2.1 192.0.2.2 1\r\n"),
    "a port above 65535": Buffer.from("PROXY TCP4 192.0.2.1 192.0.2.2 1 65536\r\n"),
    "two spaces": Buffer.from("PROXY TCP4  192.0.2.1 192.0.2.2 1 2\r\n"),
    "107 bytes without an end": Buffer.concat([Buffer.from("PROXY TCP4 "), Buffer.alloc(96, "1")]),
    "version 3": binaryHeader("192.0.2.1", "192.0.2.2", { command: 0x31 }),
    "an unknown command": binaryHeader("192.0.2.1", "192.0.2.2", { command: 0x22 }),
    "UDP in version 2": binaryHeader("192.0.2.1", "192.0.2.2", { family: 0x12 }),
    "too short for its addresses": binaryHeader("192.0.2.1", "192.0.2.2", { family: 0x21 }),
    "longer than any proxy writes": binaryHeader("192.0.2.1", "192.0.2.2", {
      extra: Buffer.alloc(MAX_BINARY_LENGTH),
    }),
  };
  for (const [name, bytes] of Object.entries(BAD))
    test(`${name} is rejected`, () => assert.deepEqual(parseProxyHeader(bytes), { type: "Invalid" }));

  test("a header is valid, invalid or incomplete, and more bytes never make an invalid header valid", () => {
    const anything = fc.oneof(
      fc.uint8Array({ maxLength: 300 }),
      fc
        .tuple(fc.constantFrom(...Object.values(HEADERS)), fc.nat(40), fc.nat(255))
        .map(([[bytes], at, value]) => {
          const changed = Buffer.from(bytes);
          if (at < changed.length) changed[at] = value;
          return changed;
        }),
    );
    fc.assert(
      fc.property(anything, fc.nat(300), (bytes, cut) => {
        const whole = parseProxyHeader(Buffer.from(bytes));
        const part = parseProxyHeader(Buffer.from(bytes.subarray(0, cut)));
        if (part.type !== "Incomplete") assert.deepEqual(whole, part);
        if (whole.type === "Header") assert.ok(whole.length <= bytes.length);
      }),
      { numRuns: 2000 },
    );
  });
});
