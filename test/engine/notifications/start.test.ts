/** Tests the start and end of an engine with notifications. */
import assert from "node:assert/strict";
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { OUTBOX_DIRECTORY } from "../../../src/api/engine-notifications.ts";
import { makeTemporaryFolder } from "../../cluster/temporary.ts";
import { waitUntil } from "../../cluster/wait.ts";
import { EngineProcess } from "../../support/engine/engine-process.ts";
import { EventReceiver } from "../../support/notifications/event-receiver.ts";
import { loggedIn, NotifiedEngines, notificationsTo } from "../../support/notifications/notified-engine.ts";

const TIMEOUT = 60_000;

// The umask for the administration socket applies to the entire process. Directories of the outbox must not get this
// umask.
test("the engine creates its outbox after the administration socket", async () => {
  const folder = await makeTemporaryFolder();
  const root = join(folder, "events");
  const socket = join(folder, "admin.sock");
  const engine = await EngineProcess.start(
    folder,
    { notifications: notificationsTo("http://127.0.0.1:9/", root) },
    { engine: ["--admin-socket", socket] },
  );
  const createdAt = async (path: string): Promise<bigint> => (await stat(path, { bigint: true })).birthtimeNs;
  const outboxAt = await waitUntil("the outbox is open", TIMEOUT, () =>
    createdAt(join(root, OUTBOX_DIRECTORY)),
  );
  assert.ok((await createdAt(socket)) < outboxAt);
  engine.kill();
  await engine.ended;
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
