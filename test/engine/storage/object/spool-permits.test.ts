/** Tests transfers that end while they wait for a permit to send a temporary file. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import type { ObjectTree } from "../../../../src/engine/storage/object/object-tree.ts";
import { BLOCK_BYTES } from "../../../../src/engine/storage/object/uploads/upload-memory.ts";
import { describeEachServer } from "../../../cluster/s3/each-server.ts";
import { waitUntil } from "../../../cluster/wait.ts";
import { ControlClient } from "../../../support/engine/control-client.ts";
import { startServer, testConfig, type TestServer, testUser } from "../../../support/engine/server.ts";
import { upload } from "../../../support/engine/storage-calls.ts";
import { FaultProxy } from "../../../support/s3/fault-proxy.ts";
import { BucketConfig, MIB } from "../../../support/s3/object-homes.ts";
import { patternOf } from "../../../support/s3/test-tree.ts";

const PART = 5 * MIB;
/** Limits with which the engine writes all bytes to temporary files, and sends one temporary file at a time. */
const LIMITS = { uploadMemory: 0, spoolRequests: 1 };
/** Number of bytes after the second part. The engine cannot store all these bytes while the second part waits. */
const BLOCKED = BLOCK_BYTES + 1000;
const TIMEOUT = 30_000;

/**
 * Waits for the result of `work`. Fails after a timeout, because the work then still waits for the permit that another
 * upload holds.
 */
async function soon<T>(work: Promise<T>): Promise<T> {
  const late = sleep(TIMEOUT, undefined, { ref: false }).then(() => assert.fail("waits for the permit"));
  return await Promise.race([work, late]);
}

describe("a transfer that waits for a permit to send a temporary file", () => {
  describeEachServer((running) => {
    let proxy: FaultProxy;
    let config: BucketConfig;
    let tree: ObjectTree;
    let incomplete: "Keep" | "Remove" = "Keep";
    let server: TestServer;
    before(async () => {
      const s3 = running();
      proxy = await FaultProxy.start(s3.server.endpoint);
      config = await BucketConfig.create(s3.server, s3.bucket.name, { endpoint: proxy.endpoint });
      tree = await config.openTree({ limits: LIMITS, policy: () => ({ incomplete, sync: "Never" }) });
      server = await startServer({
        config: {
          users: [testUser("alice", { homeDirectory: "/alice" })],
          uploads: { ...testConfig().uploads, incomplete: "Keep" },
        },
        openHome: ({ homeDirectory, name }) => tree.openHome(homeDirectory, { account: name }),
      });
    });
    after(async () => {
      await server.engine.close();
      await tree.close();
      await proxy[Symbol.asyncDispose]();
      await config[Symbol.asyncDispose]();
    });

    const keyOf = (name: string): string => `${config.config.prefix}/alice/${name}`;
    const stored = (name: string): ReturnType<ReturnType<typeof running>["bucket"]["uploadsTo"]> =>
      running().bucket.uploadsTo(keyOf(name));

    async function login(): Promise<ControlClient> {
      const client = await (await ControlClient.overTcp(server.engine)).login();
      await client.command("TYPE I");
      return client;
    }

    /** Starts an upload of another account, whose first part holds the permit until the result is disposed. */
    async function holdPermit(): Promise<AsyncDisposable> {
      const { promise, resolve } = Promise.withResolvers<void>();
      const isPart = (url: string): boolean => url.includes("/holder?") && url.includes("partNumber");
      proxy.choose = ({ url }) => (isPart(url) ? { type: "Hold", until: promise } : undefined);
      const home = await tree.openHome("/bob", { account: "bob" });
      const holder = await home.openUpload("/holder", { type: "Replace" });
      const before = proxy.requests.length;
      await holder.write([patternOf(PART + 1)]);
      await waitUntil("the permit is held", TIMEOUT, () =>
        assert.ok(proxy.requests.slice(before).some(({ url }) => isPart(url))),
      );
      return {
        async [Symbol.asyncDispose]() {
          resolve();
          await holder.abort("Removed");
          proxy.choose = () => undefined;
        },
      };
    }

    const endings = {
      ABOR: async (client) => {
        assert.equal((await soon(client.command("ABOR"))).code, 426);
        assert.equal((await soon(client.reply()))?.code, 226);
      },
      "the end of its session": async (client) => void client.duplex.destroy(),
      "a reset of its data connection": async (client, data) => {
        data.resetAndDestroy();
        assert.equal((await soon(client.reply()))?.code, 426);
      },
    } satisfies Record<
      string,
      (client: ControlClient, data: Awaited<ReturnType<ControlClient["passive"]>>) => Promise<void>
    >;

    for (const [ending, end] of Object.entries(endings))
      for (const policy of ["Keep", "Remove"] as const)
        test(`ends with ${ending} without the permit; incomplete uploads: ${policy}`, async () => {
          incomplete = policy;
          const client = await login();
          const data = await client.passive();
          data.on("error", () => {});
          assert.equal(await client.code("STOR waiting"), 150);
          data.write(patternOf(PART + 1));
          await waitUntil("one part is stored", TIMEOUT, async () =>
            assert.equal((await stored("waiting")).parts, 1),
          );
          await using _holder = await holdPermit();
          data.write(patternOf(PART + BLOCKED));
          await waitUntil("the engine has received the second part", TIMEOUT, async () => {
            const { lines } = await client.command("STAT");
            assert.match(lines.join(), new RegExp(`${2 * PART + 1 + BLOCKED} bytes transferred`, "u"));
          });
          await end(client, data);
          const other = await login();
          await waitUntil("the upload has ended", TIMEOUT, async () => {
            const size = await other.command("SIZE waiting");
            assert.deepEqual(
              size.lines,
              policy === "Keep" ? [`213 ${PART}`] : ["550 No such file or directory."],
            );
          });
          await other.command("DELE waiting");
          assert.deepEqual((await stored("waiting")).ids, []);
        });

    test("ends with ABOR when all bytes are received, and stores nothing", async () => {
      incomplete = "Keep";
      const client = await login();
      await using _holder = await holdPermit();
      const data = await client.passive();
      assert.equal(await client.code("STOR small"), 150);
      data.end("content");
      await sleep(300);
      await endings.ABOR(client);
      assert.equal(await client.code("SIZE small"), 550);
    });

    test("ends with ABOR when it copies a file", async () => {
      incomplete = "Keep";
      const client = await login();
      await upload(await tree.openHome("/alice", { account: "alice" }), "/source", patternOf(2 * PART));
      await using _holder = await holdPermit();
      assert.equal(await client.code("SITE CPFR source"), 350);
      client.send("SITE CPTO copy\r\n");
      await waitUntil("the copy has started", TIMEOUT, async () =>
        assert.equal((await stored("copy")).ids.length, 1),
      );
      await endings.ABOR(client);
      assert.deepEqual((await stored("copy")).ids, []);
      assert.equal(await client.code("SIZE copy"), 550);
    });
  });
});
