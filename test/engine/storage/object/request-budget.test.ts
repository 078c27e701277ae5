/** Tests the event-loop budget of requests without a file. */
import assert from "node:assert/strict";
import { rm } from "node:fs/promises";
import { after, before, describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { TICK_MILLISECONDS, TickBudget } from "../../../../src/common/tick-budget.ts";
import { EMPTY } from "../../../../src/engine/storage/object/bodies.ts";
import { OBJECT_LIMITS } from "../../../../src/engine/storage/object/limits.ts";
import type { ObjectStore } from "../../../../src/engine/storage/object/object-store.ts";
import { withRetries } from "../../../../src/engine/storage/object/s3/retries.ts";
import { type Answer, credentialFiles, startService } from "../../../support/s3/scripted-service.ts";

const FLOOD = 40;
/** Sends one request for a key. */
type Send = (store: ObjectStore, key: string) => Promise<unknown>;

const completion = { bytes: 1, crc32: undefined, condition: undefined };
const source = { key: "source", etag: '"1"' };
const upload = (key: string) => ({ key, uploadId: "id" });
const REQUESTS: Readonly<Record<string, Send>> = {
  HeadObject: (store, key) => store.head(key),
  ListObjectsV2: (store, key) => store.list(key, { max: 1 }),
  PutObject: (store, key) => store.put(key, EMPTY),
  DeleteObject: (store, key) => store.remove(key),
  DeleteObjects: (store, key) => store.removeAll([key]),
  CopyObject: (store, key) => store.copy(source, key),
  CreateMultipartUpload: ({ multipart }, key) => multipart.create(key, { hasChecksum: false }),
  UploadPartCopy: ({ multipart }, key) =>
    multipart.copyPart({ ...upload(key), number: 1 }, { ...source, start: 0, end: 1 }),
  CompleteMultipartUpload: ({ multipart }, key) => multipart.complete(upload(key), [], completion),
  AbortMultipartUpload: ({ multipart }, key) => multipart.abort(upload(key)),
};

describe("requests without a file", () => {
  let directory: string;
  before(async () => {
    directory = await credentialFiles();
  });
  after(() => rm(directory, { recursive: true }));

  /**
   * Sends the requests while each of them uses the event-loop time of a complete tick. Returns the requests in the order
   * in which the service receives them.
   */
  async function received(
    send: (store: ObjectStore) => readonly Promise<unknown>[],
    ticks: (wakes: number) => TickBudget = () => new TickBudget(1, clockOfFullTicks()),
  ): Promise<string[]> {
    const requests: string[] = [];
    const answer: Answer = (request, response) => {
      let text = request.url ?? "";
      request.on("data", (chunk) => (text += String(chunk)));
      request.on("end", () => {
        requests.push(text);
        response.end("<ListBucketResult><Name>files</Name></ListBucketResult>");
      });
    };
    // With one connection, the service receives the requests in the order in which the engine sends them.
    await using s3 = await startService(directory, answer, { sockets: 1, attempts: 1 }, { ticks });
    // Only the order of the requests matters. The response is invalid for most operations.
    await Promise.allSettled(send(s3.store));
    return requests;
  }

  function assertEarly(requests: readonly string[], home: string): void {
    const position = requests.findIndex((request) => request.includes(home));
    assert.ok(position >= 0 && position < 8, `the request of ${home} is request ${position}`);
  }

  const flood = (store: ObjectStore, send: Send): Promise<unknown>[] =>
    Array.from({ length: FLOOD }, (_, number) => send(store, `alice/${number}`));

  for (const [operation, send] of Object.entries(REQUESTS))
    test(`of one home delay another home by a few ${operation} requests when the event loop is busy`, async () => {
      const requests = await received((store) => [...flood(store, send), send(store, "bob/a")]);
      assert.equal(requests.length, FLOOD + 1);
      assertEarly(requests, "bob");
    });

  test("share one budget, regardless of their kind", async () => {
    const requests = await received((store) => [
      ...flood(store, (_, key) => store.remove(key)),
      store.head("bob/a"),
      store.list("carol/", { max: 1 }),
    ]);
    assertEarly(requests, "bob");
    assertEarly(requests, "carol");
  });

  test("continue up to 16 at a time in one event-loop tick by default", async () => {
    const clock = clockOfFullTicks();
    let calls = 0;
    const ticks = (wakes: number): TickBudget => new TickBudget(wakes, () => (calls++, clock()));
    await received((store) => flood(store, (_, key) => store.head(key)), ticks);
    // The budget reads the clock once for each request, and once for each tick in which waiting requests continue.
    assert.equal(calls - FLOOD, Math.ceil((FLOOD - 1) / 16));
  });

  test("wait before they are sent, and listing pages also wait before they are read", async () => {
    const ticks = new CountingBudget();
    await received(
      (store) => [store.head("a")],
      () => ticks,
    );
    assert.equal(ticks.waits, 1);
    await received(
      (store) => [store.list("a/", { max: 1 })],
      () => ticks,
    );
    assert.equal(ticks.waits, 3);
  });

  test("wait without using their time limit", async () => {
    const limits = { ...OBJECT_LIMITS, attempts: 1 };
    const attempt = (signal: AbortSignal): Promise<boolean> => Promise.resolve(signal.aborted);
    const options = { timeout: 1, ready: () => sleep(50) };
    assert.equal(await withRetries(attempt, limits, options, unexpected), false);
  });

  test("are not sent if they are aborted while they wait", async () => {
    const abort = new AbortController();
    let sent = 0;
    const attempt = (): Promise<void> => Promise.resolve(void sent++);
    const ready = (): Promise<void> => Promise.resolve(abort.abort());
    const options = { timeout: 1000, signal: abort.signal, ready };
    await assert.rejects(withRetries(attempt, OBJECT_LIMITS, options, unexpected), { code: "Aborted" });
    assert.equal(sent, 0);
  });

  test("end in the tick in which they are aborted while they wait", async () => {
    const ticks = new TickBudget(1, clockOfFullTicks());
    let isNextTick = false;
    // This callback runs before the next tick of the budget.
    setImmediate(() => (isNextTick = true));
    assert.equal(ticks.spent, false);
    const abort = new AbortController();
    const options = { timeout: 1000, signal: abort.signal, ready: ticks.pauseFor(["alice"]) };
    const sending = withRetries(unexpected, OBJECT_LIMITS, options, unexpected);
    abort.abort();
    await assert.rejects(sending, { code: "Aborted" });
    assert.equal(isNextTick, false);
  });
});

test("an object without a key is not removed, because the request would remove the bucket", async () => {
  const directory = await credentialFiles();
  await using s3 = await startService(directory, () => assert.fail("a request was sent"));
  await assert.rejects(s3.store.remove(""), { code: "Internal" });
  await rm(directory, { recursive: true });
});

function unexpected(): never {
  assert.fail("unexpected call");
}

/** Returns a clock on which a complete tick passes between two calls. */
function clockOfFullTicks(): () => number {
  let now = 0;
  return () => (now += TICK_MILLISECONDS);
}

/** Counts the jobs that wait. Each job waits for one tick. */
class CountingBudget extends TickBudget {
  waits = 0;
  override get spent(): boolean {
    return true;
  }
  override next(): Promise<void> {
    this.waits++;
    return Promise.resolve();
  }
}
