import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import type { EngineMount } from "../../../../src/api/engine-storage.ts";
import { ControlClient } from "../../../support/engine/control-client.ts";
import type { MountServer } from "../../../support/engine/mount-server.ts";
import type { Bucket } from "../../../support/s3/bucket.ts";
import { bucketMounts, type BucketMounts } from "../../../support/s3/bucket-mounts.ts";
import { MIB } from "../../../support/s3/object-homes.ts";
import { patternOf } from "../../../support/s3/test-tree.ts";

const MOUNTS: EngineMount[] = [
  { path: "/archive", storage: "bucket", subPath: "/2025", access: "ReadOnly" },
  { path: "/shared", storage: "bucket", subPath: "/shared", access: "ReadWrite" },
];

/** Tests a home on a volume with two mounts in a bucket. */
describe("a user with mounts in a bucket", () => {
  let mounts: BucketMounts;
  let world: MountServer;
  let bucket: Bucket;

  before(async () => {
    mounts = await bucketMounts(MOUNTS, { "2025/report.csv": "0123456789" });
    ({ world, bucket } = mounts);
  });
  after(() => mounts[Symbol.asyncDispose]());

  async function perms(directory: string): Promise<string[]> {
    const { code, bytes } = await world.client.download(`MLSD ${directory}`);
    assert.equal(code, 226);
    return bytes
      .toString()
      .trimEnd()
      .split("\r\n")
      .map((line) => line.replace(/^.*Perm=(\w+);.* (.+)$/u, "$2 $1"));
  }

  async function rename(from: string, to: string): Promise<number> {
    const first = await world.client.code(`RNFR ${from}`);
    return first === 350 ? await world.client.code(`RNTO ${to}`) : first;
  }

  // id: mounts-in-bucket
  test("reads and lists the read-only mount, and cannot change it", async () => {
    const { client } = world;
    assert.deepEqual(await perms("/"), ["archive el", "shared celmp"]);
    assert.deepEqual(await perms("/archive"), ["report.csv r"]);
    assert.equal((await client.download("RETR /archive/report.csv")).bytes.toString(), "0123456789");
    await client.command("REST 4");
    assert.equal((await client.download("RETR /archive/report.csv")).bytes.toString(), "456789");
    for (const line of [
      "DELE /archive/report.csv",
      "MKD /archive/new",
      "RMD /archive",
      "RNFR /archive",
      "RNFR /shared",
      "DELE /shared",
      "RMD /shared",
      "MKD /shared",
      "SITE CHMOD 700 /shared",
      "HASH /shared",
      "MFMT 20200102030405 /archive/report.csv",
      "SITE CHMOD 600 /archive/report.csv",
    ])
      assert.equal(await client.code(line), 550, line);
    // Object storage does not store directory times.
    assert.equal(await client.code("MFMT 20200102030405 /shared"), 504);
    for (const line of ["STOR /archive/new", "APPE /archive/report.csv", "STOU /archive/x"])
      assert.equal(await client.upload(line, "x"), 550, line);
    assert.equal(await rename("/archive/report.csv", "/archive/x"), 550);
    assert.equal(await bucket.read(mounts.key("2025/report.csv")), "0123456789");
  });

  test("stores files of the writable mount in the bucket, and those of the home on the volume", async () => {
    const { client, folder } = world;
    const content = patternOf(6 * MIB);
    assert.equal(await client.upload("STOR /shared/big", content), 226);
    assert.equal(await client.upload("STOR /own", "own"), 226);
    assert.ok((await client.download("RETR /shared/big")).bytes.equals(content));
    assert.equal((await bucket.head(mounts.key("shared/big"))).ContentLength, 6 * MIB);
    assert.equal(await readFile(join(folder, "homes/alice/own"), "utf8"), "own");
    assert.equal(await client.code("MKD /shared/done"), 257);
    assert.equal(await rename("/shared/big", "/shared/done/big"), 250);
    assert.equal(await client.code("DELE /shared/done/big"), 250);
    assert.equal(await client.code("RMD /shared/done"), 250);
  });

  test("copies between the volume and the bucket, and cannot rename between them", async () => {
    const { client, folder } = world;
    assert.equal(await client.upload("STOR /local", "from the volume"), 226);
    assert.equal(await rename("/local", "/shared/local"), 550);
    for (const [from, to, code] of [
      ["/local", "/shared/copied", 250],
      ["/archive/report.csv", "/report.csv", 250],
      ["/local", "/archive/copied", 550],
    ] as const) {
      assert.equal(await client.code(`SITE CPFR ${from}`), 350, from);
      assert.equal(await client.code(`SITE CPTO ${to}`), code, `${from} ${to}`);
    }
    assert.equal(await bucket.read(mounts.key("shared/copied")), "from the volume");
    assert.equal(await readFile(join(folder, "homes/alice/report.csv"), "utf8"), "0123456789");
  });

  // id: mount-unavailable
  test("can use the home while the bucket does not respond", async () => {
    const { client, server } = world;
    await mounts.s3.kill();
    try {
      for (const session of [client, await (await newClient(server)).login()]) {
        const { code, bytes } = await session.download("NLST");
        assert.equal(code, 226);
        const names = bytes.toString().split("\r\n");
        assert.ok(names.includes("archive") && names.includes("shared"), names.join());
        assert.equal(await session.upload("STOR still", "works"), 226);
        assert.equal(await session.code("MKD kept"), 257);
        assert.equal(await session.code("RMD kept"), 250);
      }
      assert.equal(await client.upload("STOR /shared/x", "x"), 451);
      assert.equal((await client.download("RETR /archive/report.csv")).code, 451);
    } finally {
      await mounts.s3.resume();
    }
    assert.equal((await client.download("RETR /archive/report.csv")).code, 226);
  });
});

function newClient({ engine }: MountServer["server"]): Promise<ControlClient> {
  return ControlClient.overTcp(engine);
}
