import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { ObjectTree } from "../../../../src/engine/storage/object/object-tree.ts";
import { createMetrics, type EngineMetrics } from "../../../../src/engine/metrics/metrics.ts";
import { rejectsWith, upload } from "../../../support/engine/storage-calls.ts";
import { TestLog } from "../../../support/engine/server.ts";
import { FaultProxy } from "../../../support/s3/fault-proxy.ts";
import { BucketConfig } from "../../../support/s3/object-homes.ts";
import { type S3Server, startVersityGw } from "../../../support/s3/s3-server.ts";

describe("requests to object storage", () => {
  let server: S3Server;
  let proxy: FaultProxy;
  let config: BucketConfig;
  let tree: ObjectTree;
  let metrics: EngineMetrics;
  let log: TestLog;
  before(async () => {
    server = await startVersityGw();
    proxy = await FaultProxy.start(server.endpoint);
    config = await BucketConfig.create(server, await server.createBucket(), { endpoint: proxy.endpoint });
    metrics = createMetrics();
    log = new TestLog();
    tree = await config.openTree({ observer: metrics, log });
  });
  after(async () => {
    await tree.close();
    await config[Symbol.asyncDispose]();
    await proxy[Symbol.asyncDispose]();
    await server[Symbol.asyncDispose]();
  });

  /** Returns the series of the object storage metrics, except histogram buckets. */
  async function series(): Promise<string[]> {
    const text = await metrics.registry.metrics();
    return text.split("\n").filter((line) => /^ftp_object_storage_\w+(?:total|count)\{/u.test(line));
  }

  // id: object-storage-metrics
  test("are counted with their results and retries, and failures are logged without secrets", async () => {
    const storage = await tree.openHome("/home", { account: "alice" });
    let faults = 1;
    proxy.choose = ({ method }) =>
      method === "PUT" && faults-- > 0 ? { type: "Answer", status: 503 } : undefined;
    await upload(storage, "/a", "content");
    await rejectsWith("NotFound", storage.openRead("/b", 0));
    assert.deepEqual((await series()).toSorted(), [
      'ftp_object_storage_request_duration_seconds_count{operation="GetObject"} 1',
      'ftp_object_storage_request_duration_seconds_count{operation="HeadObject"} 1',
      'ftp_object_storage_request_duration_seconds_count{operation="ListObjectsV2"} 3',
      'ftp_object_storage_request_duration_seconds_count{operation="PutObject"} 2',
      'ftp_object_storage_requests_total{operation="GetObject",result="NotFound"} 1',
      'ftp_object_storage_requests_total{operation="HeadObject",result="NotFound"} 1',
      'ftp_object_storage_requests_total{operation="ListObjectsV2",result="Success"} 3',
      'ftp_object_storage_requests_total{operation="PutObject",result="Success"} 1',
      'ftp_object_storage_requests_total{operation="PutObject",result="Throttled"} 1',
      'ftp_object_storage_retries_total{operation="PutObject"} 1',
    ]);
    assert.deepEqual(log.entries, [
      {
        level: "debug",
        message: "request to object storage failed",
        fields: { operation: "PutObject", attempt: 1, result: "Throttled", code: "SlowDown" },
      },
    ]);
  });

  test("are counted as aborted when the engine ends them, and as unreachable without a service", async () => {
    const storage = await tree.openHome("/other", { account: "alice" });
    await upload(storage, "/a", "content");
    proxy.choose = () => ({ type: "Delay", milliseconds: 200 });
    const ending = new AbortController();
    const opening = tree.store.open("any", 0, ending.signal);
    ending.abort();
    await rejectsWith("Aborted", opening);
    await proxy[Symbol.asyncDispose]();
    await rejectsWith("StorageUnavailable", storage.openRead("/a", 0));
    const all = (await series()).join("\n");
    assert.match(all, /requests_total\{operation="GetObject",result="Aborted"\} 1/u);
    assert.match(all, /requests_total\{operation="GetObject",result="Unreachable"\} 4/u);
  });
});
