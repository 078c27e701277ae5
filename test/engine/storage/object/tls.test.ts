/** Tests uploads to a bucket over TLS data connections. Without a close_notify, an upload is incomplete. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { describeEachServer } from "../../../cluster/s3/each-server.ts";
import { type BucketServer, bucketServer } from "../../../support/engine/bucket-server.ts";
import { FtpsClient } from "../../../support/engine/tls-world.ts";
import { forged, wiredClientTo } from "../../../support/engine/tls-wire.ts";
import { BucketConfig, MIB } from "../../../support/s3/object-homes.ts";
import { patternOf } from "../../../support/s3/test-tree.ts";

const PART = 5 * MIB;
const SIZES = [
  ["one part", 100_003],
  ["several parts", 2 * PART + 1000],
] as const;
const VERSIONS = [
  ["TLS 1.2", { maxVersion: "TLSv1.2" }],
  ["TLS 1.3", { minVersion: "TLSv1.3" }],
] as const;
type Options = (typeof VERSIONS)[number][1];

async function finalCode({ control }: FtpsClient): Promise<number> {
  return (await control.reply())?.code ?? 0;
}

async function secured({ server }: BucketServer, options: Options): Promise<FtpsClient> {
  return await (await FtpsClient.explicit(server.engine, options)).login();
}

/**
 * Uploads the content over TLS, sends the bytes of `end` below TLS, and closes the TCP connection without a
 * close_notify.
 */
async function cut(
  client: FtpsClient,
  options: Options,
  line: string,
  content: Buffer,
  end: Buffer = Buffer.alloc(0),
): Promise<number> {
  const port = await client.passivePort();
  assert.equal(await client.control.code(line), 150, line);
  const { wire, socket } = await wiredClientTo(port, { ...options, session: client.session });
  await new Promise((resolve) => socket.write(content, resolve));
  wire.raw.end(end);
  return await finalCode(client);
}

describe("an upload to a bucket over TLS", () => {
  describeEachServer((running) => {
    for (const [version, options] of VERSIONS)
      for (const [what, bytes] of SIZES) {
        const start = async (uploads: object): Promise<{ config: BucketConfig; world: BucketServer }> => {
          const { server, bucket } = running();
          const config = await BucketConfig.create(server, bucket.name);
          return { config, world: await bucketServer(config.config, { uploads, tls: {} }) };
        };

        test(`${version} stores ${what} after a close_notify`, async () => {
          const { config, world } = await start({});
          await using _config = config;
          await using _world = world;
          const client = await secured(world, options);
          const content = patternOf(bytes);
          assert.match(await client.upload("a", content), /^226/u);
          const { answer, bytes: found } = await client.download("RETR a");
          assert.match(answer, /^226/u);
          assert.ok(found.equals(content));
        });

        // id: object-storage-tls-truncation
        for (const incomplete of ["Keep", "Remove"] as const)
          test(`${version} fails ${what} without a close_notify, and the old object remains; incomplete uploads: ${incomplete}`, async () => {
            const { config, world } = await start({ incomplete });
            await using _config = config;
            await using _world = world;
            const { bucket } = running();
            const key = `${config.config.prefix}/alice/a`;
            const content = patternOf(bytes);
            const client = await secured(world, options);
            for (const end of [Buffer.alloc(0), forged(19), forged(64)]) {
              assert.equal(await cut(client, options, "STOR a", content, end), 426);
              await assert.rejects(bucket.head(key), { name: "NotFound" });
              await client.control.code("DELE a");
            }
            assert.match(await client.upload("a", Buffer.from("old")), /^226/u);
            for (const line of ["STOR a", "APPE a"]) {
              assert.equal(await cut(client, options, line, content), 426, line);
              assert.equal(await bucket.read(key), "old", line);
              // After a broken STOR, the engine rejects APPE until a client stores the file again.
              assert.match(await client.upload("a", Buffer.from("old")), /^226/u);
            }
          });
      }

    test("without a close_notify is resumed at the end of its last complete part", async () => {
      const { server, bucket } = running();
      await using config = await BucketConfig.create(server, bucket.name);
      await using world = await bucketServer(config.config, { tls: {} });
      for (const [version, options] of VERSIONS) {
        const client = await secured(world, options);
        const content = patternOf(2 * PART + 1000);
        assert.equal(await cut(client, options, `STOR ${version}`, content), 426);
        const { code, lines } = await client.control.command(`SIZE ${version}`);
        assert.deepEqual([code, lines[0]], [213, `213 ${2 * PART}`]);
        assert.equal(await client.control.code(`REST ${2 * PART}`), 350);
        assert.match(await client.upload(version, content.subarray(2 * PART)), /^226/u);
        const { bytes } = await client.download(`RETR ${version}`);
        assert.ok(bytes.equals(content));
      }
    });
  });
});
