import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { waitUntil } from "../../cluster/wait.ts";
import { ControlClient } from "../../support/engine/control-client.ts";
import { makeCertificate } from "../../support/engine/certificates.ts";
import { EventReceiver } from "../../support/notifications/event-receiver.ts";
import { loggedIn, NotifiedEngines, notificationsTo } from "../../support/notifications/notified-engine.ts";

const TIMEOUT = 60_000;

// id: events
test("a sink receives one CloudEvent for each change, download and login", async () => {
  await using receiver = await EventReceiver.start();
  await using engines = await NotifiedEngines.create();
  const engine = await engines.start(notificationsTo(receiver.url, engines.root));
  const client = await loggedIn(engine);
  assert.equal(await client.upload("STOR in.csv", "content"), 226);
  assert.equal(await client.upload("APPE in.csv", " and more"), 226);
  assert.equal((await client.download("RETR in.csv")).code, 226);
  assert.equal(await client.code("MKD dir"), 257);
  assert.equal(await client.code("RNFR in.csv"), 350);
  assert.equal(await client.code("RNTO dir/out.csv"), 250);
  assert.equal(await client.code("DELE dir/out.csv"), 250);
  assert.equal(await client.code("RMD dir"), 250);
  const other = await ControlClient.overTcp(engine.config);
  await other.reply();
  await other.command("USER alice");
  assert.equal(await other.code("PASS hunter2"), 530);
  await waitUntil("all events have arrived", TIMEOUT, () => assert.equal(receiver.events.length, 9));
  assert.deepEqual(receiver.types.toSorted(), [
    "directory.created",
    "directory.removed",
    "file.deleted",
    "file.downloaded",
    "file.renamed",
    "file.uploaded",
    "file.uploaded",
    "login.failed",
    "login.succeeded",
  ]);
  const uploads = receiver.events.filter(({ event }) => event.type.endsWith("uploaded"));
  const { event } = uploads[1] ?? assert.fail();
  const { durationSeconds, ...data } = event.data ?? {};
  assert.ok(Number(durationSeconds) >= 0);
  assert.deepEqual(data, {
    namespace: "test",
    server: "files",
    slot: "a",
    user: "alice",
    clientAddress: "127.0.0.1",
    path: "/in.csv",
    storage: { type: "Volume", path: "/in.csv" },
    size: 16,
    transferredBytes: 9,
  });
  assert.equal(event.source, "/namespaces/test/ftpservers/files");
  assert.equal(event.subject, "/in.csv");
  const renamed = receiver.events.find(({ event: { type } }) => type.endsWith("renamed"));
  assert.equal(renamed?.event.data?.["previousPath"], "/in.csv");
  // No event contains a password, not even a wrong password.
  assert.ok(receiver.events.every(({ body }) => !body.includes("hunter2") && !body.includes("secret")));
  assert.match(
    (await engine.page("/metrics")).text,
    /^ftp_notifications_delivered_total\{notification="pipeline"\} 9$/m,
  );
});

test("clients cannot see the directory with undelivered events", async () => {
  await using receiver = await EventReceiver.start();
  await using engines = await NotifiedEngines.create();
  const client = await loggedIn(await engines.start(notificationsTo(receiver.url, engines.root)));
  assert.equal(await client.upload("STOR file", "content"), 226);
  assert.deepEqual((await client.download("NLST")).bytes.toString(), "file\r\n");
  assert.equal(await client.code("CWD .ftp-operator-events"), 553);
});

// id: filters
test("a sink receives only the selected events, paths and users", async () => {
  await using receiver = await EventReceiver.start();
  await using engines = await NotifiedEngines.create();
  const settings = { events: ["FileUploaded" as const], paths: ["/inbox/**/*.csv"], users: ["alice"] };
  const client = await loggedIn(await engines.start(notificationsTo(receiver.url, engines.root, settings)));
  await client.command("MKD inbox");
  await client.command("MKD inbox/today");
  for (const path of ["a.csv", "inbox/b.txt", "inbox/c.csv", "inbox/today/d.csv"])
    assert.equal(await client.upload(`STOR ${path}`, "content"), 226);
  await waitUntil("both events have arrived", TIMEOUT, () => assert.equal(receiver.events.length, 2));
  assert.deepEqual(
    receiver.events.map(({ event }) => event.subject),
    ["/inbox/c.csv", "/inbox/today/d.csv"],
  );
});

// id: outage
test("a sink receives all events after an outage, and events of one file in order", async () => {
  await using receiver = await EventReceiver.start();
  await using engines = await NotifiedEngines.create();
  const engine = await engines.start(
    notificationsTo(receiver.url, engines.root, { events: ["FileUploaded"] }),
  );
  const client = await loggedIn(engine);
  await receiver.stop();
  for (let size = 1; size <= 20; size++) {
    assert.equal(await client.upload("STOR same", "x".repeat(size)), 226);
    assert.equal(await client.upload(`STOR other-${size}`, "x"), 226);
  }
  await waitUntil("the report shows the outage", TIMEOUT, async () => {
    assert.match(
      (await engine.page("/readyz")).text,
      /"state":"Failing","reason":"ConnectionRefused","queued":40/,
    );
  });
  await receiver.listen();
  await waitUntil("all events have arrived", TIMEOUT, () => assert.equal(receiver.events.length, 40));
  const sizes = receiver.events
    .filter(({ event }) => event.subject === "/same")
    .map(({ event }) => event.data?.["size"]);
  assert.deepEqual(
    sizes,
    Array.from({ length: 20 }, (_, index) => index + 1),
  );
});

// id: restart
test("a new engine process delivers the events that a killed process left", async () => {
  await using receiver = await EventReceiver.start();
  await using engines = await NotifiedEngines.create();
  const notifications = notificationsTo(receiver.url, engines.root, { events: ["FileUploaded"] });
  const first = await engines.start(notifications);
  const client = await loggedIn(first);
  await receiver.stop();
  for (let index = 0; index < 20; index++) assert.equal(await client.upload(`STOR ${index}`, "x"), 226);
  first.kill();
  await first.ended;
  await receiver.listen();
  await engines.start(notifications);
  await waitUntil("all events have arrived", TIMEOUT, () => {
    const subjects = new Set(receiver.events.map(({ event }) => event.subject));
    assert.equal(subjects.size, 20);
  });
});

// id: signature
test("requests have the configured headers and a signature, also in the binary mode over TLS", async () => {
  const certificate = await makeCertificate({ commonName: "receiver" });
  await using receiver = await EventReceiver.start(certificate);
  await using engines = await NotifiedEngines.create();
  const secret = async (name: string, value: string): Promise<string> => {
    const path = join(engines.root, "..", name);
    await writeFile(path, value);
    return path;
  };
  const token = await secret("token", "Bearer one\n");
  const sink = {
    mode: "Binary" as const,
    headers: [{ name: "Authorization", file: token }],
    hmacKeyFile: await secret("key", "signing key"),
    caFile: certificate.certificateFile,
  };
  const client = await loggedIn(await engines.start(notificationsTo(receiver.url, engines.root, { sink })));
  assert.equal(await client.upload("STOR 文 100%.txt", "content"), 226);
  const upload = () => receiver.events.find(({ event }) => event.type.endsWith("uploaded"));
  await waitUntil("the event has arrived", TIMEOUT, () => assert.ok(upload()));
  const { headers, event } = upload() ?? assert.fail();
  assert.equal(headers.authorization, "Bearer one");
  assert.equal(headers["ce-subject"], "/%E6%96%87%20100%25.txt");
  assert.equal(headers["webhook-id"], event.id);
  assert.match(String(headers["webhook-signature"]), /^v1,[A-Za-z0-9+/]{43}=$/);
  await writeFile(token, "Bearer two\n");
  await waitUntil("the changed header is used", TIMEOUT, async () => {
    await client.code("MKD d");
    await client.code("RMD d");
    assert.equal(receiver.events.at(-1)?.headers.authorization, "Bearer two");
  });
});

for (const { status, reason } of [
  { status: 401, reason: "Unauthorized" },
  { status: 404, reason: "NotFound" },
  { status: 302, reason: "Redirected" },
  { status: 503, reason: "ServerError" },
])
  test(`a sink that answers ${status} receives the event later`, async () => {
    await using receiver = await EventReceiver.start();
    await using engines = await NotifiedEngines.create();
    receiver.answer = () => ({ status, headers: { location: receiver.url } });
    const engine = await engines.start(
      notificationsTo(receiver.url, engines.root, { events: ["FileUploaded"] }),
    );
    const client = await loggedIn(engine);
    assert.equal(await client.upload("STOR file", "content"), 226);
    await waitUntil("the report has the reason", TIMEOUT, async () => {
      assert.match(
        (await engine.page("/readyz")).text,
        new RegExp(`"reason":"${reason}","status":${status},"queued":1`),
      );
    });
    receiver.answer = () => ({ status: 202 });
    await waitUntil("the event has arrived", TIMEOUT, () => assert.equal(receiver.events.length, 1));
    await waitUntil("the report shows the delivery", TIMEOUT, async () => {
      assert.match((await engine.page("/readyz")).text, /"state":"Delivering","queued":0/);
    });
  });

// id: idle-check
test("an engine without events reports a sink that rejects its credentials, and sends no event", async () => {
  await using receiver = await EventReceiver.start();
  await using engines = await NotifiedEngines.create();
  receiver.probeStatus = 401;
  const startedAt = performance.now();
  const engine = await engines.start(
    notificationsTo(receiver.url, engines.root, { events: ["FileUploaded"] }),
  );
  await waitUntil("the report has the reason", TIMEOUT, async () => {
    assert.match((await engine.page("/readyz")).text, /"reason":"Unauthorized","status":401,"queued":0/);
  });
  receiver.probeStatus = 405;
  await waitUntil("the report has no failure", TIMEOUT, async () => {
    assert.match((await engine.page("/readyz")).text, /"state":"Idle","queued":0/);
  });
  assert.ok(performance.now() - startedAt < 30_000);
  assert.equal(receiver.requests, 0);
});

test("an event that the sink rejects becomes a dead letter and does not delay other events", async () => {
  await using receiver = await EventReceiver.start();
  await using engines = await NotifiedEngines.create();
  receiver.answer = (body) => ({ status: body.includes("/bad") ? 422 : 200 });
  const engine = await engines.start(
    notificationsTo(receiver.url, engines.root, { events: ["FileUploaded"] }),
  );
  const client = await loggedIn(engine);
  for (const name of ["bad", "good"]) assert.equal(await client.upload(`STOR ${name}`, "content"), 226);
  await waitUntil("the other event has arrived", TIMEOUT, () => assert.equal(receiver.events.length, 1));
  await waitUntil("the dead letter is counted", TIMEOUT, async () => {
    const { text } = await engine.page("/metrics");
    assert.match(
      text,
      /^ftp_notification_dead_letters_total\{notification="pipeline",reason="Rejected"\} 1$/m,
    );
    assert.match(text, /^ftp_notification_queue_events\{notification="pipeline"\} 0$/m);
  });
});

// id: internal-sink
test("a sink with a loopback address receives nothing unless internal sinks are allowed", async () => {
  await using receiver = await EventReceiver.start();
  await using engines = await NotifiedEngines.create();
  for (const host of ["127.0.0.1", "localhost", "[::1]", "2130706433"]) {
    const url = receiver.url.replace("127.0.0.1", host);
    const notifications = { ...notificationsTo(url, engines.root), internalSinks: "Deny" as const };
    const engine = await engines.start(notifications);
    await (await loggedIn(engine)).upload("STOR file", "content");
    await waitUntil("the report has the reason", TIMEOUT, async () => {
      assert.match((await engine.page("/readyz")).text, /"reason":"AddressDenied"/);
    });
    engine.kill();
  }
  assert.equal(receiver.requests, 0);
});

test("a file is stored and acknowledged when events cannot be stored", async () => {
  await using receiver = await EventReceiver.start();
  await using engines = await NotifiedEngines.create();
  const notifications = { ...notificationsTo(receiver.url, engines.root), outboxDirectory: "/dev/null/none" };
  const engine = await engines.start(notifications);
  const client = await loggedIn(engine);
  assert.equal(await client.upload("STOR file", "content"), 226);
  await waitUntil("the report has the reason", TIMEOUT, async () => {
    assert.match((await engine.page("/readyz")).text, /"reason":"OutboxUnavailable"/);
  });
  assert.match((await engine.page("/metrics")).text, /reason="NotStored"\} [1-9]/m);
});
