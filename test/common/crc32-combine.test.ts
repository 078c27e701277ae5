import assert from "node:assert/strict";
import { test } from "node:test";
import { crc32 } from "node:zlib";
import * as fc from "fast-check";
import { combineCrc32 } from "../../src/common/crc32-combine.ts";

test("the combined CRC-32 of two parts is the CRC-32 of the file", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), fc.uint8Array({ maxLength: 70_000 }), (first, second) => {
      assert.equal(
        combineCrc32(crc32(first), crc32(second), second.length),
        crc32(Buffer.concat([first, second])),
      );
    }),
  );
});

test("the combined CRC-32 is correct for parts larger than 4 GiB", () => {
  const zeros = Buffer.alloc(2 ** 24);
  let expected = crc32("begin");
  for (let count = 0; count < 257; count++) expected = crc32(zeros, expected);
  let doubled = crc32(zeros);
  for (let size = zeros.length; size < 2 ** 32; size *= 2) doubled = combineCrc32(doubled, doubled, size);
  const part = combineCrc32(doubled, crc32(zeros), zeros.length);
  assert.equal(combineCrc32(crc32("begin"), part, 257 * zeros.length), expected);
});
