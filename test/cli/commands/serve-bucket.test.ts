/** Tests `ftp-operator serve` with a bucket that stores the files. */
import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { Readable } from "node:stream";
import { Client } from "basic-ftp";
import { inTemporaryFolder } from "../../cluster/temporary.ts";
import { ftpOperator } from "../../support/cli/command-line.ts";
import { Serving } from "../../support/cli/serving.ts";
import { Bucket } from "../../support/s3/bucket.ts";
import { type S3Server, startVersityGw } from "../../support/s3/s3-server.ts";

const SERVING = '"msg":"serving"';
const encoded = (text: string): string => Buffer.from(text).toString("base64");

describe("ftp-operator serve with a bucket", () => {
  let server: S3Server;
  let bucket: Bucket;
  before(async () => {
    server = await startVersityGw({ tls: true });
    bucket = new Bucket(server.client(), await server.createBucket());
  });
  after(async () => {
    bucket.client.destroy();
    await server[Symbol.asyncDispose]();
  });

  /** Returns the manifests of an FtpServer that stores files in the bucket. */
  const manifests = async (): Promise<object[]> => {
    const { endpoint, accessKeyId, secretAccessKey, caFile = "" } = server;
    return [
      {
        apiVersion: "ftp-operator.io/v1alpha1",
        kind: "FtpServer",
        metadata: { name: "files" },
        spec: {
          storage: {
            type: "ObjectStorage",
            objectStorage: {
              bucket: bucket.name,
              prefix: "ftp",
              endpoint,
              credentialsSecretRef: { name: "bucket" },
              caRef: { kind: "ConfigMap", name: "authority" },
            },
          },
          users: [{ name: "alice", passwordSecretRef: { name: "alice" } }],
        },
      },
      secret("bucket", { accessKeyId, secretAccessKey }),
      secret("alice", { password: "wonderland" }),
      {
        apiVersion: "v1",
        kind: "ConfigMap",
        metadata: { name: "authority" },
        data: { "ca.crt": await readFile(caFile, "utf8") },
      },
    ];
  };

  test("stores the files in the bucket, with the credentials of the Secret", async () => {
    await inTemporaryFolder(async (folder) => {
      const manifest = join(folder, "server.json");
      await writeFile(manifest, (await manifests()).map((one) => JSON.stringify(one)).join("\n---\n"));
      await using serving = await Serving.start(["-f", manifest], { ready: SERVING });
      const client = new Client();
      await client.access({ host: "127.0.0.1", port: serving.port, user: "alice", password: "wonderland" });
      await client.uploadFrom(Readable.from(["content"]), "file");
      client.close();
      assert.equal(await bucket.read("ftp/alice/file"), "content");
      assert.ok(serving.stderr.includes(`s3://${bucket.name}/ftp`), serving.stderr);
      assert.equal(await serving.end("SIGTERM"), 0);
      assert.ok(!`${serving.stdout}${serving.stderr}`.includes(server.secretAccessKey));
    });
  });

  test("serves a directory instead with --directory", async () => {
    await inTemporaryFolder(async (folder) => {
      const manifest = join(folder, "server.json");
      await writeFile(manifest, (await manifests()).map((one) => JSON.stringify(one)).join("\n---\n"));
      const args = ["-f", manifest, "--directory", join(folder, "files")];
      await using serving = await Serving.start(args, { ready: SERVING });
      assert.ok(serving.stderr.includes(`files in ${join(folder, "files")}`), serving.stderr);
      assert.equal(await serving.end("SIGTERM"), 0);
    });
  });

  test("names the Secret that is missing in the manifests", async () => {
    await inTemporaryFolder(async (folder) => {
      const manifest = join(folder, "server.json");
      const [ftpServer, , ...others] = await manifests();
      await writeFile(manifest, [ftpServer, ...others].map((one) => JSON.stringify(one)).join("\n---\n"));
      const { code, stderr } = await ftpOperator(["serve", "-f", manifest]);
      assert.equal(code, 2, stderr);
      assert.match(stderr, /Secret .*bucket/u);
      assert.match(stderr, /--directory/u);
    });
  });
});

function secret(name: string, data: Readonly<Record<string, string>>): object {
  const values = Object.entries(data).map(([key, value]) => [key, encoded(value)]);
  return { apiVersion: "v1", kind: "Secret", metadata: { name }, data: Object.fromEntries(values) };
}
