/** Tests the requests that the engine signs and sends without the middleware of the AWS SDK. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { S3Client } from "@aws-sdk/client-s3";
import * as sdk from "@aws-sdk/client-s3";
import { directEndpoint } from "../../../../src/engine/storage/object/s3/direct-endpoint.ts";
import { answerOf, fieldsOf } from "../../../../src/engine/storage/object/s3/direct-fields.ts";
import { RequestSigner } from "../../../../src/engine/storage/object/s3/signature.ts";

const KEY = {
  accessKeyId: "AKIAIOSFODNN7EXAMPLE",
  secretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
};

test("a signature equals the signature in the example of the Amazon S3 documentation", () => {
  // "Authenticating Requests: Using the Authorization Header", example GET Object.
  const signed = new RequestSigner("us-east-1").sign(
    {
      method: "GET",
      path: "/test.txt",
      query: "",
      headers: { host: "examplebucket.s3.amazonaws.com", range: "bytes=0-9" },
      hasBody: false,
    },
    KEY,
    new Date("2013-05-24T00:00:00Z"),
  );
  assert.equal(
    signed["authorization"],
    "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request, SignedHeaders=host;range;x-amz-content-sha256;x-amz-date, Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41",
  );
});

test("a signature uses the new key after the secret or the day changes", () => {
  const request = { method: "GET", path: "/a", query: "", headers: { host: "s3" }, hasBody: false };
  const [first, second] = [new Date("2026-01-01T12:00:00Z"), new Date("2026-01-02T12:00:00Z")];
  const signer = new RequestSigner("us-east-1");
  for (const [key, time] of [
    [KEY, first],
    [{ ...KEY, secretAccessKey: "other" }, first],
    [KEY, second],
  ] as const)
    assert.deepEqual(
      signer.sign(request, key, time),
      new RequestSigner("us-east-1").sign(request, key, time),
    );
});

test("a session token is part of the signed request", () => {
  const request = { method: "PUT", path: "/a", query: "", headers: { host: "s3" }, hasBody: true };
  const signed = new RequestSigner("eu-west-1").sign(request, { ...KEY, sessionToken: "token" }, new Date());
  assert.equal(signed["x-amz-security-token"], "token");
  assert.match(signed["authorization"] ?? "", /SignedHeaders=[\w;-]*;x-amz-security-token,/u);
});

test("the fields of a request are encoded as AWS Signature Version 4 requires", () => {
  const fields = fieldsOf({
    Bucket: "b",
    Key: "a b/c+(1)'é",
    PartNumber: 2,
    UploadId: "x/y=",
    IfMatch: '"1"',
  });
  assert.deepEqual(fields, {
    key: "a%20b/c%2B%281%29%27%C3%A9",
    query: "partNumber=2&uploadId=x%2Fy%3D",
    headers: { "if-match": '"1"' },
  });
});

for (const [kind, change] of Object.entries({
  "an unknown field": { ACL: "private" },
  "metadata outside ASCII": { Metadata: { title: "é" } },
  "metadata with two adjacent spaces": { Metadata: { title: "a  b" } },
  "an empty value": { Metadata: { title: "" } },
}))
  test(`the SDK sends a request with ${kind}`, () => {
    assert.ok(fieldsOf({ Bucket: "b", Key: "a", Metadata: { title: "a b" } }));
    assert.equal(fieldsOf({ Bucket: "b", Key: "a", ...change }), undefined);
  });

test("the fields of a response contain the metadata, the time and the size", () => {
  const modified = "Mon, 30 Nov 2026 00:00:00 GMT";
  const headers = { etag: '"1"', "last-modified": modified, "content-length": "5", "x-amz-meta-mtime": "7" };
  const { ETag, LastModified, ContentLength, Metadata } = answerOf(headers);
  assert.deepEqual([ETag, ContentLength, Metadata], ['"1"', 5, { mtime: "7" }]);
  assert.equal(LastModified?.getTime(), Date.parse(modified));
});

for (const [bucket, change, expected] of [
  ["files", {}, { hostname: "files.s3.eu-west-1.amazonaws.com", path: "/" }],
  ["files", { forcePathStyle: true }, { hostname: "s3.eu-west-1.amazonaws.com", path: "/files/" }],
  [
    "files",
    { endpoint: "http://[::1]:9000", forcePathStyle: true },
    { hostname: "::1", port: 9000, path: "/files/" },
  ],
] as const)
  test(`the endpoint of a bucket is ${expected.hostname}${expected.path}, as in the SDK`, async () => {
    const client = new S3Client({ region: "eu-west-1", credentials: KEY, ...change });
    const found = await directEndpoint(sdk, client, bucket);
    const { hostname, path } = found ?? {};
    assert.deepEqual({ hostname, path, ...("port" in expected && { port: found?.port }) }, expected);
  });
