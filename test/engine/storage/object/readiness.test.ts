import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import type { EngineConfig, EngineUser } from "../../../../src/api/engine-config.ts";
import { type ObjectStorageReport, parseReport } from "../../../../src/api/engine-report.ts";
import { hashPassword } from "../../../../src/api/password-hash.ts";
import { freePorts } from "../../../cluster/free-ports.ts";
import { waitUntil } from "../../../cluster/wait.ts";
import { EngineProcess } from "../../../support/engine/engine-process.ts";
import { testUser } from "../../../support/engine/server.ts";
import type { Credentials } from "../../../support/s3/kind.ts";
import { BucketConfig, type ConfigChange } from "../../../support/s3/object-homes.ts";
import { type S3Server, startVersityGw } from "../../../support/s3/s3-server.ts";

/** Time in milliseconds that is longer than the interval between two checks. */
const RECOVERY_MILLISECONDS = 60_000;
const WRONG: Credentials = { accessKeyId: "wrong", secretAccessKey: "wrong" };

let directory: string;
let server: S3Server;
let passwordHash: string;
before(async () => {
  directory = await mkdtemp(join(tmpdir(), "object-readiness-"));
  server = await startVersityGw({ tls: true });
  passwordHash = await hashPassword("secret");
});
after(async () => {
  await server[Symbol.asyncDispose]();
  await rm(directory, { recursive: true });
});

/** An engine that stores files in a bucket. */
class Served implements AsyncDisposable {
  readonly engine: EngineProcess;
  readonly config: BucketConfig;

  private constructor(engine: EngineProcess, config: BucketConfig) {
    this.engine = engine;
    this.config = config;
  }

  static async start(
    bucket: string,
    change: ConfigChange = {},
    user: Partial<EngineUser> = {},
  ): Promise<Served> {
    const config = await BucketConfig.create(server, bucket, change);
    const users = [testUser("alice", { passwordHash, homeDirectory: "/alice", ...user })];
    const storage: EngineConfig["storage"] = { objectStorage: config.config };
    return new Served(await EngineProcess.start(directory, { storage, users }), config);
  }

  /** Waits until the first check is complete, and returns the report. */
  readiness(): Promise<ObjectStorageReport & { status: number }> {
    return waitUntil("the first check ends", RECOVERY_MILLISECONDS, async () => {
      const report = await this.report();
      assert.notEqual(report.state, "Checking");
      return report;
    });
  }

  async report(): Promise<ObjectStorageReport & { status: number }> {
    const { status, text } = await this.engine.page("/readyz");
    const storage = parseReport(text)?.storage;
    assert.ok(storage?.type === "ObjectStorage", text);
    return { ...storage, status };
  }

  async becomes(state: ObjectStorageReport["state"]): Promise<void> {
    await waitUntil(state, RECOVERY_MILLISECONDS, async () =>
      assert.equal((await this.readiness()).state, state),
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.engine.kill();
    await this.config[Symbol.asyncDispose]();
  }
}

describe("an engine with object storage reports", { concurrency: 3 }, () => {
  test("Writable, and removes the object of the check", async () => {
    const bucket = await server.createBucket();
    await using served = await Served.start(bucket);
    const { status, state } = await served.readiness();
    assert.deepEqual({ status, state }, { status: 200, state: "Writable" });
    const tree = await served.config.openTree();
    const { objects } = await tree.store.list("");
    await tree.close();
    assert.deepEqual(
      objects.map(({ key }) => key),
      [],
    );
  });

  test("NotNeeded when no account can change files, and writes nothing", async () => {
    await using served = await Served.start(
      await server.createBucket(),
      {},
      { permissions: ["List", "Read"] },
    );
    const { status, state } = await served.readiness();
    assert.deepEqual({ status, state }, { status: 200, state: "NotNeeded" });
  });

  test("BucketNotFound until the bucket exists", async () => {
    const bucket = `late-${Date.now()}`;
    await using served = await Served.start(bucket);
    const { status, state, code, step } = await served.readiness();
    assert.deepEqual(
      { status, state, code, step },
      {
        status: 503,
        state: "BucketNotFound",
        code: "NoSuchBucket",
        step: "list",
      },
    );
    await server.createBucket(bucket);
    await served.becomes("Writable");
    assert.equal((await served.readiness()).status, 200);
    (await served.engine.login())[Symbol.dispose]();
  });

  test("CredentialsRejected until the files contain valid credentials", async () => {
    await using served = await Served.start(await server.createBucket(), { as: WRONG });
    const { status, state, code } = await served.readiness();
    assert.deepEqual([status, state, code], [503, "CredentialsRejected", "InvalidAccessKeyId"]);
    await served.config.writeCredentials({ accessKeyId: server.accessKeyId, secretAccessKey: "wrong" });
    await waitUntil("another code", RECOVERY_MILLISECONDS, async () =>
      assert.equal((await served.readiness()).code, "SignatureDoesNotMatch"),
    );
    await served.config.writeCredentials({ accessKeyId: "", secretAccessKey: "" });
    await waitUntil("another code", RECOVERY_MILLISECONDS, async () =>
      assert.equal((await served.readiness()).code, "CredentialsProviderError"),
    );
    await served.config.writeCredentials(server);
    await served.becomes("Writable");
    assert.ok(!served.engine.log.includes(server.secretAccessKey));
  });

  test("AccessDenied with the step that the policy does not allow", async () => {
    const bucket = await server.createBucket();
    const as = await server.userWith(bucket, [
      { Effect: "Allow", Action: ["s3:ListBucket"], Resource: [`arn:aws:s3:::${bucket}`] },
      { Effect: "Allow", Action: ["s3:GetObject"], Resource: [`arn:aws:s3:::${bucket}/*`] },
    ]);
    await using served = await Served.start(bucket, { as });
    const { status, state, code, step } = await served.readiness();
    assert.deepEqual([status, state, code, step], [503, "AccessDenied", "AccessDenied", "write"]);
  });

  test("EndpointUnreachable and EndpointNotTrusted", async () => {
    const [port = 0] = await freePorts(1);
    const bucket = await server.createBucket();
    await using unreachable = await Served.start(bucket, { endpoint: `http://127.0.0.1:${port}` });
    const first = await unreachable.readiness();
    assert.deepEqual([first.status, first.state, first.code], [503, "EndpointUnreachable", "ECONNREFUSED"]);
    await using unknown = await Served.start(bucket, { endpoint: "http://bucket.invalid" });
    assert.equal((await unknown.readiness()).state, "EndpointUnreachable");
    await using untrusted = await Served.start(bucket, { caFile: "/etc/ssl/certs/ca-certificates.crt" });
    const { status, state } = await untrusted.readiness();
    assert.deepEqual([status, state], [503, "EndpointNotTrusted"]);
  });
});

test("an engine serves health checks while the first check of a silent endpoint runs", async () => {
  await using silent = createServer((socket) => void socket.resume()).listen(0, "127.0.0.1");
  await once(silent, "listening");
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a TCP server has this address
  const { port } = silent.address() as AddressInfo;
  await using served = await Served.start("files", { endpoint: `http://127.0.0.1:${port}` });
  const { status, state } = await served.report();
  assert.deepEqual({ status, state }, { status: 503, state: "Checking" });
  await served.becomes("EndpointUnreachable");
});

test("an engine stays ready during an outage of its endpoint, replies 451, and recovers", async () => {
  await using own = await startVersityGw({ tls: true });
  await using served = await Served.start(await own.createBucket(), {
    endpoint: own.endpoint,
    as: own,
    ...(own.caFile !== undefined && { caFile: own.caFile }),
  });
  using session = await served.engine.login();
  await session.command("TYPE I", 200);
  await own.kill();
  await session.command("SIZE a", 451);
  await served.becomes("EndpointUnreachable");
  assert.equal((await served.readiness()).status, 200);
  await own.resume();
  await served.becomes("Writable");
  await session.command("SIZE a", 550);
  // No session sends a request now, so the periodic check must detect the next outage.
  await own.kill();
  await served.becomes("EndpointUnreachable");
});
