import assert from "node:assert/strict";
import { describe, test } from "node:test";
import * as fc from "fast-check";
import { LineFramer, type InputLine } from "../../../src/engine/protocol/framing.ts";
import { collectGarbage } from "../../support/collect-garbage.ts";

const MAX_LINE_BYTES = 700;

/** Returns the lines into which the framer divides the pieces of input. */
function linesOf(...pieces: Uint8Array[]): InputLine[] {
  const framer = new LineFramer(MAX_LINE_BYTES);
  const lines: InputLine[] = [];
  for (const piece of pieces) {
    framer.push(piece);
    for (let line = framer.next(); line !== undefined; line = framer.next()) lines.push(line);
  }
  return lines;
}

const line = (text: string): InputLine => ({ type: "Line", text });
const latin1 = (text: string): Buffer => Buffer.from(text, "latin1");

/** Returns every combination of one element from each array. */
function product(as: string[], bs: string[], cs: string[]): [string, string, string][] {
  return as.flatMap((a) => bs.flatMap((b) => cs.map((c): [string, string, string] => [a, b, c])));
}

const CASES: readonly [string, Buffer, InputLine[]][] = [
  ["CRLF", latin1("NOOP\r\n"), [line("NOOP")]],
  ["LF alone", latin1("NOOP\n"), [line("NOOP")]],
  ["several lines", latin1("A\r\nB\nC\r\n"), [line("A"), line("B"), line("C")]],
  ["a line without its end", latin1("A\r\nB"), [line("A")]],
  ["a blank line", latin1("\r\n"), [line("")]],
  ["a CR inside a line as text", latin1("A\rB\r\n"), [line("A\rB")]],
  ["only one CR as part of the line end", latin1("A\r\r\n"), [line("A\r")]],
  ["UTF-8", Buffer.from("CWD ä€😀\r\n"), [line("CWD ä€😀")]],
  ["bytes that are not UTF-8", latin1("CWD \xe4\r\nNOOP\r\n"), [line("CWD \udce4"), line("NOOP")]],
  ["an incomplete UTF-8 character", latin1("CWD \xc3\r\n"), [line("CWD \udcc3")]],
  ["a verb that is not UTF-8", latin1("\xe4 a\r\n"), [line("\udce4 a")]],
  ["0xFF in an argument, doubled", latin1("CWD a\xff\xffb\r\n"), [line("CWD a\udcffb")]],
  ["0xFF in an argument, alone", latin1("CWD a\xffb\r\n"), [line("CWD a\udcffb")]],
  ["0xFF at the end of an argument", latin1("CWD a\xff\r\n"), [line("CWD a\udcff")]],
  ["0xFF at the end of an argument, LF alone", latin1("CWD a\xff\n"), [line("CWD a\udcff")]],
  [
    "0xFF and a Telnet command in an argument",
    latin1("CWD a\xff\xf4\xff\xfd\xff\xfa\r\n"),
    [line("CWD a\udcff\udcf4\udcff\udcfd\udcff\udcfa")],
  ],
  ["three 0xFF in an argument", latin1("CWD \xff\xff\xff\r\n"), [line("CWD \udcff\udcff")]],
  ["Telnet IP and DM before a verb", latin1("\xff\xf4\xff\xf2ABOR\r\n"), [line("ABOR")]],
  ["a Synch whose IAC was removed as urgent data", latin1("\xff\xf4\xf2ABOR\r\n"), [line("ABOR")]],
  ["a Synch whose DM was removed as urgent data", latin1("\xff\xf4\xffABOR\r\n"), [line("ABOR")]],
  ["ABOR whose LF was removed as urgent data", latin1("abor\r"), [line("abor")]],
  ["STAT whose LF was removed, and another line", latin1("STAT\rPWD\r\n"), [line("STAT"), line("PWD")]],
  ["NOOP and QUIT whose LF was removed", latin1("noop\rQuit\r"), [line("noop"), line("Quit")]],
  ["STAT with a path whose LF was removed", latin1("STAT /a b\r"), [line("STAT /a b")]],
  [
    "a Synch before STAT whose LF was removed",
    latin1("\xff\xf4\xff\xf2STAT\rNOOP\r\n"),
    [line("STAT"), line("NOOP")],
  ],
  ["STAT with its LF", latin1("STAT\r\nSTAT /\r\nNOOP\r\n"), [line("STAT"), line("STAT /"), line("NOOP")]],
  ["a CR after another verb as text", latin1("PWD\rSTATUS\rABORT\r\n"), [line("PWD\rSTATUS\rABORT")]],
  ["ABOR with its LF", latin1("ABOR\r\nNOOP\r\n"), [line("ABOR"), line("NOOP")]],
  ["ABOR and a blank line", latin1("ABOR\r\n\r\n"), [line("ABOR"), line("")]],
  ["DO and WONT", latin1("\xff\xfd\x01NO\xff\xfc\x03OP\r\n"), [line("NOOP")]],
  ["a subnegotiation", latin1("\xff\xfa\x18\x00xterm\xff\xf0NOOP\r\n"), [line("NOOP")]],
  [
    "a subnegotiation without an end up to the end of its line",
    latin1("\xff\xfaxx\r\nNOOP\r\n"),
    [line(""), line("NOOP")],
  ],
  [
    "a line of the maximum length",
    latin1(`${"x".repeat(MAX_LINE_BYTES - 1)}\n`),
    [line("x".repeat(MAX_LINE_BYTES - 1))],
  ],
  [
    "a line of one byte above the maximum as too long",
    latin1(`${"x".repeat(MAX_LINE_BYTES)}\nNOOP\n`),
    [{ type: "TooLong" }, line("NOOP")],
  ],
  [
    "a line far above the maximum as too long",
    latin1(`${"x".repeat(1e5)}\nNOOP\n`),
    [{ type: "TooLong" }, line("NOOP")],
  ],
];

describe("LineFramer", () => {
  for (const [name, bytes, expected] of CASES) {
    test(`parses ${name}`, () => {
      assert.deepEqual(linesOf(bytes), expected, "in one piece");
      assert.deepEqual(linesOf(...Array.from(bytes, (byte) => Buffer.of(byte))), expected, "byte by byte");
    });
  }

  test("does not keep the memory of completely read input", () => {
    const framer = new LineFramer(MAX_LINE_BYTES);
    const bytes = new Uint8Array(latin1("NOOP\r\n"));
    framer.push(bytes);
    assert.deepEqual(framer.next(), line("NOOP"));
    assert.equal(framer.next(), undefined);
    // Node.js rejects a view of transferred memory.
    bytes.buffer.transfer(0);
    framer.push(latin1("QUIT\r\n"));
    assert.deepEqual(framer.next(), line("QUIT"));
  });

  test("does not keep the memory of the last line", () => {
    const [count, bytes] = [100, 256 * 1024];
    const memory = (): number => {
      collectGarbage();
      return process.memoryUsage().arrayBuffers;
    };
    const before = memory();
    const framers = Array.from({ length: count }, () => new LineFramer(bytes));
    const send = (text: string): void => {
      for (const framer of framers) {
        framer.push(latin1(text));
        while (framer.next() !== undefined);
      }
    };
    send("x".repeat(bytes - 1));
    const unfinished = memory() - before;
    assert.ok(unfinished > 0.9 * count * bytes, `${unfinished} bytes for unfinished lines`);
    send("\n");
    const idle = memory() - before;
    assert.ok(idle < 0.1 * count * bytes, `${idle} bytes`);
    assert.ok(framers.every(({ pending }) => !pending));
  });

  // id: bare-carriage-return-2
  test("ends a line of urgent data in chunks of any size, and returns the complete next line", () => {
    for (const [text, synch, next] of product(
      ["ABOR", "STAT", "STAT /d/e", "NOOP", "QUIT"],
      ["", "\xff\xf4\xff\xf2", "\xff\xf4\xf2", "\xff\xf4\xff"],
      ["PWD\r\n", "\r\n", "\nPWD\r\n"],
    )) {
      const urgent = latin1(`${synch}${text}\r`);
      for (let cut = 0; cut <= urgent.length; cut++) {
        const lines = linesOf(urgent.subarray(0, cut), urgent.subarray(cut), latin1(next));
        assert.deepEqual(lines, [line(text), line(next.trim())], JSON.stringify([text, cut, next]));
      }
    }
  });

  // id: bare-carriage-return
  test("keeps a CR within an argument as text, so that it starts no other command", () => {
    assert.deepEqual(linesOf(latin1("STAT a\rDELE b\r\n")), [line("STAT a\rDELE b")]);
    assert.deepEqual(linesOf(latin1("NOOP \rDELE b\r\n")), [line("NOOP \rDELE b")]);
    assert.deepEqual(linesOf(latin1("DELE a\r"), latin1("DELE b\r\n")), [line("DELE a\rDELE b")]);
  });

  test("returns the same lines for input in chunks of any size", () => {
    const soup = fc.array(
      fc.oneof(
        fc.uint8Array({ maxLength: 20 }),
        fc.constantFrom(latin1("\r\n"), latin1("\xff"), latin1("\nABOR")),
      ),
    );
    fc.assert(
      fc.property(soup, fc.array(fc.nat(200)), (parts, cuts) => {
        const bytes = Buffer.concat(parts);
        const at = [0, ...cuts.filter((cut) => cut < bytes.length).toSorted((a, b) => a - b), bytes.length];
        const pieces = at.slice(1).map((end, index) => bytes.subarray(at[index], end));
        assert.deepEqual(linesOf(...pieces), linesOf(bytes));
      }),
    );
  });
});
