import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { parseExtendedPort, parsePort } from "../../../src/engine/protocol/data-port.ts";

describe("PORT", () => {
  for (const [argument, expected] of [
    ["192,0,2,1,4,1", { address: "192.0.2.1", port: 1025 }],
    [" 192,0,2,1,255,255 ", { address: "192.0.2.1", port: 65_535 }],
    ["192,0,2,1,4", undefined],
    ["192,0,2,1,4,1,1", undefined],
    ["192,0,2,256,4,1", undefined],
    ["192,0,2,-1,4,1", undefined],
    ["192,0,2,,4,1", undefined],
    ["1e1,0,2,1,4,1", undefined],
  ] as const) {
    test(`parses ${JSON.stringify(argument)}`, () => assert.deepEqual(parsePort(argument), expected));
  }
});

describe("EPRT", () => {
  for (const [argument, expected] of [
    ["|1|192.0.2.1|1025|", { address: "192.0.2.1", port: 1025 }],
    ["!2!2001:db8::1!65535!", { address: "2001:db8::1", port: 65_535 }],
    ["|1|2001:db8::1|1025|", undefined],
    ["|2|192.0.2.1|1025|", undefined],
    ["|3|x|1025|", "Unsupported"],
    ["|1|192.0.2.1|65536|", undefined],
    ["|1|192.0.2.1|1025", undefined],
    ["|1|192.0.2.1|1025|x", undefined],
    ["|1|192.0.2.1!1025|", undefined],
    ["|1|localhost|1025|", undefined],
    ["", undefined],
  ] as const) {
    test(`parses ${JSON.stringify(argument)}`, () => assert.deepEqual(parseExtendedPort(argument), expected));
  }
});
