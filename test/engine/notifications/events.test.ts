import assert from "node:assert/strict";
import { test } from "node:test";
import * as sdk from "cloudevents";
import { array, assert as check, constantFrom, property, uint8Array } from "fast-check";
import { decodeBytes } from "../../../src/common/escaped-bytes.ts";
import { orderKeysOf, toCloudEvent } from "../../../src/engine/notifications/cloud-event.ts";
import { toMessage } from "../../../src/engine/notifications/delivery/http-message.ts";
import type { FileEvent } from "../../../src/engine/notifications/event.ts";
import { locationOf as placeOf } from "../../../src/engine/notifications/location.ts";
import { matchesPath } from "../../../src/engine/notifications/subscription.ts";

const EVENT: FileEvent = {
  type: "FileUploaded",
  account: { name: "alice", homeDirectory: "/alice", mounts: [] },
  client: "192.0.2.1",
  path: "/in.csv",
};
const locationOf = (event: FileEvent) => placeOf({ storage: { root: "/srv" } }, event);
const occurrence = {
  id: "1",
  time: new Date("2026-01-01T00:00:00Z"),
  origin: { source: "/test", namespace: "test", server: "files" },
  locationOf,
};

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
        const json = JSON.parse(JSON.stringify(toCloudEvent({ ...EVENT, path }, occurrence)));
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
  const { data } = toCloudEvent({ ...EVENT, path: decodeBytes(bytes) }, occurrence);
  assert.equal(data.path, "/\\xE4b");
  assert.equal(data.pathBytes, bytes.toString("base64"));
});

test("a rename has the order keys of both names", () => {
  assert.deepEqual(orderKeysOf({ ...EVENT, type: "FileRenamed", previousPath: "/old" }, locationOf), [
    "/alice/in.csv",
    "/alice/old",
  ]);
});

test("an event of a mount has the storage of the mount", () => {
  const objectStorage = {
    bucket: "archive",
    prefix: "a/b",
    region: "x",
    forcePathStyle: false,
    credentials: { type: "Chain" as const },
    multipart: { partSizeBytes: 1, concurrency: 1 },
  };
  const config = {
    storage: { root: "/srv" },
    additionalStorage: { old: { objectStorage }, disk: { root: "/x" } },
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
