import assert from "node:assert/strict";
import { describe, test } from "node:test";
import * as fc from "fast-check";
import { SMALL_BUFFER } from "../../../src/engine/transfer/buffer-budget.ts";
import { FromNetworkAscii, ToNetworkAscii } from "../../../src/engine/transfer/ascii.ts";

function pieces(text: string, size: number): Buffer[] {
  const bytes = Buffer.from(text, "latin1");
  return Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
    bytes.subarray(index * size, (index + 1) * size),
  );
}

/** @param outputBytes size of the output buffer in bytes; a small size causes several conversions for each piece */
function toNetwork(text: string, size: number, outputBytes: number): string {
  const ascii = new ToNetworkAscii(outputBytes);
  return Buffer.concat(
    pieces(text, size).flatMap((piece) => Array.from(ascii.convert(piece), (part) => Buffer.from(part))),
  ).toString("latin1");
}

function fromNetwork(text: string, size: number): string {
  const ascii = new FromNetworkAscii();
  const parts: Uint8Array[] = [];
  for (const piece of pieces(text, size)) ascii.convert(Buffer.from(piece), parts);
  return Buffer.concat([...parts, ascii.flush()]).toString("latin1");
}

const lines = fc.array(fc.constantFrom("\r", "\n", "\r\n", "a", "bc")).map((parts) => parts.join(""));
const size = fc.integer({ min: 1, max: 7 });

describe("TYPE A", () => {
  test("converts LF to CRLF and keeps CRLF", () => {
    fc.assert(
      fc.property(lines, size, fc.integer({ min: 2, max: 9 }), (text, size, outputBytes) =>
        assert.equal(toNetwork(text, size, outputBytes), text.replace(/(?<!\r)\n/gu, "\r\n")),
      ),
    );
  });

  test("converts CRLF to LF and keeps other CRs", () => {
    fc.assert(
      fc.property(lines, size, (text, size) =>
        assert.equal(fromNetwork(text, size), text.replaceAll("\r\n", "\n")),
      ),
    );
  });

  for (const [what, byte] of [
    ["line feeds alone", 0x0a],
    ["no line end at all", 0x61],
  ] as const) {
    // id: conversion-limits
    test(`sends a chunk of ${what} in pieces of one buffer of the given size`, () => {
      const chunk = Buffer.alloc(1024 * 1024, byte);
      const memory = new Set<ArrayBufferLike>();
      let bytes = 0;
      for (const piece of new ToNetworkAscii(SMALL_BUFFER).convert(chunk)) {
        memory.add(piece.buffer);
        bytes += piece.length;
        if (byte === 0x0a) assert.ok(piece.length <= SMALL_BUFFER);
        else assert.equal(piece, chunk);
      }
      assert.equal(memory.size, 1);
      assert.equal(bytes, byte === 0x0a ? 2 * chunk.length : chunk.length);
    });
  }

  for (const [what, unit] of [
    ["line ends alone", "\r\n"],
    ["carriage returns alone", "\r"],
    ["text", "some text\r\n"],
  ] as const) {
    // id: conversion-limits-2
    test(`converts a chunk of ${what} in the memory of the chunk`, () => {
      const chunk = Buffer.from(unit.repeat(10_000));
      const parts: Uint8Array[] = [];
      new FromNetworkAscii().convert(chunk, parts);
      assert.deepEqual(
        parts.map(({ buffer }) => buffer),
        [chunk.buffer],
      );
    });
  }
});
