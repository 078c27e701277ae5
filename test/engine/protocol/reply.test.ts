import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { printable } from "../../../src/common/text.ts";
import * as fc from "fast-check";
import { encodeReply, errorReply, formatReply, logText, reply } from "../../../src/engine/protocol/reply.ts";
import { EngineError } from "../../../src/engine/errors.ts";

describe("replies", () => {
  test("have the code before the text of one line", () =>
    assert.equal(formatReply(reply(200, "OK")), "200 OK\r\n"));

  test("of several lines have a hyphen in the first line and indented inner lines (RFC 959 section 4.2)", () => {
    assert.equal(
      formatReply(reply(211, "Features", "211 SIZE", "End")),
      "211-Features\r\n 211 SIZE\r\n211 End\r\n",
    );
  });

  // id: forged-lines
  test("contain no forged line for any text", () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: "binary" }), { minLength: 1 }), ([first = "", ...rest]) => {
        const lines = formatReply(reply(250, first, ...rest)).split(/\r\n/u);
        assert.equal(lines.length, rest.length + 2);
        assert.equal(lines.filter((line) => line.startsWith("250 ")).length, 1);
        assert.ok(lines.every((line) => !/[\r\n\0]/u.test(line)));
      }),
    );
  });

  test("contain bytes that are not UTF-8 unchanged, and 0xFF twice (RFC 854)", () => {
    const named = reply(257, '"/\udce9\udcff ä\u{1f0ff}" was made');
    assert.deepEqual(
      encodeReply(named),
      Buffer.concat([Buffer.from('257 "/\xe9\xff\xff ', "latin1"), Buffer.from('ä\u{1f0ff}" was made\r\n')]),
    );
    assert.equal(encodeReply(reply(200, "ä")), "200 ä\r\n");
  });

  test("are logged with escapes for bytes that are not UTF-8", () => {
    assert.equal(logText("a\r\n\udce9b\ud83d"), "a??\\xE9b\ufffd");
  });

  test("show control characters as question marks", () =>
    assert.equal(printable("a\r\n\0\u009bb"), "a????b"));

  test("to an unknown error contain no details", () => {
    assert.deepEqual(errorReply(new Error("/secret/path")), reply(451, "Internal error."));
  });

  for (const [code, expected] of [
    ["NotFound", 550],
    ["NameNotAllowed", 553],
    ["NoSpace", 452],
    ["ConnectionLost", 426],
    ["Aborted", 426],
    ["TimedOut", 426],
    ["DataConnectionFailed", 425],
    ["PassivePortsExhausted", 425],
    ["Internal", 451],
  ] as const) {
    test(`to the error ${code} have the code ${expected}`, () =>
      assert.equal(errorReply(new EngineError(code, "x")).code, expected));
  }
});
