import assert from "node:assert/strict";
import { describe, test } from "node:test";
import * as fc from "fast-check";
import {
  byteLengthOf,
  decodeBytes,
  encodeText,
  hasEscapedBytes,
  isDecoded,
  withVisibleBytes,
} from "../../src/common/escaped-bytes.ts";

/** Byte sequences that are nearly valid UTF-8 more often than random sequences. */
const bytes = fc
  .array(
    fc.oneof(
      fc.uint8Array({ maxLength: 4 }),
      fc.string({ unit: "grapheme", maxLength: 4 }).map((text) => Buffer.from(text)),
      fc.constantFrom(0xc0, 0xc1, 0xc3, 0xe0, 0xed, 0xf0, 0xf4, 0xff).map((byte) => Buffer.of(byte)),
    ),
  )
  .map((parts) => Buffer.concat(parts));

describe("escaped bytes", () => {
  for (const [what, hex, text] of [
    ["nothing", "", ""],
    ["ASCII", "6162", "ab"],
    ["UTF-8 of two, three and four bytes", "c3a4e282acf09f9880", "ä€😀"],
    ["a byte order mark", "efbbbf61", "\ufeffa"],
    ["U+FFFD, which is valid", "efbfbd", "\ufffd"],
    ["Latin-1", "61e462", "a\udce4b"],
    ["the first and the last byte that can be escaped", "80ff", "\udc80\udcff"],
    ["an overlong slash", "c0af", "\udcc0\udcaf"],
    ["an overlong slash of three bytes", "e080af", "\udce0\udc80\udcaf"],
    ["an overlong form of four bytes", "f08080af", "\udcf0\udc80\udc80\udcaf"],
    ["a surrogate", "edb280", "\udced\udcb2\udc80"],
    ["a code point behind U+10FFFF", "f4908080", "\udcf4\udc90\udc80\udc80"],
    ["a cut character and ASCII", "e2826162", "\udce2\udc82ab"],
    ["a cut character at the end", "61f09f98", "a\udcf0\udc9f\udc98"],
    ["a continuation behind a character", "c3a4a4", "ä\udca4"],
    ["a byte behind a character outside the BMP", "f09f988080", "😀\udc80"],
  ] as const)
    test(`map ${what}`, () => {
      const buffer = Buffer.from(hex, "hex");
      assert.equal(decodeBytes(buffer), text);
      assert.deepEqual(encodeText(text), buffer);
      assert.equal(byteLengthOf(text), buffer.length);
      assert.equal(hasEscapedBytes(text), /[\ud800-\udfff]/u.test(text));
    });

  // id: path-traversal-3
  test("map every byte string to a different text, and back", () => {
    fc.assert(
      fc.property(bytes, bytes, (one, other) => {
        const text = decodeBytes(one);
        assert.deepEqual(encodeText(text), one);
        assert.equal(byteLengthOf(text), one.length);
        assert.equal(decodeBytes(other) === text, one.equals(other));
        assert.ok(isDecoded(text));
      }),
      { numRuns: 2000 },
    );
  });

  test("leave valid UTF-8 unchanged", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (text) => {
        assert.equal(decodeBytes(Buffer.from(text)), text);
        assert.equal(withVisibleBytes(text), text);
        assert.equal(hasEscapedBytes(text), false);
      }),
    );
  });

  test("do not change when text is cut and joined at ASCII characters", () => {
    fc.assert(
      fc.property(bytes, bytes, (one, other) => {
        const joined = Buffer.concat([one, Buffer.from("/"), other]);
        assert.equal(decodeBytes(joined), `${decodeBytes(one)}/${decodeBytes(other)}`);
      }),
    );
  });

  test("are visible in human-readable text", () => {
    assert.equal(withVisibleBytes("a\udce4\udcffb ä😀"), "a\\xE4\\xFFb ä😀");
    fc.assert(fc.property(bytes, (some) => assert.ok(withVisibleBytes(decodeBytes(some)).isWellFormed())));
  });

  test("do not include other surrogates", () => {
    for (const text of ["\ud800", "\udc00", "\udc7f", "\udd00", "a\udfffb", "\udc80\ud83d"]) {
      assert.equal(isDecoded(text), false);
      assert.equal(hasEscapedBytes(text), true);
    }
    assert.deepEqual(encodeText("\ud800a"), Buffer.from("\ufffda"));
  });
});
