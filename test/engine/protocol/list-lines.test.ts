import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { PERMISSIONS } from "../../../src/api/engine-config.ts";
import { factLine, listLine, parseTimeValue, timeValue } from "../../../src/engine/protocol/list-lines.ts";
import { FACTS } from "../../../src/engine/session/state.ts";
import type { Entry } from "../../../src/engine/storage/storage.ts";

const NOW = Date.parse("2026-06-15T12:00:00Z");
const file: Entry = {
  name: "a b",
  type: "File",
  size: 1234,
  modified: new Date("2026-06-01T02:03:04Z"),
  unique: "u1",
  mode: 0o640,
};
const directory: Entry = { ...file, name: "d", type: "Directory", size: 0, mode: 0o755 };

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
    test(JSON.stringify(entry.name + entry.modified.toISOString()), () =>
      assert.equal(listLine(entry, NOW), expected),
    );
  }
});

describe("MLSD", () => {
  const all = new Set(FACTS);

  // id: mlsd-facts
  test("every fact of a file", () => {
    assert.equal(
      factLine(file, file.name, all, new Set(PERMISSIONS)),
      "Type=file;Size=1234;Modify=20260601020304;Perm=adfrw;Unique=u1;UNIX.mode=0640; a b",
    );
  });

  test("a directory has no size", () => {
    assert.equal(
      factLine(directory, "d", all, new Set(PERMISSIONS)),
      "Type=dir;Modify=20260601020304;Perm=cdeflmp;Unique=u1;UNIX.mode=0755; d",
    );
  });

  test("perm says what this user may do", () => {
    assert.equal(factLine(file, "f", new Set(["Perm"]), new Set(["Read"])), "Perm=r; f");
    assert.equal(factLine(directory, "d", new Set(["Perm"]), new Set(["List"])), "Perm=el; d");
  });

  test("no facts: a space and the name (RFC 3659 section 7.2)", () =>
    assert.equal(factLine(file, "f", new Set(), new Set()), " f"));
});

describe("time values", () => {
  for (const [text, expected] of [
    ["20260601020304", "2026-06-01T02:03:04.000Z"],
    ["20260601020304.567", "2026-06-01T02:03:04.000Z"],
    ["20240229000000", "2024-02-29T00:00:00.000Z"],
    ["20260229000000", undefined],
    ["20261301000000", undefined],
    ["20260601240000", undefined],
    ["2026060102030", undefined],
    ["x", undefined],
  ] as const) {
    test(text, () => assert.equal(parseTimeValue(text)?.toISOString(), expected));
  }

  test("are UTC", () => assert.equal(timeValue(new Date("2026-06-01T02:03:04+02:00")), "20260601000304"));
});
