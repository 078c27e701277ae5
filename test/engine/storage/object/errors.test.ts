import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { errorReply } from "../../../../src/engine/protocol/reply.ts";
import { explainFailure } from "../../../../src/engine/storage/object/s3/errors.ts";

function named(name: string, more: object = {}): Error {
  return Object.assign(new Error("secret detail"), { name, ...more });
}

function answer(status: number): Error {
  return named("UnknownError", { $metadata: { httpStatusCode: status } });
}

describe("an error of object storage", () => {
  const cases: [Error, code: number, state: string | undefined, isTransient: boolean][] = [
    [named("NoSuchBucket"), 451, "BucketNotFound", false],
    [named("AccessDenied"), 550, "AccessDenied", false],
    [named("InvalidAccessKeyId"), 451, "CredentialsRejected", false],
    [named("SignatureDoesNotMatch"), 451, "CredentialsRejected", false],
    [named("ExpiredToken"), 451, "CredentialsRejected", false],
    [named("RequestTimeTooSkewed"), 451, "ClockSkewed", true],
    [named("SlowDown"), 451, "Failed", true],
    [named("PermanentRedirect"), 451, "WrongRegion", false],
    [named("PreconditionFailed"), 450, undefined, false],
    [named("BadDigest"), 451, undefined, true],
    [named("NoSuchKey"), 550, undefined, false],
    [named("KeyTooLongError"), 553, undefined, false],
    [named("EntityTooLarge"), 452, undefined, false],
    [named("QuotaExceeded"), 452, "Full", false],
    [named("NotImplemented"), 504, undefined, false],
    [answer(403), 550, "AccessDenied", false],
    [answer(404), 550, undefined, false],
    [answer(412), 450, undefined, false],
    [answer(500), 451, "Failed", true],
    [answer(503), 451, "Failed", true],
    [named("Error", { code: "ECONNREFUSED" }), 451, "EndpointUnreachable", true],
    [named("Error", { code: "ENOTFOUND" }), 451, "EndpointUnreachable", true],
    [named("TimeoutError"), 451, "EndpointUnreachable", true],
    [named("Error", { code: "EAI_FAIL" }), 451, "EndpointUnreachable", true],
    [named("Error", { code: "SELF_SIGNED_CERT_IN_CHAIN" }), 451, "EndpointNotTrusted", false],
    [named("Error", { code: "INVALID_PURPOSE" }), 451, "EndpointNotTrusted", false],
    [named("Error", { cause: named("Error", { code: "ECONNRESET" }) }), 451, "EndpointUnreachable", true],
    [named("SomethingNew"), 451, "Failed", false],
  ];
  for (const [thrown, code, state, isTransient] of cases)
    test(`${JSON.stringify(Object.assign({ name: thrown.name }, thrown))} gets the reply ${code}`, () => {
      const failure = explainFailure(thrown);
      const { lines, ...reply } = errorReply(failure.error);
      assert.equal(reply.code, code);
      assert.deepEqual([failure.state, failure.isTransient], [state, isTransient]);
      assert.ok(!lines.join().includes("secret"));
    });

  test("that is not an Error object is reported without its content", () => {
    const { error, s3Code } = explainFailure("secret");
    assert.deepEqual([error.code, s3Code], ["Internal", "UNKNOWN"]);
    assert.ok(!error.message.includes("secret"));
  });
});
