import assert from "node:assert/strict";
import { describe, test } from "node:test";
import * as fc from "fast-check";
import { FromNetworkAscii, ToNetworkAscii } from "../../../src/engine/data/ascii.ts";

function pieces(text: string, size: number): Buffer[] {
  const bytes = Buffer.from(text, "latin1");
  return Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
    bytes.subarray(index * size, (index + 1) * size),
  );
}

function toNetwork(text: string, size: number): string {
  const ascii = new ToNetworkAscii();
  return Buffer.concat(pieces(text, size).map((piece) => Buffer.from(ascii.convert(piece)))).toString(
    "latin1",
  );
}

function fromNetwork(text: string, size: number): string {
  const ascii = new FromNetworkAscii();
  const parts = pieces(text, size).map((piece) => Buffer.from(ascii.convert(piece)));
  return Buffer.concat([...parts, ascii.flush()]).toString("latin1");
}

const lines = fc.array(fc.constantFrom("\r", "\n", "\r\n", "a", "bc")).map((parts) => parts.join(""));
const size = fc.integer({ min: 1, max: 7 });

describe("TYPE A", () => {
  test("sends LF as CRLF and leaves CRLF alone", () => {
    fc.assert(
      fc.property(lines, size, (text, size) =>
        assert.equal(toNetwork(text, size), text.replace(/(?<!\r)\n/gu, "\r\n")),
      ),
    );
  });

  test("takes CRLF as LF and leaves a lone CR alone", () => {
    fc.assert(
      fc.property(lines, size, (text, size) =>
        assert.equal(fromNetwork(text, size), text.replaceAll("\r\n", "\n")),
      ),
    );
  });
});
