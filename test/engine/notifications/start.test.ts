/** Start and end of an engine with notifications. */
import assert from "node:assert/strict";
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { OUTBOX_DIRECTORY } from "../../../src/api/engine-notifications.ts";
import { makeTemporaryFolder } from "../../cluster/temporary.ts";
import { waitUntil } from "../../cluster/wait.ts";
import { EngineProcess } from "../../support/engine/engine-process.ts";
import { EventReceiver } from "../../support/notifications/event-receiver.ts";
import { loggedIn, NotifiedEngines, notificationsTo } from "../../support/notifications/notified-engine.ts";

const SINKS = 16;
const STARTS = 4;
const TIMEOUT = 60_000;

// The umask for the administration socket applies to the entire process, including new outbox directories.
test("the engine can use all directories of its outbox when it also has an administration socket", async () => {
  const folder = await makeTemporaryFolder();
  for (let start = 0; start < STARTS; start++) {
    const root = join(folder, `events-${start}`);
    const one = notificationsTo("http://127.0.0.1:9/", root);
    const sinks = one.sinks.flatMap((sink) =>
      Array.from({ length: SINKS }, (_, index) => ({ ...sink, name: `sink-${index}` })),
    );
    const socket = join(folder, `admin-${start}.sock`);
    const engine = await EngineProcess.start(
      folder,
      { notifications: { ...one, sinks } },
      { engine: ["--admin-socket", socket] },
    );
    const outbox = join(root, OUTBOX_DIRECTORY);
    await waitUntil("the outbox is open", TIMEOUT, async () => {
      const logs = (await readdir(outbox, { recursive: true })).filter((path) => /sink-\d+$/u.test(path));
      assert.equal(logs.length, SINKS);
    });
    for (const path of await readdir(outbox, { recursive: true })) {
      const found = await stat(join(outbox, path));
      if (found.isDirectory()) assert.equal(found.mode & 0o777, 0o700, path);
    }
    engine.kill();
    await engine.ended;
  }
});

test("an engine ends without errors while requests are in flight, and the next engine delivers their events", async () => {
  await using receiver = await EventReceiver.start();
  await using engines = await NotifiedEngines.create();
  const notifications = notificationsTo(receiver.url, engines.root, { events: ["FileUploaded"] });
  receiver.answer = () => new Promise(() => undefined);
  const first = await engines.start(notifications);
  const client = await loggedIn(first);
  for (const name of ["one", "two", "three"]) assert.equal(await client.upload(`STOR ${name}`, "x"), 226);
  await waitUntil("the requests have arrived", TIMEOUT, () => assert.equal(receiver.requests, 3));
  await client.command("QUIT");
  first.signal();
  assert.equal(await first.ended, 0);
  assert.deepEqual(first.errors, []);
  receiver.answer = () => ({ status: 204 });
  await engines.start(notifications);
  await waitUntil("all events have arrived", TIMEOUT, () => {
    const subjects = new Set(receiver.events.map(({ event }) => event.subject));
    assert.deepEqual(subjects, new Set(["/one", "/two", "/three"]));
  });
});
