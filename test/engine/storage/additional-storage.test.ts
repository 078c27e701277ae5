import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import type { EngineConfig } from "../../../src/api/engine-config.ts";
import type { EngineMount } from "../../../src/api/engine-storage.ts";
import { parseReport, type StorageReport } from "../../../src/api/engine-report.ts";
import { hashPassword } from "../../../src/api/password-hash.ts";
import { waitUntil } from "../../cluster/wait.ts";
import type { ControlSession } from "../../support/clients/control-session.ts";
import { EngineProcess, type ProcessOptions } from "../../support/engine/engine-process.ts";
import { testUser } from "../../support/engine/server.ts";
import { BucketConfig, type ConfigChange } from "../../support/s3/object-homes.ts";
import { type S3Server, startVersityGw } from "../../support/s3/s3-server.ts";

/** Maximum time in milliseconds until an engine report contains the expected state. */
const REPORT_MILLISECONDS = 60_000;
const EXTRA: EngineMount = { path: "/extra", storage: "extra", subPath: "/alice", access: "ReadWrite" };

const isRoot = process.getuid?.() === 0;

let directory: string;
let server: S3Server;
let passwordHash: string;
before(async () => {
  directory = await mkdtemp(join(tmpdir(), "additional-storage-"));
  server = await startVersityGw();
  passwordHash = await hashPassword("secret");
});
after(async () => {
  await server[Symbol.asyncDispose]();
  await rm(directory, { recursive: true });
});

/** Starts an engine in which the user alice has a mount of the given storage. */
function start(
  extra: NonNullable<EngineConfig["additionalStorage"]>[string],
  mount: Partial<EngineMount> = {},
  options: ProcessOptions = {},
): Promise<EngineProcess> {
  const users = [
    testUser("alice", { passwordHash, homeDirectory: "/alice", mounts: [{ ...EXTRA, ...mount }] }),
  ];
  return EngineProcess.start(directory, { additionalStorage: { extra }, users }, options);
}

/** Waits until the additional storage has the given state. The engine must remain ready. */
async function becomes(engine: EngineProcess, state: StorageReport["state"]): Promise<StorageReport> {
  return await waitUntil(state, REPORT_MILLISECONDS, async () => {
    const { status, text } = await engine.page("/readyz");
    assert.equal(status, 200, text);
    const report = parseReport(text)?.additionalStorage?.["extra"];
    assert.equal(report?.state, state, text);
    assert.ok(report);
    return report;
  });
}

async function login(engine: EngineProcess): Promise<ControlSession> {
  const session = await engine.login();
  await session.command("TYPE I", 200);
  return session;
}

async function metric(engine: EngineProcess, state: StorageReport["state"]): Promise<void> {
  const { text } = await engine.page("/metrics");
  assert.ok(text.includes(`ftp_additional_storage_state{name="extra",state="${state}"} 1`));
}

async function inBucket(bucket: string, change: ConfigChange = {}): Promise<BucketConfig> {
  return await BucketConfig.create(server, bucket, change);
}

describe("an engine reports additional storage", { concurrency: 3 }, () => {
  // id: additional-bucket-report
  test("in a bucket that does not exist, serves homes, and recovers when the bucket exists", async () => {
    const bucket = `late-${Date.now()}`;
    await using config = await inBucket(bucket);
    const engine = await start({ objectStorage: config.config });
    try {
      const { code } = await becomes(engine, "BucketNotFound");
      assert.equal(code, "NoSuchBucket");
      await metric(engine, "BucketNotFound");
      using session = await login(engine);
      assert.deepEqual((await session.command("SIZE /extra/a", 451)).lines, [
        "451 The bucket does not exist.",
      ]);
      await session.command("MKD /own", 257);
      await server.createBucket(bucket);
      await becomes(engine, "Writable");
      await session.command("MKD /extra/new", 257);
    } finally {
      engine.kill();
    }
  });

  test("in a bucket with a wrong key, until the files contain the right key", async () => {
    await using config = await inBucket(await server.createBucket(), {
      as: { accessKeyId: "wrong", secretAccessKey: "wrong" },
    });
    const engine = await start({ objectStorage: config.config });
    try {
      await becomes(engine, "CredentialsRejected");
      using session = await login(engine);
      const { lines } = await session.command("STAT /extra", 451);
      assert.match(lines.join(), /rejected the credentials/);
      await config.writeCredentials(server);
      await becomes(engine, "Writable");
      await session.command("SIZE /extra/a", 550);
    } finally {
      engine.kill();
    }
  });

  test("in a bucket of a read-only mount, and writes nothing", async () => {
    await using config = await inBucket(await server.createBucket());
    const engine = await start({ objectStorage: config.config }, { access: "ReadOnly" });
    try {
      await becomes(engine, "NotNeeded");
    } finally {
      engine.kill();
    }
  });

  test("on a volume that is missing at the start, and recovers when the volume exists", async () => {
    const root = join(directory, "missing");
    const engine = await start({ root });
    try {
      const { code, step } = await becomes(engine, "Failed");
      assert.deepEqual([code, step], ["ENOENT", "open"]);
      using session = await login(engine);
      const { lines } = await session.command("SIZE /extra/a", 550);
      assert.match(lines.join(), /The storage of this directory is not available: No such file/);
      await session.command("MKD /own", 257);
      await mkdir(root);
      await becomes(engine, "Writable");
      using later = await engine.login();
      await later.command("MKD /extra/new", 257);
    } finally {
      engine.kill();
    }
  });

  for (const [state, fill, works] of [
    ["ReadOnly", "mount -t tmpfs -o ro tmpfs $volume", "LIST"],
    [
      "Full",
      "mount -t tmpfs -o size=64k tmpfs $volume; mkdir -m 777 $volume/alice; head -c 60k /dev/zero >$volume/large; " +
        "while head -c 4k /dev/zero >>$volume/rest; do :; done 2>/dev/null || true",
      "DELE",
    ],
  ] as const)
    test(`on a volume in the state ${state}, and serves homes`, {
      skip: !isRoot && "requires mounts",
    }, async () => {
      const root = await mkdtemp(join(directory, "volume-"));
      const script = `volume=${root}; ${fill}; exec "$@"`;
      const within = ["unshare", "--mount", "--propagation", "private", "sh", "-ec", script, "sh"];
      const engine = await start({ root }, { subPath: "/" }, { within });
      try {
        await becomes(engine, state);
        using session = await login(engine);
        await session.command("MKD /own", 257);
        if (works === "DELE") await session.command("DELE /extra/large", 250);
        else await session.command("STAT /extra", 212);
        if (works === "DELE") await becomes(engine, "Writable");
      } finally {
        engine.kill();
      }
    });
});
