import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type ListedEntry, listLine } from "../../../src/engine/protocol/list-lines.ts";

const NOW = Date.parse("2026-06-15T12:00:00Z");
const file: ListedEntry = {
  name: "a b",
  type: "File",
  size: 1234,
  modified: new Date("2026-06-01T02:03:04Z"),
  unique: "u1",
  mode: 0o640,
};
const directory: ListedEntry = { ...file, name: "d", type: "Directory", size: 0, mode: 0o755 };

describe("LIST", () => {
  for (const [entry, expected] of [
    [file, "-rw-r-----    1 ftp      ftp              1234 Jun  1 02:03 a b"],
    [directory, "drwxr-xr-x    2 ftp      ftp                 0 Jun  1 02:03 d"],
    [
      { ...file, modified: new Date("2025-11-30T00:00:00Z") },
      "-rw-r-----    1 ftp      ftp              1234 Nov 30  2025 a b",
    ],
    [
      { ...file, modified: new Date("2027-01-01T00:00:00Z") },
      "-rw-r-----    1 ftp      ftp              1234 Jan  1  2027 a b",
    ],
    [
      { ...file, name: "x\r\n-rw forged" },
      "-rw-r-----    1 ftp      ftp              1234 Jun  1 02:03 x??-rw forged",
    ],
  ] as const) {
    test(`formats ${JSON.stringify(entry.name + entry.modified.toISOString())}`, () =>
      assert.equal(listLine(entry, NOW), expected));
  }
});
