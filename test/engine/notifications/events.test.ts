import assert from "node:assert/strict";
import { test } from "node:test";
import * as sdk from "cloudevents";
import { array, assert as check, constantFrom, property, string, uint8Array } from "fast-check";
import { decodeBytes } from "../../../src/common/escaped-bytes.ts";
import { toMessage } from "../../../src/engine/notifications/delivery/http-message.ts";
import { parseStored, type StoredEvent } from "../../../src/engine/notifications/delivery/stored-event.ts";
import type { EngineEvent, FileEvent } from "../../../src/engine/notifications/event.ts";
import { EventLines } from "../../../src/engine/notifications/event-lines.ts";
import { locationOf as placeOf } from "../../../src/engine/notifications/location.ts";
import { matchesPath } from "../../../src/engine/notifications/subscription.ts";

const EVENT: FileEvent = {
  type: "FileUploaded",
  account: { name: "alice", homeDirectory: "/alice", mounts: [] },
  client: "192.0.2.1",
  path: "/in.csv",
};
const ORIGIN = { source: "/test", namespace: "test", server: "files" };
const OCCURRENCE = { id: "1", time: new Date("2026-01-01T00:00:00Z") };
const LINES = new EventLines(ORIGIN, { storage: { root: "/srv" } });
const OBJECT_STORAGE = {
  bucket: "archive",
  prefix: "a/b",
  region: "x",
  forcePathStyle: false,
  credentials: { type: "Chain" as const },
  multipart: { partSizeBytes: 1, concurrency: 1 },
};

function storedOf(event: EngineEvent): StoredEvent {
  return parseStored(LINES.lineOf(event, OCCURRENCE)) ?? assert.fail();
}

test("path patterns match names and any number of directories", () => {
  for (const [pattern, path, expected] of [
    ["/*.csv", "/a.csv", true],
    ["/*.csv", "/in/a.csv", false],
    ["/**/*.csv", "/a.csv", true],
    ["/**/*.csv", "/in/deep/a.csv", true],
    ["/in/**", "/in/deep/a.csv", true],
    ["/in/**", "/in", true],
    ["/in/**", "/inn/a", false],
    ["/in/?.csv", "/in/.csv", false],
    ["/in/*", "/in/.hidden", true],
    ["/**/out/**", "/a/out/b", true],
  ] as const)
    assert.equal(matchesPath(pattern, path), expected, `${pattern} ${path}`);
});

test("path patterns match as in node:path for paths without leading dots", async () => {
  const { matchesGlob } = await import("node:path/posix");
  const names = array(constantFrom("a", "b", "ab"), { minLength: 1, maxLength: 4 });
  const patterns = array(constantFrom("a", "b", "a*", "?", "*", "**"), { minLength: 1, maxLength: 4 });
  check(
    property(names, patterns, (path, pattern) => {
      const [one, other] = [`/${pattern.join("/")}`, `/${path.join("/")}`];
      // In node:path, a final `**` does not match the directory itself.
      if (pattern.at(-1) !== "**") assert.equal(matchesPath(one, other), matchesGlob(other, one));
    }),
  );
});

test("events are valid CloudEvents with any file name, in both content modes", () => {
  check(
    property(
      uint8Array({ minLength: 1, maxLength: 20 }),
      constantFrom("Structured", "Binary"),
      (bytes, mode) => {
        const path = `/${decodeBytes(bytes)}`;
        const { event: json } = storedOf({ ...EVENT, path });
        const { headers, body } = toMessage(sdk, json, mode);
        for (const [name, value] of Object.entries(headers))
          assert.doesNotThrow(() => new Headers([[name, value]]));
        const parsed = sdk.HTTP.toEvent({ headers, body });
        assert.ok(!Array.isArray(parsed) && new sdk.CloudEvent(parsed).validate());
        const subject = mode === "Binary" ? decodeURIComponent(String(parsed.subject)) : parsed.subject;
        assert.equal(subject, json.subject);
      },
    ),
  );
});

test("the bytes of a file name that is not UTF-8 are in the event", () => {
  const bytes = Buffer.from([0x2f, 0xe4, 0x62]);
  const { data } = storedOf({ ...EVENT, path: decodeBytes(bytes) }).event;
  assert.equal(data.path, "/\\xE4b");
  assert.equal(data.pathBytes, bytes.toString("base64"));
});

test("a rename has the order keys of both names", () => {
  const { keys } = storedOf({ ...EVENT, type: "FileRenamed", previousPath: "/old" });
  assert.deepEqual(keys, ["/alice/in.csv", "/alice/old"]);
});

// During an upgrade, engines of the old version and of the new version can take over each other's lines.
test("a line of an upload has the format of earlier versions", () => {
  const lines = new EventLines({ ...ORIGIN, slot: "a" }, { storage: { root: "/srv" } });
  const transfer = { size: 4, transferredBytes: 2, durationSeconds: 0.5 };
  assert.equal(
    lines.lineOf({ ...EVENT, path: '/"文".csv', ...transfer }, OCCURRENCE),
    String.raw`{"keys":["/alice/\"文\".csv"],"event":{"specversion":"1.0","id":"1","source":"/test","type":"io.ftp-operator.file.uploaded","time":"2026-01-01T00:00:00.000Z","datacontenttype":"application/json","subject":"/alice/\"文\".csv","data":{"namespace":"test","server":"files","slot":"a","user":"alice","clientAddress":"192.0.2.1","path":"/\"文\".csv","storage":{"type":"Volume","path":"/alice/\"文\".csv"},"size":4,"transferredBytes":2,"durationSeconds":0.5}}}`,
  );
});

test("a line of an object, a rename or a login has the format of earlier versions", () => {
  const checksum = { algorithm: "CRC32", value: "cbf43926" } as const;
  const access = "ReadWrite" as const;
  const mounts = [
    { path: "/old", storage: "old", subPath: "/2026", access },
    { path: "/disk", storage: "disk", subPath: "/", access },
  ];
  const lines = new EventLines(ORIGIN, {
    storage: { root: "/srv" },
    additionalStorage: { old: { objectStorage: OBJECT_STORAGE }, disk: { root: "/x" } },
  });
  const account = { ...EVENT.account, mounts };
  const moved = {
    ...EVENT,
    type: "FileRenamed",
    account,
    path: "/disk/f",
    previousPath: "/old/\udce4",
  } as const;
  const login = { type: "LoginFailed", user: 'a"\n', client: "192.0.2.1" } as const;
  const start = '"event":{"specversion":"1.0","id":"1","source":"/test","type":"io.ftp-operator.';
  const middle = '","time":"2026-01-01T00:00:00.000Z","datacontenttype":"application/json","subject":';
  const data = '"data":{"namespace":"test","server":"files","user":';
  for (const [event, line] of [
    [
      { ...EVENT, account, path: "/old/\udce4", checksum },
      String.raw`{"keys":["archive/a/b/2026/\udce4"],${start}file.uploaded${middle}"a/b/2026/\\xE4",${data}"alice","clientAddress":"192.0.2.1","path":"/old/\\xE4","pathBytes":"L29sZC/k","storage":{"type":"ObjectStorage","bucket":"archive","key":"a/b/2026/\\xE4"},"checksum":{"algorithm":"CRC32","value":"cbf43926"}}}}`,
    ],
    [
      moved,
      String.raw`{"keys":["disk/f","archive/a/b/2026/\udce4"],${start}file.renamed${middle}"/f",${data}"alice","clientAddress":"192.0.2.1","path":"/disk/f","previousPath":"/old/\\xE4","storage":{"type":"Volume","name":"disk","path":"/f"}}}}`,
    ],
    [
      { ...login, reason: "Rejected" },
      String.raw`{"keys":[],${start}login.failed${middle}"a\"?",${data}"a\"?","clientAddress":"192.0.2.1","reason":"Rejected"}}}`,
    ],
  ] as const)
    assert.equal(lines.lineOf(event, OCCURRENCE), line);
});

test("a line is JSON text with any user, file name and address", () => {
  const names = string({
    unit: constantFrom("a", '"', "\\", "/", " ", "\n", "\u007f", "\u2028", "文", "\udce4"),
  });
  check(
    property(names, uint8Array(), names, (user, bytes, client) => {
      const path = `/${decodeBytes(bytes)}`;
      for (const event of [
        { ...EVENT, account: { ...EVENT.account, name: user }, client, path },
        { ...EVENT, type: "FileRenamed", previousPath: path },
        { type: "LoginSucceeded", user, client },
      ] as const) {
        const line = LINES.lineOf(event, OCCURRENCE);
        assert.equal(JSON.stringify(JSON.parse(line)), line);
      }
    }),
  );
});

test("an event for a file in a mount contains the storage of the mount", () => {
  const config = {
    storage: { root: "/srv" },
    additionalStorage: { old: { objectStorage: OBJECT_STORAGE }, disk: { root: "/x" } },
  };
  const access = "ReadWrite" as const;
  const mounts = [
    { path: "/old", storage: "old", subPath: "/2026", access },
    { path: "/old/shared", storage: "disk", subPath: "/", access },
  ];
  const place = (path: string) => placeOf(config, { path, account: { ...EVENT.account, mounts } });
  assert.deepEqual(place("/old/f"), { type: "ObjectStorage", bucket: "archive", key: "a/b/2026/f" });
  assert.deepEqual(place("/old/shared/f"), { type: "Volume", name: "disk", path: "/f" });
  assert.deepEqual(place("/older"), { type: "Volume", path: "/alice/older" });
});
