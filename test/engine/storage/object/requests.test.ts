/**
 * Tests which requests each operation sends. An additional request increases the duration and the cost of the
 * operation.
 */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { crc32 } from "node:zlib";
import { type EngineDirectory, PERMISSIONS } from "../../../../src/api/engine-config.ts";
import { AccessRules } from "../../../../src/engine/auth/access-rules.ts";
import { GuardedStorage } from "../../../../src/engine/storage/guarded-storage.ts";
import type { Storage } from "../../../../src/engine/storage/storage.ts";
import type { ObjectLimits } from "../../../../src/engine/storage/object/limits.ts";
import type { ObjectTree } from "../../../../src/engine/storage/object/object-tree.ts";
import { describeEachServer } from "../../../cluster/s3/each-server.ts";
import { waitUntil } from "../../../cluster/wait.ts";
import { download, rejectsWith, textOf, upload } from "../../../support/engine/storage-calls.ts";
import { operationsOf } from "../../../support/s3/counting.ts";
import { FaultProxy, type SeenRequest } from "../../../support/s3/fault-proxy.ts";
import { BucketConfig, MIB } from "../../../support/s3/object-homes.ts";
import { patternOf } from "../../../support/s3/test-tree.ts";

const PART = 5 * MIB;
const CREATE = ["CompleteMultipartUpload", "CreateMultipartUpload"];

describe("requests for object storage", () => {
  describeEachServer((running) => {
    let proxy: FaultProxy;
    let config: BucketConfig;
    const trees: ObjectTree[] = [];
    let homes = 0;
    before(async () => {
      const { server, bucket } = running();
      proxy = await FaultProxy.start(server.endpoint);
      config = await BucketConfig.create(server, bucket.name, { endpoint: proxy.endpoint });
    });
    after(async () => {
      for (const tree of trees) await tree.close();
      await config[Symbol.asyncDispose]();
      await proxy[Symbol.asyncDispose]();
    });

    const requestsOf = (call: () => Promise<unknown>): Promise<string[]> => operationsOf(proxy, call);

    /** Opens a home in a new tree, which has no cached directories. */
    async function home(path = `/home-${++homes}`, limits: Partial<ObjectLimits> = {}): Promise<Storage> {
      const tree = await config.openTree({ limits });
      trees.push(tree);
      return await tree.openHome(path, { account: "alice" });
    }

    test("a download needs one request", async () => {
      const storage = await home();
      for (const content of ["", "content"]) {
        await upload(storage, "/a", content);
        const read = async (): Promise<void> => {
          const handle = await storage.openRead("/a", 0);
          const buffer = Buffer.alloc(100);
          assert.equal(buffer.toString("utf8", 0, await handle.read(buffer, 0)), content);
          await handle.close();
        };
        assert.deepEqual(await requestsOf(read), ["GetObject"]);
      }
    });

    test("consecutive downloads use one connection", async () => {
      const storage = await home();
      await upload(storage, "/a", patternOf(MIB));
      await textOf(storage, "/a");
      const before = proxy.connections;
      for (let count = 0; count < 5; count++) {
        // The connection is reusable after the event loop has processed the end of the response.
        await new Promise((resolve) => void setImmediate(resolve));
        assert.equal((await download(storage, "/a")).length, MIB);
      }
      assert.equal(proxy.connections, before);
    });

    test("a download from an offset needs one request", async () => {
      const storage = await home();
      await upload(storage, "/a", "0123456789");
      const read = async (): Promise<void> => {
        const handle = await storage.openRead("/a", 7);
        assert.equal(handle.entry.size, 10);
        const buffer = Buffer.alloc(100);
        assert.equal(buffer.toString("utf8", 0, await handle.read(buffer, 7)), "789");
        await handle.close();
      };
      assert.deepEqual(await requestsOf(read), ["GetObject"]);
    });

    test("a download from the end of a file looks up the file", async () => {
      const storage = await home();
      await upload(storage, "/a", "0123456789");
      for (const start of [10, 11]) {
        const read = async (): Promise<void> => {
          const handle = await storage.openRead("/a", start);
          assert.equal(handle.entry.size, 10);
          assert.equal(await handle.read(Buffer.alloc(10), start), 0);
          await handle.close();
        };
        assert.deepEqual(await requestsOf(read), ["GetObject", "HeadObject"]);
      }
    });

    test("a download of a missing file or a directory needs two requests", async () => {
      const storage = await home();
      await storage.makeDirectory("/d");
      const missing = (): Promise<void> => rejectsWith("NotFound", storage.openRead("/none", 0));
      const directory = (): Promise<void> => rejectsWith("IsADirectory", storage.openRead("/d", 0));
      for (const read of [missing, directory])
        assert.deepEqual(await requestsOf(read), ["GetObject", "ListObjectsV2"]);
    });

    test("the first upload to a directory needs four requests, and each further new file one", async () => {
      const storage = await home();
      const first = await requestsOf(() => upload(storage, "/a", "content"));
      assert.deepEqual(first, ["HeadObject", "ListObjectsV2", "ListObjectsV2", "PutObject"]);
      for (const path of ["/b", "/c"])
        assert.deepEqual(await requestsOf(() => upload(storage, path, "content")), ["PutObject"]);
    });

    test("a new file without replacing needs one request", async () => {
      const storage = await home();
      await upload(storage, "/a", "content");
      const create = (): Promise<void> => upload(storage, "/b", "content", { type: "Create" });
      assert.deepEqual(await requestsOf(create), ["PutObject"]);
      assert.equal(await textOf(storage, "/b"), "content");
      await rejectsWith("AlreadyExists", storage.openUpload("/b", { type: "Create" }));
    });

    test("an upload of several parts to a known directory needs no request for its name", async () => {
      const storage = await home();
      await upload(storage, "/a", "content");
      const large = await requestsOf(() => upload(storage, "/b", patternOf(2 * PART + 1)));
      const parts = ["UploadPart", "UploadPart", "UploadPart"];
      assert.deepEqual(large, [...CREATE, "HeadObject", ...parts]);
    });

    test("replacing a file also writes and removes its mark", async () => {
      const storage = await home();
      await upload(storage, "/a", "content");
      const replaced = await requestsOf(() => upload(storage, "/a", "new"));
      assert.deepEqual(replaced, ["DeleteObject", "HeadObject", "ListObjectsV2", "PutObject", "PutObject"]);
    });

    test("an upload to a directory with many files looks up its name", async () => {
      const storage = await home(undefined, { knownKeys: 2 });
      for (const path of ["/1", "/2", "/3"]) await upload(storage, path, "content");
      const fresh = await home(`/home-${homes}`, { knownKeys: 2 });
      await upload(fresh, "/4", "content");
      const next = await requestsOf(() => upload(fresh, "/5", "content"));
      assert.deepEqual(next, ["HeadObject", "ListObjectsV2", "PutObject"]);
    });

    test("an upload lists a directory again when the listing is too old", async () => {
      const storage = await home(undefined, { knownDirectoryAge: 0 });
      for (const path of ["/a", "/b"]) {
        const needed = await requestsOf(() => upload(storage, path, "content"));
        assert.deepEqual(needed, ["HeadObject", "ListObjectsV2", "ListObjectsV2", "PutObject"]);
      }
    });

    test("a lookup of a file needs one request, and a lookup of a directory two", async () => {
      const storage = await home();
      await upload(storage, "/a", "content");
      await storage.makeDirectory("/d");
      assert.deepEqual(await requestsOf(() => storage.stat("/a")), ["HeadObject"]);
      assert.deepEqual(await requestsOf(() => storage.stat("/d")), ["HeadObject", "ListObjectsV2"]);
    });

    test("a stored checksum needs one request, also after a multipart upload", async () => {
      const storage = await home();
      for (const content of [Buffer.from("content"), patternOf(PART + 1)]) {
        await upload(storage, "/a", content);
        const read = async (): Promise<void> => {
          const handle = await storage.openRead("/a");
          assert.equal(handle.digests?.get("CRC32"), crc32(content).toString(16).padStart(8, "0"));
          assert.equal(handle.digests?.get("SHA-256"), undefined);
          await handle.close();
        };
        assert.deepEqual(await requestsOf(read), ["HeadObject"]);
      }
    });

    test("directories with their own permissions need no requests", async () => {
      const storage = await home();
      const rules: EngineDirectory[] = [{ path: "/inbox", permissions: ["Write"] }];
      const guarded = new GuardedStorage(storage, () => new AccessRules(PERMISSIONS, rules));
      await upload(storage, "/a", "content");
      assert.deepEqual(await requestsOf(() => guarded.stat("/a", "List")), ["HeadObject"]);
      const store = async (): Promise<void> => (await guarded.openUpload("/b", { type: "Replace" })).commit();
      assert.deepEqual(await requestsOf(store), ["PutObject"]);
    });

    // id: concurrent-listings
    test("at most four listings send requests at the same time, and lookups do not wait for them", async () => {
      const storage = await home();
      await storage.makeDirectory("/d");
      // While the listings hold many keys, further listings request smaller pages.
      const isPage = ({ url }: SeenRequest): boolean => /max-keys=[15]00(?:&|$)/u.test(url);
      const { promise: until, resolve: proceed } = Promise.withResolvers<void>();
      proxy.choose = (request) => (isPage(request) ? { type: "Hold", until } : undefined);
      const before = proxy.requests.length;
      const pages = (): number => proxy.requests.slice(before).filter(isPage).length;
      const listings = Array.from({ length: 10 }, () => Array.fromAsync(storage.list("/d")));
      await storage.stat("/d");
      await waitUntil("listings send requests", 60_000, () => assert.ok(pages() >= 4));
      await sleep(200);
      assert.equal(pages(), 4);
      proxy.choose = () => undefined;
      proceed();
      for (const batches of await Promise.all(listings)) assert.deepEqual(batches.flat(), []);
      assert.equal(pages(), 10);
    });

    test("a listing needs one request", async () => {
      const storage = await home();
      await upload(storage, "/a", "content");
      assert.deepEqual(await requestsOf(() => Array.fromAsync(storage.list("/"))), ["ListObjectsV2"]);
    });
  });
});
