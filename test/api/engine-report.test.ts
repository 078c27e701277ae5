import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type EngineReport, parseReport, type VolumeReport } from "../../src/api/engine-report.ts";

const STORAGE: VolumeReport = {
  state: "NotWritable",
  path: "/data",
  uid: 65532,
  gid: 65532,
  groups: [65532, 2000],
  root: { uid: 0, gid: 0, mode: "0755" },
  code: "EACCES",
  step: "create",
};
const REPORT: EngineReport = { version: "0.2.0-rc.1", ready: false, storage: STORAGE };
const { root: _, code: _code, step: _step, ...SHORT } = STORAGE;
const BUCKET: EngineReport = {
  version: "0.2.0",
  ready: false,
  storage: { type: "ObjectStorage", state: "BucketNotFound", code: "NoSuchBucket", step: "list" },
};

describe("the report of an engine", () => {
  test("is parsed without unknown fields", () => {
    assert.deepEqual(parseReport(JSON.stringify(REPORT)), REPORT);
    const short = { ...REPORT, ready: true, storage: { ...SHORT, state: "Writable" as const } };
    assert.deepEqual(parseReport(JSON.stringify({ ...short, later: 1 })), short);
  });

  test("of object storage is parsed without the fields of a volume", () => {
    const sent = { ...BUCKET, storage: { ...BUCKET.storage, path: "/srv/ftp", uid: 1 } };
    assert.deepEqual(parseReport(JSON.stringify(sent)), BUCKET);
  });

  test("is parsed with the reports of additional storage", () => {
    const sent = { ...REPORT, additionalStorage: { inbox: STORAGE, archive: BUCKET.storage } };
    assert.deepEqual(parseReport(JSON.stringify(sent)), sent);
  });

  const wrong: Readonly<Record<string, unknown>> = {
    version: { ...REPORT, version: "0.1.0\nReady" },
    "version that is too long for the status": { ...REPORT, version: `0.1.0-${"a".repeat(58)}` },
    "no version": { ...REPORT, version: undefined },
    readiness: { ...REPORT, ready: "no" },
    storage: { ...REPORT, storage: null },
    list: [],
    "list of additional storage": { ...REPORT, additionalStorage: [STORAGE] },
    "name of additional storage": { ...REPORT, additionalStorage: { "Not a name": STORAGE } },
    "additional storage": { ...REPORT, additionalStorage: { inbox: { ...STORAGE, state: "Burning" } } },
    "number of additional storage": {
      ...REPORT,
      additionalStorage: Object.fromEntries("abcdefghi".split("").map((name) => [name, STORAGE])),
    },
    ...Object.fromEntries(
      Object.entries({
        state: "Burning",
        path: "/data\u001b[2J",
        uid: -1,
        gid: 2 ** 32,
        groups: ["0"],
        root: { uid: 0, gid: 0, mode: "rwx" },
        code: "everything is fine",
        step: "think",
        type: "Tape",
      }).map(([field, value]) => [
        `storage.${field}`,
        { ...REPORT, storage: { ...REPORT.storage, [field]: value } },
      ]),
    ),
    ...Object.fromEntries(
      Object.entries({ state: "NotWritable", code: "No such bucket", step: "create" }).map(
        ([field, value]) => [
          `${field} of object storage`,
          { ...BUCKET, storage: { ...BUCKET.storage, [field]: value } },
        ],
      ),
    ),
  };
  for (const [what, value] of Object.entries(wrong))
    test(`is rejected with an invalid ${what}`, () => {
      assert.equal(parseReport(JSON.stringify(value)), undefined);
    });

  test("is rejected when it is not JSON", () => {
    for (const text of ["ok\n", "", "{", "null"]) assert.equal(parseReport(text), undefined);
  });
});
