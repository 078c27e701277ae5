import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { EngineObjectStorage } from "../../../src/api/engine-storage.ts";
import { parseConfig } from "../../../src/engine/config/load.ts";
import { testConfig, testUser } from "../../support/engine/server.ts";

const MIB = 1024 * 1024;
const HASH = `$scrypt$ln=14,r=8,p=1$${"A".repeat(22)}$${"A".repeat(43)}`;
const OBJECT_STORAGE: EngineObjectStorage = {
  bucket: "files.example",
  prefix: "ftp/production",
  region: "eu-central-1",
  endpoint: "https://s3.example.com:9000",
  forcePathStyle: true,
  credentials: { type: "Chain" },
  caFile: "/etc/ca.pem",
  serverSideEncryption: { algorithm: "aws:kms", kmsKeyId: "alias/files" },
  storageClass: "STANDARD_IA",
  multipart: { partSizeBytes: 16 * MIB, concurrency: 4 },
};

function parse(storage: unknown): unknown {
  const config = testConfig({
    controlPort: 2121,
    metricsPort: 8080,
    passive: { ...testConfig().passive, portRange: { first: 50000, last: 50009 } },
    users: [testUser("alice", { passwordHash: HASH })],
  });
  return parseConfig(JSON.stringify({ ...config, storage }), "engine.json").storage;
}

describe("the configuration of object storage", () => {
  test("is accepted with all fields, with few fields, and with each kind of credentials", () => {
    const {
      endpoint: _,
      caFile: _ca,
      serverSideEncryption: _sse,
      storageClass: _class,
      ...few
    } = OBJECT_STORAGE;
    const credentials = [
      { type: "Files", directory: "/etc/credentials" },
      { type: "WebIdentity", roleArn: "arn:aws:iam::123456789012:role/ftp", tokenFile: "/etc/token" },
      {
        type: "WebIdentity",
        roleArn: "arn:aws:iam::123456789012:role/ftp",
        tokenFile: "/etc/token",
        stsEndpoint: "http://sts.example.com",
      },
    ];
    for (const objectStorage of [
      OBJECT_STORAGE,
      { ...few, prefix: "" },
      ...credentials.map((one) => ({ ...OBJECT_STORAGE, credentials: one })),
    ])
      assert.deepEqual(parse({ objectStorage }), { objectStorage });
  });

  const wrong: [name: string, change: object, why: RegExp][] = [
    ["bucket", { bucket: "Files_1" }, /bucket must match pattern/],
    ["bucket", { bucket: "ab" }, /bucket must NOT have fewer than 3 characters/],
    ["prefix", { prefix: "/a" }, /prefix must be empty, or a relative path/],
    ["prefix", { prefix: "a/" }, /prefix must be empty, or a relative path/],
    ["prefix", { prefix: "a/../b" }, /prefix must be empty, or a relative path/],
    ["region", { region: "" }, /region/],
    ["endpoint", { endpoint: "s3.example.com" }, /endpoint must be an http or https URL/],
    ["endpoint", { endpoint: "https://key:secret@s3.example.com" }, /endpoint must be an http or https URL/],
    ["endpoint", { endpoint: "ftp://s3.example.com" }, /endpoint must be an http or https URL/],
    ["credentials", { credentials: { type: "Guess" } }, /credentials/],
    ["credentials", { credentials: { type: "Files" } }, /directory/],
    ["role", { credentials: { type: "WebIdentity", roleArn: "role", tokenFile: "/t" } }, /roleArn/],
    ["encryption", { serverSideEncryption: { algorithm: "ROT13" } }, /must be one of AES256,aws:kms/],
    ["part size", { multipart: { partSizeBytes: MIB, concurrency: 4 } }, /partSizeBytes must be >= 5242880/],
    ["concurrency", { multipart: { partSizeBytes: 5 * MIB, concurrency: 0 } }, /concurrency must be >= 1/],
    ["field", { secretAccessKey: "secret" }, /unknown field "secretAccessKey": remove it/],
  ];
  for (const [name, change, why] of wrong)
    test(`is rejected with the invalid ${name} ${JSON.stringify(change)}`, () => {
      assert.throws(() => parse({ objectStorage: { ...OBJECT_STORAGE, ...change } }), why);
    });

  test("excludes a directory, and one of the two is required", () => {
    assert.throws(
      () => parse({ objectStorage: OBJECT_STORAGE, root: "/data" }),
      /storage must NOT have more than 1/,
    );
    assert.throws(() => parse({}), /storage must NOT have fewer than 1/);
  });
});
