import assert from "node:assert/strict";
import type { EngineConfig, EngineUser } from "../../../src/api/engine-config.ts";
import type { EngineTls } from "../../../src/api/engine-tls.ts";
import type { EngineObjectStorage } from "../../../src/api/engine-storage.ts";
import { DEFAULT_MODES } from "../../../src/api/file-modes.ts";
import type { KernelCopy } from "../../../src/engine/storage/local/system/kernel-copy.ts";
import { Storages } from "../../../src/engine/storages.ts";
import { waitUntil } from "../../cluster/wait.ts";
import type { Bucket } from "../s3/bucket.ts";
import { ControlClient } from "./control-client.ts";
import type { ManualClock } from "./manual-clock.ts";
import { startServer, testConfig, TestLog, type TestServer, testUser } from "./server.ts";
import { startTlsServer } from "./tls-world.ts";

const TIMEOUT = 60_000;

export interface BucketServerOptions {
  uploads?: Partial<EngineConfig["uploads"]>;
  /** Users of the engine. Defaults to alice, whose home directory is /alice. */
  users?: EngineUser[];
  /** Changes to the TLS configuration. Without this option, the engine has no TLS. */
  tls?: Partial<EngineTls>;
  clock?: ManualClock;
  /** Reads data connections directly into parts. By default, the engine copies received bytes into parts. */
  kernelCopy?: KernelCopy;
}

/** Engine whose homes are in a bucket. Several engines can use the same bucket, like the replicas of an FtpServer. */
export interface BucketServer extends AsyncDisposable {
  server: TestServer;
  /** Returns a new logged-in client in TYPE I. */
  client(name?: string): Promise<ControlClient>;
}

/** Starts an engine with object storage in this process. The engine keeps incomplete uploads by default. */
export async function bucketServer(
  objectStorage: EngineObjectStorage,
  {
    uploads,
    users = [testUser("alice", { homeDirectory: "/alice" })],
    tls,
    clock,
    kernelCopy,
  }: BucketServerOptions = {},
): Promise<BucketServer> {
  const policy = { ...testConfig().uploads, incomplete: "Keep" as const, ...uploads };
  const storages = await Storages.open({
    config: { storage: { objectStorage } },
    policy: () => policy,
    kernelCopy,
    storageLimit: undefined,
    log: new TestLog(),
  });
  const options = {
    config: { users, uploads: policy },
    openHome: (account, openLedger) => storages.openHome(account, openLedger, () => DEFAULT_MODES),
    ...(clock && { clock }),
  } satisfies Parameters<typeof startServer>[0];
  const server = tls === undefined ? await startServer(options) : await startTlsServer(tls, options);
  return {
    server,
    async client(name) {
      const client = await (await ControlClient.overTcp(server.engine)).login(name);
      await client.command("TYPE I");
      return client;
    },
    async [Symbol.asyncDispose]() {
      await server.engine.close();
      await storages.close();
    },
  };
}

/** Sends bytes with STOR, waits until the S3 server has stored `parts` parts, and aborts the upload. */
export async function breakUpload(
  client: ControlClient,
  bucket: Bucket,
  upload: { path: string; key: string; content: Buffer; parts: number },
): Promise<void> {
  const { path, key, content, parts } = upload;
  const data = await client.passive();
  data.on("error", () => {});
  assert.equal(await client.code(`STOR ${path}`), 150);
  data.write(content);
  await waitUntil(`${parts} parts of ${path} are stored`, TIMEOUT, async () =>
    assert.equal((await bucket.uploadsTo(key)).parts, parts),
  );
  assert.equal(await client.code("ABOR"), 426);
  assert.equal((await client.reply())?.code, 226);
}
