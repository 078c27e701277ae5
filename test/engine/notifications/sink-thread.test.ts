/** Tests the thread that sends events with real receivers. */
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import type { EngineHttpSink } from "../../../src/api/engine-notifications.ts";
import { type Clock, systemClock } from "../../../src/common/clock.ts";
import { Delivery } from "../../../src/engine/notifications/delivery/delivery.ts";
import type { SinkResult } from "../../../src/engine/notifications/delivery/response.ts";
import { SinkThread } from "../../../src/engine/notifications/delivery/sink-thread.ts";
import { SegmentLog } from "../../../src/engine/notifications/outbox/volume/segment-log.ts";
import { createMetrics } from "../../../src/engine/metrics/metrics.ts";
import { waitUntil } from "../../cluster/wait.ts";
import { makeCertificate } from "../../support/engine/certificates.ts";
import { ManualClock } from "../../support/engine/manual-clock.ts";
import { TestLog } from "../../support/engine/server.ts";
import { EventReceiver } from "../../support/notifications/event-receiver.ts";

const TIMEOUT = 60_000;
/** Maximum time in milliseconds until a thread with running requests ends. */
const END_TIMEOUT = 10_000;

function lineOf(id: string): string {
  return JSON.stringify({
    keys: [`/${id}`],
    event: {
      specversion: "1.0",
      id,
      source: "/test",
      type: "io.ftp-operator.file.uploaded",
      subject: `/${id}`,
      time: new Date().toISOString(),
      datacontenttype: "application/json",
      data: { namespace: "test", server: "files", user: "alice", clientAddress: "192.0.2.1" },
    },
  });
}

interface TestThreadOptions {
  internalSinks?: "Allow" | "Deny";
  program?: URL;
  clock?: Clock;
}

/** Sink thread with its event log and its metrics. */
class TestThread implements AsyncDisposable {
  readonly log = new TestLog();
  readonly metrics = createMetrics();
  readonly thread: SinkThread;

  constructor(
    sinks: readonly Partial<EngineHttpSink>[],
    { internalSinks = "Allow", program, clock = systemClock }: TestThreadOptions = {},
  ) {
    const settings = sinks.map(
      (one): EngineHttpSink => ({ type: "HTTP", url: "", mode: "Structured", headers: [], ...one }),
    );
    const parts = { clock, log: this.log, observer: this.metrics };
    this.thread = new SinkThread({ sinks: settings, internalSinks }, parts, program);
  }

  send(id: string, sink = 0): Promise<SinkResult> {
    return this.thread.sink(sink).send(lineOf(id));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.thread.close();
  }
}

async function temporaryDirectory(): Promise<AsyncDisposable & { path: string }> {
  const path = await mkdtemp(join(tmpdir(), "sink-thread-"));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true }) };
}

test("one thread sends events to several sinks, with their modes, headers, signatures and CAs", async () => {
  await using directory = await temporaryDirectory();
  const certificate = await makeCertificate({ commonName: "receiver" });
  await using plain = await EventReceiver.start();
  await using secure = await EventReceiver.start(certificate);
  const [token, key] = [join(directory.path, "token"), join(directory.path, "key")];
  await writeFile(token, "Bearer one\n");
  await writeFile(key, "signing key");
  await using tested = new TestThread([
    { url: plain.url },
    {
      url: secure.url,
      mode: "Binary",
      headers: [{ name: "Authorization", file: token }],
      hmacKeyFile: key,
      caFile: certificate.certificateFile,
    },
    { url: secure.url },
  ]);
  const results = await Promise.all([tested.send("a"), tested.send("b", 1), tested.send("c", 2)]);
  assert.deepEqual(results, [
    { type: "Delivered" },
    { type: "Delivered" },
    { type: "Retry", reason: "TlsFailed" },
  ]);
  assert.equal(await tested.thread.sink(1).check(), undefined);
  assert.deepEqual(await tested.thread.sink(2).check(), { reason: "TlsFailed" });
  assert.equal(plain.events[0]?.headers["content-type"], "application/cloudevents+json; charset=utf-8");
  const { headers } = secure.events[0] ?? assert.fail();
  assert.equal(headers.authorization, "Bearer one");
  assert.equal(headers["ce-id"], "b");
  assert.match(String(headers["webhook-signature"]), /^v1,[A-Za-z0-9+/]{43}=$/u);
  await writeFile(token, "Bearer two\n");
  await waitUntil("the changed Secret is used", TIMEOUT, async () => {
    await tested.send("d", 1);
    assert.equal(secure.events.at(-1)?.headers.authorization, "Bearer two");
  });
});

test("results contain the status, the reason and the delay that a sink requested", async () => {
  await using receiver = await EventReceiver.start();
  await using tested = new TestThread([{ url: receiver.url }, { url: "http://sink.invalid/" }]);
  for (const [status, headers, expected] of [
    [302, { location: receiver.url }, { type: "Retry", reason: "Redirected", status: 302 }],
    [401, {}, { type: "Retry", reason: "Unauthorized", status: 401, retryAfter: undefined }],
    [422, {}, { type: "Rejected", status: 422 }],
    [429, { "retry-after": "7" }, { type: "Retry", reason: "Throttled", status: 429, retryAfter: 7000 }],
  ] as const) {
    receiver.answer = () => ({ status, headers });
    assert.deepEqual(await tested.send("a"), expected);
  }
  assert.deepEqual(await tested.send("a", 1), { type: "Retry", reason: "NameNotResolved" });
});

test("the thread rejects internal addresses and names with internal addresses", async () => {
  await using receiver = await EventReceiver.start();
  const urls = [receiver.url, receiver.url.replace("127.0.0.1", "localhost")];
  await using tested = new TestThread(
    urls.map((url) => ({ url })),
    { internalSinks: "Deny" },
  );
  for (const index of urls.keys()) {
    assert.deepEqual(await tested.send("a", index), { type: "Retry", reason: "AddressDenied" });
    assert.deepEqual(await tested.thread.sink(index).check(), { reason: "AddressDenied" });
  }
  assert.equal(receiver.connections, 0);
});

test("a request without a response ends after a timeout", async () => {
  const server = createServer((request) => void request.resume()).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" ? address?.port : undefined;
  await using tested = new TestThread([{ url: `http://127.0.0.1:${port}/` }]);
  try {
    assert.deepEqual(await tested.send("a"), { type: "Retry", reason: "TimedOut" });
  } finally {
    server.closeAllConnections();
    server.close();
  }
});

test("the thread ends while requests are in flight, and their events remain undelivered", async () => {
  await using receiver = await EventReceiver.start();
  receiver.answer = () => new Promise(() => undefined);
  const tested = new TestThread([{ url: receiver.url }]);
  const sending = [tested.send("a"), tested.send("b")];
  await waitUntil("the requests have arrived", TIMEOUT, () => assert.equal(receiver.requests, 2));
  const startedAt = performance.now();
  await tested.thread.close();
  assert.ok(performance.now() - startedAt < END_TIMEOUT);
  for (const result of await Promise.all(sending)) assert.equal(result.type, "Retry");
  assert.equal((await tested.send("c")).type, "Retry");
  assert.deepEqual(tested.log.entries, []);
});

test("the thread ends while a connection check waits for a response", async () => {
  const server = createServer(() => undefined).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" ? address?.port : undefined;
  const tested = new TestThread([{ url: `http://127.0.0.1:${port}/` }]);
  const checking = tested.thread.sink(0).check();
  await once(server, "request");
  await tested.thread.close();
  assert.notEqual(await checking, undefined);
  assert.deepEqual(tested.log.entries, []);
  server.closeAllConnections();
  server.close();
});

/**
 * Writes a thread program that fails once, when a message contains the text. The program creates a folder to record its
 * failure.
 */
async function crashingOnce(text: string, directory: string, crash: string): Promise<URL> {
  const worker = new URL("../../../src/engine/notifications/delivery/sink-worker.ts", import.meta.url);
  const file = join(directory, "program.mjs");
  await writeFile(
    file,
    `import { mkdirSync } from "node:fs";
    import { parentPort } from "node:worker_threads";
    import ${JSON.stringify(worker.href)};
    parentPort.on("message", (message) => {
      if (!JSON.stringify(message).includes(${JSON.stringify(text)})) return;
      try { mkdirSync(${JSON.stringify(join(directory, "crashed"))}); } catch { return; }
      ${crash}
    });`,
  );
  return pathToFileURL(file);
}

for (const crash of ["process.exit(3);", 'throw new Error("broken");'])
  test(`after a crash of the thread (${crash}), another thread delivers all events`, async () => {
    await using directory = await temporaryDirectory();
    await using receiver = await EventReceiver.start();
    const program = await crashingOnce("event-60", directory.path, crash);
    await using tested = new TestThread([{ url: receiver.url }], { program });
    const log = await SegmentLog.open(join(directory.path, "log"));
    const ids = Array.from({ length: 100 }, (_, index) => `event-${index}`);
    await log.append(ids.map(lineOf), false);
    const delivery = new Delivery({
      name: "test",
      sink: tested.thread.sink(0),
      own: log,
      clock: systemClock,
      log: tested.log,
      observer: tested.metrics,
    });
    delivery.start();
    await waitUntil("all events are delivered", TIMEOUT, () => assert.equal(delivery.queued, 0));
    await delivery.close();
    assert.deepEqual(new Set(receiver.events.map(({ event }) => event.id)), new Set(ids));
    const ended = tested.log.entries.filter(({ message }) => message === "thread for notifications ended");
    assert.equal(ended.length, 1);
    const text = await tested.metrics.registry.metrics();
    assert.match(text, /^ftp_notification_thread_failures_total 1$/mu);
    assert.match(text, /^ftp_notifications_delivered_total\{notification="test"\} 100$/mu);
    assert.match(text, /^ftp_notification_retries_total\{notification="test"\} [1-9]/mu);
  });

test("a thread that fails at each start is started at most four times per second", async () => {
  const program = new URL("data:text/javascript,throw new Error('broken')");
  const clock = new ManualClock();
  await using tested = new TestThread([{ url: "http://127.0.0.1:9/" }], { program, clock });
  for (let starts = 1; starts <= 3; starts++) {
    let delay = 0;
    for (let request = 0; request < 5; request++) {
      const result = await tested.send("a");
      assert.ok(result.type === "Retry" && result.reason === "ConnectionFailed");
      delay = result.retryAfter ?? 0;
      if (request === 0) assert.ok(delay >= 250, `${delay} ms`);
      clock.advance(delay / 2);
    }
    const failures = tested.log.entries.filter(({ message }) => message === "thread for notifications ended");
    assert.equal(failures.length, starts);
    clock.advance(delay);
  }
});

test("a request fails without an exception when the thread cannot be created", async () => {
  // Node.js rejects this URL synchronously, like a failure of the system call that creates a thread.
  await using tested = new TestThread([{ url: "http://127.0.0.1:9/" }], {
    program: new URL("https://localhost/program.js"),
  });
  const result = await tested.send("a");
  assert.ok(result.type === "Retry" && result.reason === "ConnectionFailed");
  assert.match(await tested.metrics.registry.metrics(), /^ftp_notification_thread_failures_total 1$/mu);
});
