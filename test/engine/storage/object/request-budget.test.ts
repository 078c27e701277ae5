/** Tests the event-loop budget of requests without a file. */
import assert from "node:assert/strict";
import { rm } from "node:fs/promises";
import { after, before, describe, test } from "node:test";
import { TICK_MILLISECONDS, TickBudget } from "../../../../src/common/tick-budget.ts";
import { EMPTY } from "../../../../src/engine/storage/object/bodies.ts";
import type { ObjectStore } from "../../../../src/engine/storage/object/object-store.ts";
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

  for (const [operation, send] of Object.entries(REQUESTS))
    test(`of one home delay another home by a few ${operation} requests when the event loop is busy`, async () => {
      const requests: string[] = [];
      const answer: Answer = (request, response) => {
        let text = request.url ?? "";
        request.on("data", (chunk) => (text += String(chunk)));
        request.on("end", () => {
          requests.push(text);
          response.end("<ListBucketResult><Name>files</Name></ListBucketResult>");
        });
      };
      let now = 0;
      // Each job uses the event-loop time of a complete tick.
      const ticks = new TickBudget(1, () => (now += TICK_MILLISECONDS));
      // With one connection, the service receives the requests in the order in which the engine sends them.
      await using s3 = await startService(directory, answer, { sockets: 1, attempts: 1 }, { ticks });
      const alice = Array.from({ length: FLOOD }, (_, number) => send(s3.store, `alice/${number}`));
      // Only the order of the requests matters. The response is invalid for most operations.
      await Promise.allSettled([...alice, send(s3.store, "bob/a")]);
      const bob = requests.findIndex((request) => /bob(?:\/|%2F)a/u.test(request));
      assert.equal(requests.length, FLOOD + 1);
      assert.ok(bob >= 0 && bob < 6, `the request of bob is request ${bob}`);
    });
});
