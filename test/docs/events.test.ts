import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { NOTIFICATION_EVENTS } from "../../src/api/engine-notifications.ts";
import { CLOUD_EVENT_TYPES } from "../../src/engine/notifications/cloud-event.ts";
import { EventLines } from "../../src/engine/notifications/event-lines.ts";
import { signatureHeaders } from "../../src/engine/notifications/delivery/signature.ts";

const run = promisify(execFile);
const DOCS = join(import.meta.dirname, "../../docs");
const reference = readFileSync(join(DOCS, "reference/events.md"), "utf8");
const guide = readFileSync(join(DOCS, "how-to/notify-a-pipeline.md"), "utf8");

function block(page: string, language: string): string {
  return new RegExp(`\`\`\`${language}\n(.*?)\`\`\``, "su").exec(page)?.[1] ?? assert.fail();
}

test("the reference lists all events with their types", () => {
  const rows = [...reference.matchAll(/^\| `(\w+)` \| `(io\.[a-z.-]+)` \|/gmu)].map(([, event, type]) => [
    event,
    type,
  ]);
  assert.deepEqual(
    rows,
    NOTIFICATION_EVENTS.map((event) => [event, CLOUD_EVENT_TYPES[event]]),
  );
});

test("the example in the reference is the event of an upload", () => {
  const example = JSON.parse(block(reference, "json"));
  const origin = { source: example.source, namespace: "files", server: "demo", slot: "a" };
  const line = new EventLines(origin, { storage: { root: "/srv" } }).lineOf(
    {
      type: "FileUploaded",
      account: { name: "alice", homeDirectory: "/alice", mounts: [] },
      client: "192.0.2.1",
      path: "/inbox/order.csv",
      size: 1024,
      transferredBytes: 1024,
      durationSeconds: 0.25,
    },
    { id: example.id, time: new Date(example.time) },
  );
  assert.deepEqual(JSON.parse(line).event, example);
});

const BODY = '{"name":"文"}';

/**
 * Returns the results of a verification example for the correct request, a changed body, an old request and another
 * key.
 */
async function results(call: (key: string, headers: object, body: string) => Promise<boolean>, key: string) {
  const headers = signatureHeaders(key, "id-1", BODY, Date.now());
  const old = signatureHeaders(key, "id-1", BODY, Date.now() - 600_000);
  return [
    await call(key, headers, BODY),
    await call(key, headers, `${BODY} `),
    await call(key, old, BODY),
    await call("other", headers, BODY),
  ];
}

const KEYS = ["a key", `whsec_${Buffer.from("another key").toString("base64")}`];

test("the Node.js example accepts only a valid signature", async () => {
  const directory = await mkdtemp(join(tmpdir(), "verify-"));
  try {
    const file = join(directory, "verify.mjs");
    await writeFile(file, block(guide, "js"));
    const { verify } = await import(pathToFileURL(file).href);
    for (const key of KEYS)
      assert.deepEqual(await results(async (...values) => verify(...values), key), [
        true,
        false,
        false,
        false,
      ]);
  } finally {
    await rm(directory, { recursive: true });
  }
});

test("the Python example accepts only a valid signature", async () => {
  const script = `${block(guide, "python")}
import json, sys
key, headers, body = json.loads(sys.argv[1])
print(json.dumps(verify(key, headers, body.encode())))`;
  const call = async (...values: unknown[]): Promise<boolean> => {
    const { stdout } = await run("python3", ["-c", script, JSON.stringify(values)]);
    return JSON.parse(stdout);
  };
  for (const key of KEYS) assert.deepEqual(await results(call, key), [true, false, false, false]);
});
