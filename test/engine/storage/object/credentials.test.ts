import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { EngineError } from "../../../../src/engine/errors.ts";
import { explainFailure } from "../../../../src/engine/storage/object/s3/errors.ts";
import { textOf, upload } from "../../../support/engine/storage-calls.ts";
import { BucketConfig } from "../../../support/s3/object-homes.ts";
import { type S3Server, startVersityGw } from "../../../support/s3/s3-server.ts";
import { TokenService } from "../../../support/s3/token-service.ts";

const ROLE = "arn:aws:iam::123456789012:role/ftp";

describe("credentials for object storage", () => {
  let server: S3Server;
  let directory: string;
  before(async () => {
    server = await startVersityGw();
    directory = await mkdtemp(join(tmpdir(), "object-credentials-"));
  });
  after(async () => {
    await server[Symbol.asyncDispose]();
    await rm(directory, { recursive: true });
  });

  // id: workload-identity
  test("come from a token that a token service accepts, and are renewed with the current token", async () => {
    const tokenFile = join(directory, "token");
    await using service = await TokenService.start("first", server);
    // The SDK renews credentials before their expiration, so a lifetime of 1 second causes a renewal for each request.
    service.seconds = 1;
    await using config = await BucketConfig.create(server, await server.createBucket(), {
      credentials: { type: "WebIdentity", roleArn: ROLE, tokenFile, stsEndpoint: service.endpoint },
    });
    await writeFile(tokenFile, "first");
    const tree = await config.openTree();
    const home = await tree.openHome("/alice");
    await upload(home, "/a", "content");
    assert.deepEqual(service.exchanges[0], { roleArn: ROLE, token: "first" });
    service.token = "second";
    await writeFile(tokenFile, "second");
    assert.equal(await textOf(home, "/a"), "content");
    assert.equal(service.exchanges.at(-1)?.token, "second");
    service.token = "third";
    await assert.rejects(home.stat("/a"), (error) => {
      assert.ok(error instanceof EngineError);
      assert.deepEqual(
        [error.code, explainFailure(error.cause).state],
        ["StorageUnavailable", "CredentialsRejected"],
      );
      return true;
    });
    await tree.close();
  });

  test("come from files that are read again when they change", async () => {
    await using config = await BucketConfig.create(server, await server.createBucket());
    const tree = await config.openTree();
    const home = await tree.openHome("/alice");
    await upload(home, "/a", "content");
    await config.writeCredentials({ accessKeyId: server.accessKeyId, secretAccessKey: "wrong" });
    for (let tries = 0; ; tries++) {
      const isRejected = await home.stat("/a").then(
        () => false,
        () => true,
      );
      if (isRejected) break;
      assert.ok(tries < 100_000);
    }
    await tree.close();
  });
});
