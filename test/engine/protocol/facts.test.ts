import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { PERMISSIONS } from "../../../src/api/engine-config.ts";
import { FACTS, factLine, parseTimeValue, timeValue } from "../../../src/engine/protocol/facts.ts";
import type { ListedEntry } from "../../../src/engine/protocol/list-lines.ts";

const file: ListedEntry = {
  name: "a b",
  type: "File",
  size: 1234,
  modified: new Date("2026-06-01T02:03:04Z"),
  unique: "u1",
  mode: 0o640,
};
const directory: ListedEntry = { ...file, name: "d", type: "Directory", size: 0, mode: 0o755 };

describe("MLSD", () => {
  const all = new Set(FACTS);

  // id: mlsd-facts
  test("shows every fact of a file", () => {
    assert.equal(
      factLine(file, file.name, all, new Set(PERMISSIONS)),
      "Type=file;Size=1234;Modify=20260601020304;Perm=adfrw;Unique=u1;UNIX.mode=0640; a b",
    );
  });

  test("shows no size for a directory", () => {
    assert.equal(
      factLine(directory, "d", all, new Set(PERMISSIONS)),
      "Type=dir;Modify=20260601020304;Perm=cdeflmp;Unique=u1;UNIX.mode=0755; d",
    );
  });

  test("shows the permissions of the user in the perm fact", () => {
    assert.equal(factLine(file, "f", new Set(["Perm"]), new Set(["Read"])), "Perm=r; f");
    assert.equal(factLine(directory, "d", new Set(["Perm"]), new Set(["List"])), "Perm=el; d");
  });

  test("shows a space and the name when no facts are selected (RFC 3659 section 7.2)", () =>
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
    test(`are parsed from ${text}`, () => assert.equal(parseTimeValue(text)?.toISOString(), expected));
  }

  test("are UTC", () => assert.equal(timeValue(new Date("2026-06-01T02:03:04+02:00")), "20260601000304"));
});
