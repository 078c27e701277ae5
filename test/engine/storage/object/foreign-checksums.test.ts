/** Tests checksum commands for objects that another program stored with composite checksums. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { describe, test } from "node:test";
import { crc32 } from "node:zlib";
import {
  CompleteMultipartUploadCommand,
  type CompletedPart,
  CreateMultipartUploadCommand,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import { describeEachServer } from "../../../cluster/s3/each-server.ts";
import { bucketServer } from "../../../support/engine/bucket-server.ts";
import type { Bucket } from "../../../support/s3/bucket.ts";
import { BucketConfig, MIB } from "../../../support/s3/object-homes.ts";
import { patternOf } from "../../../support/s3/test-tree.ts";

const PARTS = [patternOf(5 * MIB), Buffer.from("the last part")];
const ALGORITHMS = ["CRC32", "SHA1", "SHA256"] as const;

/** Stores parts with a multipart upload and a composite checksum. */
async function putComposite(
  { client, name }: Bucket,
  key: string,
  contents: readonly Buffer[],
  algorithm: (typeof ALGORITHMS)[number],
): Promise<void> {
  const target = { Bucket: name, Key: key };
  const { UploadId } = await client.send(
    new CreateMultipartUploadCommand({ ...target, ChecksumAlgorithm: algorithm, ChecksumType: "COMPOSITE" }),
  );
  const parts: CompletedPart[] = [];
  for (const [index, Body] of contents.entries()) {
    const number = { PartNumber: index + 1 };
    const answer = await client.send(
      new UploadPartCommand({ ...target, ...number, UploadId, Body, ChecksumAlgorithm: algorithm }),
    );
    const field = `Checksum${algorithm}` as const;
    parts.push({ ...number, ETag: answer.ETag, [field]: answer[field] });
  }
  await client.send(
    new CompleteMultipartUploadCommand({ ...target, UploadId, MultipartUpload: { Parts: parts } }),
  );
}

describe("the checksum commands read an object with a checksum of part checksums", () => {
  describeEachServer((running) => {
    for (const algorithm of ALGORITHMS)
      for (const contents of [PARTS, PARTS.slice(1)])
        test(`${algorithm}, ${contents.length} parts`, async () => {
          const { server, bucket } = running();
          await using config = await BucketConfig.create(server, bucket.name);
          await using world = await bucketServer(config.config);
          const key = `${config.config.prefix}/alice/a`;
          await putComposite(bucket, key, contents, algorithm);
          const found = await bucket.head(key);
          assert.equal(found.ChecksumType, "COMPOSITE");
          assert.match(found[`Checksum${algorithm}`] ?? "", new RegExp(`-${contents.length}$`, "u"));

          const content = Buffer.concat(contents);
          const sum = (name: string): string => createHash(name).update(content).digest("hex");
          const client = await world.client();
          for (const [name, expected] of [
            ["CRC32", crc32(content).toString(16).padStart(8, "0")],
            ["SHA-1", sum("sha1")],
            ["SHA-256", sum("sha256")],
          ]) {
            assert.equal(await client.code(`OPTS HASH ${name}`), 200);
            const { lines } = await client.command("HASH a");
            assert.deepEqual(lines, [`213 ${name} 0-${content.length - 1} ${expected} a`]);
          }
          assert.ok((await client.download("RETR a")).bytes.equals(content));
        });
  });
});
