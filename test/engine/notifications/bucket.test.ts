/** Tests undelivered events in a bucket. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { ListObjectsV2Command } from "@aws-sdk/client-s3";
import { systemClock } from "../../../src/common/clock.ts";
import { BatchLog } from "../../../src/engine/notifications/outbox/bucket/batch-log.ts";
import { HeldOutbox } from "../../../src/engine/notifications/outbox/bucket/held-outbox.ts";
import { Lease } from "../../../src/engine/notifications/outbox/bucket/lease.ts";
import { BUCKET_LEASE_TIMEOUT } from "../../../src/engine/notifications/limits.ts";
import type { Line } from "../../../src/engine/notifications/outbox/event-log.ts";
import { describeEachServer } from "../../cluster/s3/each-server.ts";
import { waitUntil } from "../../cluster/wait.ts";
import type { EngineProcess } from "../../support/engine/engine-process.ts";
import { EventReceiver } from "../../support/notifications/event-receiver.ts";
import { loggedIn, NotifiedEngines, notificationsTo } from "../../support/notifications/notified-engine.ts";
import { BucketConfig } from "../../support/s3/object-homes.ts";
import { TestTrees } from "../../support/s3/test-tree.ts";

const TIMEOUT = 120_000;

async function readAll(log: BatchLog): Promise<Line[]> {
  const lines: Line[] = [];
  for (let next = await log.read(); next.length > 0; next = await log.read()) lines.push(...next);
  return lines;
}

const textsOf = (lines: readonly Line[]): string[] => lines.map(({ text }) => text);

describeEachServer((running) => {
  const trees = new TestTrees(running);
  let logs = 0;

  async function newLog(): Promise<{ prefix: string; store: Parameters<typeof BatchLog.create>[0] }> {
    const { events } = await trees.open();
    return { store: events.store, prefix: `${events.prefixOf("test")}logs/${++logs}/` };
  }

  async function keysOf(prefix: string): Promise<string[]> {
    const { bucket } = running();
    const { Contents: found = [] } = await bucket.client.send(
      new ListObjectsV2Command({ Bucket: bucket.name, Prefix: prefix }),
    );
    return found.map(({ Key: key = "" }) => key.slice(prefix.length));
  }

  async function eventKeys({ config: { prefix } }: BucketConfig): Promise<string[]> {
    return await keysOf(`${prefix}/.ftp-operator-events/`);
  }

  describe("a log in a bucket", () => {
    test("returns the lines in order, and removes an object when its last line is delivered", async () => {
      const { store, prefix } = await newLog();
      const log = BatchLog.create(store, prefix, { removalPeriod: 0 });
      await log.append(["one", "two"]);
      const first = await log.read();
      await log.append(["three"]);
      const second = await log.read();
      assert.deepEqual(textsOf([...first, ...second]), ["one", "two", "three"]);
      assert.equal((await keysOf(prefix)).length, 2);
      await log.acknowledge(first.slice(0, 1).map(({ end }) => end));
      assert.deepEqual([log.pending, (await keysOf(prefix)).length], [2, 2]);
      await log.acknowledge([...first.slice(1), ...second].map(({ end }) => end));
      assert.deepEqual([log.pending, log.isEmpty, (await keysOf(prefix)).length], [0, true, 0]);
    });

    test("combines single lines while the reader is behind, without changing their order", async () => {
      const { store, prefix } = await newLog();
      const log = BatchLog.create(store, prefix, { mergedBytes: 100, recentBytes: 150 });
      const expected = Array.from({ length: 60 }, (_, index) => `line ${index}`);
      for (const line of expected) await log.append([line]);
      await log.flush();
      const keys = await keysOf(prefix);
      assert.ok(keys.length < 10, keys.join());
      const other = await BatchLog.open(store, prefix);
      assert.equal(other.pending, 60);
      for (const one of [log, other]) assert.deepEqual(textsOf(await readAll(one)), expected);
    });

    test("uses the longer of two objects with the same number, as after a crash", async () => {
      const { store, prefix } = await newLog();
      const log = BatchLog.create(store, prefix);
      await log.append(["one"]);
      await log.append(["two"]);
      // At its next flush, the log removes the object that contains only the first line.
      assert.equal((await keysOf(prefix)).length, 2);
      const other = await BatchLog.open(store, prefix);
      assert.deepEqual(textsOf(await readAll(other)), ["one", "two"]);
      await other.remove();
      assert.deepEqual(await keysOf(prefix), []);
    });

    test("splits large batches, and discards the oldest lines above its maximum size", async () => {
      const { store, prefix } = await newLog();
      const log = BatchLog.create(store, prefix, { batchBytes: 1000, mergedBytes: 0, storedBytes: 3000 });
      const lines = Array.from({ length: 50 }, (_, index) => `line ${index}`.padEnd(99));
      const discarded = await log.append(lines);
      assert.equal(log.pending + discarded, 50);
      assert.ok(log.bytes <= 3000);
      assert.deepEqual(textsOf(await readAll(log)), lines.slice(discarded));
      await log.remove();
      assert.deepEqual(await keysOf(prefix), []);
    });

    test("skips an object that another engine has removed", async () => {
      const { store, prefix } = await newLog();
      const writer = BatchLog.create(store, prefix, { mergedBytes: 0 });
      for (const line of ["one", "two"]) await writer.append([line]);
      const log = await BatchLog.open(store, prefix);
      await store.removeAll((await keysOf(prefix)).map((key) => `${prefix}${key}`));
      assert.deepEqual(await log.read(), []);
      assert.equal(log.pending, 0);
    });
  });

  test("a lease has one holder, and the holder detects the loss of the lease", async () => {
    const { store, prefix } = await newLog();
    const target = (holder: string) => ({ store, key: `${prefix}lease`, holder, clock: systemClock });
    const one = (await Lease.take(target("one"), "Absent")) ?? assert.fail();
    assert.equal(await Lease.take(target("two"), "Absent"), undefined);
    const { objects } = await store.list(`${prefix}lease`);
    assert.equal(await one.renew(), true);
    assert.equal(await Lease.take(target("two"), { etag: objects[0]?.etag ?? "" }), undefined);
    const [now] = (await store.list(`${prefix}lease`)).objects;
    const takers = await Promise.all(
      ["two", "three"].map((holder) => Lease.take(target(holder), { etag: now?.etag ?? "" })),
    );
    assert.equal(takers.filter((lease) => lease !== undefined).length, 1);
    assert.equal(await one.renew(), false);
    const holder = takers.find((lease) => lease !== undefined);
    await holder?.release();
    assert.deepEqual(
      (await store.list(`${prefix}lease`)).objects.map(({ size }) => size),
      [0],
    );
  });

  for (const end of ["maintain", "close"] as const)
    test(`an empty outbox that lost its lease keeps the lease of the next engine in ${end}`, async () => {
      const { store, prefix } = await newLog();
      const target = (holder: string) => ({ store, key: `${prefix}lease`, holder, clock: systemClock });
      const log = BatchLog.create(store, `${prefix}pipeline/`, { removalPeriod: 0 });
      const held = new HeldOutbox(target("first"), new Map([["pipeline", log]]));
      await held.append(log, ["one"]);
      await log.acknowledge((await readAll(log)).map((line) => line.end));
      const [{ etag } = { etag: "" }] = (await store.list(`${prefix}lease`)).objects;
      const next = (await Lease.take(target("next"), { etag })) ?? assert.fail();
      await held[end]();
      assert.equal(await next.renew(), true);
      await next.end();
      assert.deepEqual((await store.list(prefix)).objects, []);
    });

  describe("engines with events in a bucket", () => {
    async function withBucket() {
      const { server, bucket } = running();
      return await BucketConfig.create(server, bucket.name);
    }

    const start = (
      engines: NotifiedEngines,
      { config }: BucketConfig,
      url: string,
      change: Parameters<typeof notificationsTo>[2] = { events: ["FileUploaded"] },
    ): Promise<EngineProcess> =>
      engines.start(notificationsTo(url, undefined, change), { storage: { objectStorage: config } });

    test("deliver events with the checksum, and leave no objects", async () => {
      await using receiver = await EventReceiver.start();
      await using engines = await NotifiedEngines.create();
      await using bucket = await withBucket();
      const events = ["FileUploaded" as const, "FileDownloaded" as const];
      const engine = await start(engines, bucket, receiver.url, { events });
      const client = await loggedIn(engine);
      assert.equal(await client.upload("STOR in.csv", "123456789"), 226);
      assert.equal((await client.download("RETR in.csv")).code, 226);
      await waitUntil("the events have arrived", TIMEOUT, () => assert.equal(receiver.events.length, 2));
      for (const { event } of receiver.events) {
        assert.deepEqual(event.data?.["checksum"], { algorithm: "CRC32", value: "cbf43926" });
        assert.deepEqual(event.data?.["storage"], {
          type: "ObjectStorage",
          bucket: bucket.config.bucket,
          key: `${bucket.config.prefix}/in.csv`,
        });
      }
      await waitUntil("the bucket has no events", TIMEOUT, async () =>
        assert.deepEqual(await eventKeys(bucket), []),
      );
      assert.deepEqual((await client.download("NLST")).bytes.toString(), "in.csv\r\n");
      assert.equal(await client.code("CWD .ftp-operator-events"), 553);
    });

    // id: bucket-kill
    test("deliver all events of a killed engine in order, while another engine serves clients", async () => {
      await using receiver = await EventReceiver.start();
      await using engines = await NotifiedEngines.create();
      await using bucket = await withBucket();
      const first = await start(engines, bucket, receiver.url);
      const second = await start(engines, bucket, receiver.url);
      const [client, other] = [await loggedIn(first), await loggedIn(second)];
      await receiver.stop();
      for (let size = 1; size <= 20; size++) {
        assert.equal(await client.upload("STOR same", "x".repeat(size)), 226);
        assert.equal(await other.upload(`STOR other-${size}`, "x"), 226);
      }
      first.kill();
      await first.ended;
      await receiver.listen();
      await waitUntil("all events have arrived", TIMEOUT, () => {
        assert.equal(new Set(receiver.events.map(({ event }) => event.id)).size, 40);
      });
      const sizes = receiver.events
        .filter(({ event }) => event.subject?.endsWith("/same"))
        .map(({ event }) => event.data?.["size"]);
      assert.deepEqual(
        [...new Set(sizes)],
        Array.from({ length: 20 }, (_, index) => index + 1),
      );
      await waitUntil("the bucket has no events", TIMEOUT, async () =>
        assert.deepEqual(await eventKeys(bucket), []),
      );
    });

    test("leave the events of a stopped engine to the next engine", async () => {
      await using receiver = await EventReceiver.start();
      await using engines = await NotifiedEngines.create();
      await using bucket = await withBucket();
      const first = await start(engines, bucket, receiver.url);
      const client = await loggedIn(first);
      await receiver.stop();
      for (let index = 0; index < 10; index++) assert.equal(await client.upload(`STOR ${index}`, "x"), 226);
      await client.command("QUIT");
      first.signal();
      await first.ended;
      await receiver.listen();
      await start(engines, bucket, receiver.url);
      const startedAt = performance.now();
      await waitUntil("all events have arrived", TIMEOUT, () => assert.equal(receiver.events.length, 10));
      // The next engine takes a released lease without waiting for the timeout. It can read the lease for the first time
      // shortly before the end of its start.
      assert.ok(performance.now() - startedAt < BUCKET_LEASE_TIMEOUT - 2000);
    });

    test("store and acknowledge a file when the credentials do not permit writes of events", async () => {
      const { server, bucket } = running();
      const config = await BucketConfig.create(server, bucket.name);
      await using _config = config;
      const { prefix } = config.config;
      const objects = `arn:aws:s3:::${bucket.name}`;
      const credentials = await server.userWith(bucket.name, [
        { Effect: "Allow", Action: ["s3:*"], Resource: [objects, `${objects}/*`] },
        {
          Effect: "Deny",
          Action: ["s3:PutObject"],
          Resource: [`${objects}/${prefix}/.ftp-operator-events/*`],
        },
      ]);
      await config.writeCredentials(credentials);
      await using receiver = await EventReceiver.start();
      await using engines = await NotifiedEngines.create();
      const engine = await start(engines, config, receiver.url);
      const client = await loggedIn(engine);
      assert.equal(await client.upload("STOR file", "content"), 226);
      await waitUntil("the report has the reason", TIMEOUT, async () => {
        assert.match((await engine.page("/readyz")).text, /"reason":"OutboxUnavailable"/);
      });
      assert.match((await engine.page("/metrics")).text, /reason="NotStored"\} 1/m);
    });
  });
});
