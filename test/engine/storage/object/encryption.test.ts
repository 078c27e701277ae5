/** Tests server-side encryption with service-managed keys (SSE-S3) and with a KMS key (SSE-KMS). */
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { after, before, describe, test } from "node:test";
import { SKIP_MINIO } from "../../../cluster/s3/each-server.ts";
import { breakUpload, bucketServer } from "../../../support/engine/bucket-server.ts";
import { Bucket } from "../../../support/s3/bucket.ts";
import { BucketConfig, MIB } from "../../../support/s3/object-homes.ts";
import { type S3Server, startMinio } from "../../../support/s3/s3-server.ts";
import { patternOf } from "../../../support/s3/test-tree.ts";

const PART = 5 * MIB;
const KEY = "test-key";
const KINDS = [
  ["SSE-S3", { algorithm: "AES256" }],
  ["SSE-KMS", { algorithm: "aws:kms", kmsKeyId: KEY }],
  ["SSE-KMS with the default key", { algorithm: "aws:kms" }],
] as const;

describe("server-side encryption", { skip: SKIP_MINIO }, () => {
  let s3: S3Server;
  let bucket: Bucket;

  before(async () => {
    const env = { MINIO_KMS_SECRET_KEY: `${KEY}:${randomBytes(32).toString("base64")}` };
    s3 = await startMinio({ env });
    bucket = new Bucket(s3.client(), await s3.createBucket());
  });
  after(async () => {
    bucket.client.destroy();
    await s3[Symbol.asyncDispose]();
  });

  // id: object-storage-encryption
  for (const [kind, serverSideEncryption] of KINDS)
    test(`${kind} applies to files that are uploaded, appended, resumed, replaced, copied and renamed`, async () => {
      await using config = await BucketConfig.create(s3, bucket.name, { serverSideEncryption });
      await using world = await bucketServer(config.config);
      const client = await world.client();
      const assertStored = async (name: string, content: Buffer): Promise<void> => {
        const { code, bytes } = await client.download(`RETR ${name}`);
        assert.equal(code, 226, name);
        assert.ok(bytes.equals(content), name);
        const facts = await bucket.head(`${config.config.prefix}/alice/${name}`);
        assert.equal(facts.ServerSideEncryption, serverSideEncryption.algorithm, name);
        if (serverSideEncryption.algorithm === "aws:kms")
          assert.match(facts.SSEKMSKeyId ?? "", new RegExp(`(^|[:/])${KEY}$`, "u"), name);
      };
      const small = patternOf(1000);
      const large = patternOf(2 * PART + 1000);
      assert.equal(await client.upload("STOR small", small), 226);
      await assertStored("small", small);
      assert.equal(await client.upload("STOR large", large), 226);
      await assertStored("large", large);
      for (const [name, content] of [
        ["small", small],
        ["large", large],
      ] as const) {
        assert.equal(await client.upload(`APPE ${name}`, small), 226);
        await assertStored(name, Buffer.concat([content, small]));
        assert.equal(await client.code(`REST ${content.length - 10}`), 350);
        assert.equal(await client.upload(`STOR ${name}`, "resumed"), 226);
        const expected = Buffer.concat([content.subarray(0, -10), Buffer.from("resumed")]);
        await assertStored(name, expected);
        assert.equal(await client.code(`MFMT 20200102030405 ${name}`), 213);
        await assertStored(name, expected);
        assert.equal(await client.code(`RNFR ${name}`), 350);
        assert.equal(await client.code(`RNTO renamed-${name}`), 250);
        await assertStored(`renamed-${name}`, expected);
        assert.equal(await client.upload(`STOR ${name}`, content), 226);
      }
      const key = `${config.config.prefix}/alice/broken`;
      await breakUpload(client, bucket, { path: "broken", key, content: large, parts: 2 });
      const offset = 2 * PART;
      assert.deepEqual((await client.command("SIZE broken")).lines, [`213 ${offset}`]);
      assert.equal(await client.code(`REST ${offset}`), 350);
      assert.equal(await client.upload("STOR broken", large.subarray(offset)), 226);
      await assertStored("broken", large);
    });

  test("with an unknown KMS key fails uploads and stores nothing", async () => {
    await using config = await BucketConfig.create(s3, bucket.name, {
      serverSideEncryption: { algorithm: "aws:kms", kmsKeyId: "missing-key" },
    });
    await using world = await bucketServer(config.config);
    const client = await world.client();
    for (const content of [Buffer.from("x"), patternOf(PART + 1)]) {
      const code = await client.upload("STOR a", content);
      assert.ok(code >= 400, String(code));
      assert.equal(await client.code("SIZE a"), 550);
    }
  });
});
