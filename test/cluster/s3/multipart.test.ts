/** Tests multipart uploads on real S3 servers. */
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { it } from "node:test";
import {
  AbortMultipartUploadCommand,
  ListMultipartUploadsCommand,
  ListPartsCommand,
  UploadPartCopyCommand,
} from "@aws-sdk/client-s3";
import { codeOf, crc } from "../../support/s3/bucket.ts";
import { describeEachServer } from "./each-server.ts";

const PART_BYTES = 5 * 1024 * 1024;
const OTHER_ETAG = '"d41d8cd98f00b204e9800998ecf8427e"';

describeEachServer((running, differences) => {
  it("stores a multipart upload only when it is complete, with the checksum of the object", async () => {
    const { bucket } = running();
    const upload = await bucket.begin("multipart", "CRC32", "FULL_OBJECT");
    const bodies = [randomBytes(PART_BYTES), randomBytes(PART_BYTES), Buffer.from("end")];
    const parts = [];
    for (const [index, body] of bodies.entries()) parts.push(await bucket.part(upload, index + 1, body));
    assert.equal(await codeOf(bucket.head("multipart")), "NotFound");
    const expected = crc(Buffer.concat(bodies));
    const wrong = { ChecksumType: "FULL_OBJECT", ChecksumCRC32: crc("other") } as const;
    assert.equal(await codeOf(bucket.complete(upload, parts, wrong)), differences.digest);
    const checksum = await bucket.complete(upload, parts, {
      ChecksumType: "FULL_OBJECT",
      ChecksumCRC32: expected,
    });
    assert.equal(checksum, expected);
    const { ContentLength, ChecksumCRC32 } = await bucket.head("multipart");
    assert.deepEqual(
      { ContentLength, ChecksumCRC32 },
      { ContentLength: 2 * PART_BYTES + 3, ChecksumCRC32: expected },
    );
    assert.equal(await codeOf(bucket.complete(upload, parts)), differences.completedAgain);
  });

  it("completes a multipart upload with If-None-Match only when the object does not exist", async () => {
    const { bucket } = running();
    await bucket.put("taken", "old");
    const upload = await bucket.begin("taken");
    const { PartNumber, ETag } = await bucket.part(upload, 1, "new");
    const parts = [{ PartNumber, ETag }];
    assert.equal(await codeOf(bucket.complete(upload, parts, { IfNoneMatch: "*" })), "PreconditionFailed");
    assert.equal(await bucket.read("taken"), "old");
    await bucket.complete(upload, parts);
    assert.equal(await bucket.read("taken"), "new");
  });

  it("rejects parts that are too small or have another ETag", async () => {
    const { bucket } = running();
    const small = await bucket.begin("small");
    const parts = [await bucket.part(small, 1, "a"), await bucket.part(small, 2, "b")];
    const tags = parts.map(({ PartNumber, ETag }) => ({ PartNumber, ETag }));
    assert.equal(await codeOf(bucket.complete(small, tags)), "EntityTooSmall");
    assert.equal(await codeOf(bucket.complete(small, [{ PartNumber: 1, ETag: OTHER_ETAG }])), "InvalidPart");
  });

  it("lists the parts of an upload in pages, and the upload itself", async () => {
    const { bucket } = running();
    const upload = await bucket.begin("parts/file", "CRC32");
    for (const number of [1, 2, 3]) await bucket.part(upload, number, `part ${number}`);
    const first = await bucket.client.send(new ListPartsCommand({ ...upload, MaxParts: 2 }));
    const rest = await bucket.client.send(
      new ListPartsCommand({ ...upload, MaxParts: 2, PartNumberMarker: first.NextPartNumberMarker }),
    );
    const listed = [...(first.Parts ?? []), ...(rest.Parts ?? [])];
    assert.deepEqual(
      listed.map(({ PartNumber, Size, ChecksumCRC32 }) => ({ PartNumber, Size, ChecksumCRC32 })),
      [1, 2, 3].map((number) => ({ PartNumber: number, Size: 6, ChecksumCRC32: crc(`part ${number}`) })),
    );
    const uploadsOf = async (prefix: string) => {
      const found = await bucket.client.send(
        new ListMultipartUploadsCommand({ Bucket: bucket.name, Prefix: prefix }),
      );
      return found.Uploads?.length ?? 0;
    };
    assert.equal(await uploadsOf("parts/file"), 1);
    assert.equal(await uploadsOf("parts/"), differences.listsUploadsByPrefix ? 1 : 0);
  });

  it("removes an aborted upload", async () => {
    const { bucket } = running();
    const upload = await bucket.begin("aborted");
    await bucket.part(upload, 1, "x");
    await bucket.client.send(new AbortMultipartUploadCommand(upload));
    assert.equal(await codeOf(bucket.client.send(new ListPartsCommand(upload))), "NoSuchUpload");
    assert.equal(await codeOf(bucket.part(upload, 2, "y")), "NoSuchUpload");
    assert.equal(
      await codeOf(bucket.client.send(new AbortMultipartUploadCommand(upload))),
      differences.abortedAgain,
    );
  });

  it("appends to an object with UploadPartCopy", async () => {
    const { bucket } = running();
    const upload = await bucket.begin("log", "CRC32");
    const old = await bucket.part(upload, 1, randomBytes(PART_BYTES));
    await bucket.complete(upload, [old]);
    const appending = await bucket.begin("log");
    const { CopyPartResult } = await bucket.client.send(
      new UploadPartCopyCommand({
        ...appending,
        PartNumber: 1,
        CopySource: `${bucket.name}/log`,
        CopySourceRange: `bytes=0-${PART_BYTES - 1}`,
      }),
    );
    const { ETag } = await bucket.part(appending, 2, "appended");
    await bucket.complete(appending, [
      { PartNumber: 1, ETag: CopyPartResult?.ETag },
      { PartNumber: 2, ETag },
    ]);
    assert.equal((await bucket.head("log")).ContentLength, PART_BYTES + 8);
    assert.equal(await bucket.read("log", `bytes=${PART_BYTES}-`), "appended");
  });

  it("copies an object with UploadPartCopy only when the target does not exist", async () => {
    const { bucket } = running();
    await bucket.put("old-name", "content");
    const copyTo = async (key: string) => {
      const upload = await bucket.begin(key);
      const { CopyPartResult } = await bucket.client.send(
        new UploadPartCopyCommand({ ...upload, PartNumber: 1, CopySource: `${bucket.name}/old-name` }),
      );
      await bucket.complete(upload, [{ PartNumber: 1, ETag: CopyPartResult?.ETag }], { IfNoneMatch: "*" });
    };
    await copyTo("new-name");
    assert.equal(await bucket.read("new-name"), "content");
    assert.equal(await codeOf(copyTo("new-name")), "PreconditionFailed");
  });
});
