/** Tests the S3 test servers: restart, TLS, users, and error codes for wrong credentials. */
import assert from "node:assert/strict";
import { it } from "node:test";
import { GetObjectCommand, HeadBucketCommand, ListObjectsV2Command } from "@aws-sdk/client-s3";
import { Bucket, codeOf } from "../../support/s3/bucket.ts";
import { describeEachServer } from "./each-server.ts";

describeEachServer((running, differences, start) => {
  it("reports wrong buckets and credentials with the codes of AWS", async () => {
    const { bucket, server } = running();
    await bucket.put("secret", "x");
    const missing = new GetObjectCommand({ Bucket: "no-such-bucket", Key: "x" });
    assert.equal(await codeOf(bucket.client.send(missing)), "NoSuchBucket");
    const { accessKeyId, secretAccessKey } = server;
    const as = (credentials: { accessKeyId: string; secretAccessKey: string; sessionToken?: string }) =>
      codeOf(new Bucket(server.client({ credentials }), bucket.name).read("secret"));
    assert.equal(await as({ accessKeyId, secretAccessKey: "wrong" }), "SignatureDoesNotMatch");
    assert.equal(await as({ accessKeyId: "unknown", secretAccessKey }), "InvalidAccessKeyId");
    assert.equal(await as({ accessKeyId, secretAccessKey, sessionToken: "x" }), differences.invalidToken);
    const elsewhere = new Bucket(server.client({ region: "eu-west-1" }), bucket.name);
    assert.equal(await codeOf(elsewhere.read("secret")), "AuthorizationHeaderMalformed");
    const late = new Bucket(server.client({ systemClockOffset: 20 * 60_000 }), bucket.name);
    assert.equal(await codeOf(late.read("secret")), "RequestTimeTooSkewed");
    // The response to a HEAD request has no body, so the SDK derives the error code from the status.
    const head = new HeadBucketCommand({ Bucket: "no-such-bucket" });
    assert.equal(await codeOf(bucket.client.send(head)), "NotFound");
  });

  it("denies a user access outside its permissions", async () => {
    const { bucket, server } = running();
    const allowed = [`arn:aws:s3:::${bucket.name}/in/*`];
    const credentials = await server.userWith(bucket.name, [
      { Effect: "Allow", Action: ["s3:GetObject", "s3:PutObject"], Resource: allowed },
    ]);
    const user = new Bucket(server.client({ credentials }), bucket.name);
    assert.equal(await codeOf(user.put("in/x", "x")), undefined);
    assert.equal(await codeOf(user.put("out/x", "x")), "AccessDenied");
    assert.equal(
      await codeOf(user.client.send(new ListObjectsV2Command({ Bucket: bucket.name }))),
      "AccessDenied",
    );
  });

  it("keeps objects and the port when it restarts", async () => {
    const { bucket, server } = running();
    await bucket.put("kept", "x");
    await server.restart();
    assert.equal(await bucket.read("kept"), "x");
  });

  it("serves HTTPS with the certificate of its own authority", async () => {
    await using secure = await start({ tls: true });
    await secure.createBucket("secure");
    const trusting = secure.client();
    await trusting.send(new HeadBucketCommand({ Bucket: "secure" }));
    const distrusting = secure.client({ requestHandler: {}, maxAttempts: 1 });
    await assert.rejects(distrusting.send(new HeadBucketCommand({ Bucket: "secure" })), {
      code: "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
    });
  });
});
