/**
 * Tests FtpServers with a wrong bucket, endpoint or credentials, and an FtpServer that assumes a role with a
 * ServiceAccount token.
 */
import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import type { KubeObject } from "../../src/api/kubernetes.ts";
import { curl, url } from "../support/clients/clients.ts";
import type { S3Server } from "../support/s3/s3-server.ts";
import { answering, clientNamed, roundTrip, siteOf } from "./outside.ts";
import { credentialsSecret, inBucket, readObject, startOutsideS3 } from "./outside-s3.ts";
import { OutsideSts } from "./outside-sts.ts";
import { conditionOf, eventually, timed, TestNamespace } from "./test-namespace.ts";

const USERS = { alice: "one" };
/** Maximum time in milliseconds from the engine start until the status shows a failure. */
const NOTICED_LIMIT = 120_000;
const CONTENT = "stored\n";
const ROLE = "arn:aws:iam::111122223333:role/ftp";

type Pod = KubeObject & {
  status?: { containerStatuses?: { started?: boolean }[] };
};

describe("object storage access", { concurrency: true }, () => {
  let namespace: TestNamespace;
  let directory: string;
  let file: string;
  let server: S3Server;
  let bucket: string;

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), "ftp-operator-e2e-"));
    file = join(directory, "file.txt");
    await writeFile(file, CONTENT);
    namespace = await TestNamespace.create("e2e-object-storage-access");
    server = await startOutsideS3(namespace);
    bucket = await server.createBucket();
    await namespace.apply(credentialsSecret("good", server));
  });

  after(async () => {
    await namespace.remove();
    await server[Symbol.asyncDispose]();
    await rm(directory, { recursive: true });
  });

  /** Waits until the engine answers health checks. On a busy machine, the engine starts slowly. */
  async function starts(name: string): Promise<void> {
    await eventually(`the engine of ${name} runs`, async () => {
      const [pod = ""] = await namespace.pods(name);
      const { status } = await namespace.get<Pod>("pod", pod);
      assert.equal(status?.containerStatuses?.[0]?.started, true);
    });
  }

  async function storageReadyIs(name: string, reason: string): Promise<string> {
    const what = `StorageReady of ${name} is ${reason}`;
    const hasReason = async (): Promise<string> => {
      const found = conditionOf(await namespace.server(name), "StorageReady");
      assert.equal(found?.reason, reason, found?.message ?? "");
      assert.equal(found?.status, "False");
      return found?.message ?? "";
    };
    return await timed(what, () => eventually(what, hasReason, NOTICED_LIMIT));
  }

  /** Waits until the FtpServer is Ready, and then uploads a file. */
  async function works(name: string): Promise<void> {
    const ready = await timed(`${name} is Ready after the repair`, () => namespace.waitReady(name));
    assert.equal(conditionOf(ready, "StorageReady")?.reason, "BucketReady");
    const site = siteOf(
      namespace,
      await answering(namespace, await namespace.login(name, "alice", USERS.alice)),
    );
    await curl(site, "passive", "-T", file, url(site));
    const stored = await readObject(server, bucket, `${name}/alice/file.txt`);
    assert.equal(stored?.toString(), CONTENT);
  }

  const apply = (name: string, more: object = {}, at: string = bucket): Promise<void> =>
    namespace.applyServer(
      name,
      USERS,
      inBucket(server, at, { prefix: name, credentialsSecretRef: { name: "good" }, ...more }),
    );
  const patch = (name: string, objectStorage: object): Promise<void> =>
    namespace.patchSpec(name, { storage: { objectStorage } });

  // id: object-storage-wrong-bucket
  it("reports a bucket that does not exist, and recovers when the spec names an existing bucket", async () => {
    await apply("wrong-bucket", {}, "no-such-bucket");
    await starts("wrong-bucket");
    assert.match(
      await storageReadyIs("wrong-bucket", "BucketNotFound"),
      /`no-such-bucket` \(NoSuchBucket\)/u,
    );
    await patch("wrong-bucket", { bucket });
    await works("wrong-bucket");
  });

  // id: object-storage-wrong-key
  it("reports a wrong access key, and recovers when the Secret is corrected", async () => {
    await namespace.apply(
      credentialsSecret("wrong", { accessKeyId: server.accessKeyId, secretAccessKey: "another-secret-key" }),
    );
    await apply("wrong-key", { credentialsSecretRef: { name: "wrong" } });
    await starts("wrong-key");
    const message = await storageReadyIs("wrong-key", "CredentialsRejected");
    assert.match(message, /\(SignatureDoesNotMatch\).* in Secret `wrong`/u);
    assert.doesNotMatch(message, /another-secret-key/u);
    await namespace.apply(credentialsSecret("wrong", server));
    await works("wrong-key");
  });

  it("reports a missing Secret, and recovers when the Secret is created", async () => {
    await apply("no-secret", { credentialsSecretRef: { name: "later" } });
    assert.match(await storageReadyIs("no-secret", "SecretNotFound"), /`later`/u);
    assert.deepEqual(await namespace.pods("no-secret"), []);
    await namespace.apply(credentialsSecret("later", server));
    await works("no-secret");
  });

  // id: additional-storage-in-cluster
  it("reports additional storage with a wrong bucket and a wrong key, and only its mounts fail", async () => {
    await namespace.apply(
      credentialsSecret("other", { accessKeyId: server.accessKeyId, secretAccessKey: "another-secret-key" }),
    );
    const storage = (name: string, at: string, secret: string): object => ({
      name,
      ...inBucket(server, at, { prefix: name, credentialsSecretRef: { name: secret } }).storage,
    });
    const mounts = ["archive", "inbox"].map((name) => ({ path: `/${name}`, storage: name }));
    const inbox = storage("inbox", bucket, "other");
    await namespace.applyServer("additional", USERS, {
      additionalStorage: [storage("archive", "no-such-bucket", "good"), inbox],
      users: [{ name: "alice", passwordSecretRef: { name: "additional-alice" }, mounts }],
    });
    await starts("additional");
    const message = await storageReadyIs("additional", "BucketNotFound");
    assert.match(message, /^Storage `archive` has a fault in pod .* `no-such-bucket` \(NoSuchBucket\)/u);
    assert.match(message, / Storage `inbox` has a fault in pod .* in Secret `other`/u);
    const site = siteOf(
      namespace,
      await answering(namespace, await namespace.login("additional", "alice", USERS.alice)),
    );
    await curl(site, "passive", "-T", file, url(site));
    for (const { path } of mounts)
      await assert.rejects(curl(site, "passive", "-T", file, `${url(site)}${path.slice(1)}/`));
    await namespace.apply(credentialsSecret("other", server));
    await namespace.patchSpec("additional", {
      additionalStorage: [storage("archive", bucket, "good"), inbox],
    });
    const ready = await timed("additional is Ready after the repair", () =>
      namespace.waitReady("additional"),
    );
    assert.equal(conditionOf(ready, "StorageReady")?.reason, "EphemeralStorage");
    // During the handover, the old pod, which has the wrong bucket, can receive a new session.
    for (const { path } of mounts)
      await eventually(`${path} accepts uploads`, async () => {
        const again = siteOf(namespace, await namespace.login("additional", "alice", USERS.alice));
        await curl(again, "passive", "-T", file, `${url(again)}${path.slice(1)}/`);
      });
    assert.equal((await readObject(server, bucket, "archive/file.txt"))?.toString(), CONTENT);
  });

  it("reports an endpoint that drops packets, and recovers when the spec names the correct endpoint", async () => {
    // The address is in TEST-NET-1 (RFC 5737), which has no route in the cluster.
    await apply("unreachable", { endpoint: "http://192.0.2.1:9000" });
    await starts("unreachable");
    const message = await storageReadyIs("unreachable", "EndpointUnreachable");
    assert.match(message, /Check the host and port in `spec\.storage\.objectStorage\.endpoint`/u);
    await patch("unreachable", { endpoint: server.endpoint });
    await works("unreachable");
  });

  // id: object-storage-web-identity
  it("with webIdentity assumes the role with a token of its ServiceAccount for the audience", async () => {
    await using sts = await OutsideSts.start(namespace, directory, {
      roleArn: ROLE,
      audience: "s3.example.test",
      serviceAccount: "identity",
      credentials: await server.userWith(bucket, [
        {
          Effect: "Allow",
          Action: ["s3:ListBucket", "s3:ListBucketMultipartUploads"],
          Resource: [`arn:aws:s3:::${bucket}`],
        },
        {
          Effect: "Allow",
          Action: [
            "s3:GetObject",
            "s3:PutObject",
            "s3:DeleteObject",
            "s3:AbortMultipartUpload",
            "s3:ListMultipartUploadParts",
          ],
          Resource: [`arn:aws:s3:::${bucket}/identity/*`],
        },
      ]),
    });
    const webIdentity = { roleArn: ROLE, audience: "another.example.test", stsEndpoint: sts.endpoint };
    await namespace.applyServer(
      "identity",
      USERS,
      inBucket(server, bucket, { prefix: "identity", webIdentity }),
    );
    await starts("identity");
    assert.match(await storageReadyIs("identity", "CredentialsRejected"), /\(InvalidIdentityToken\)/u);
    assert.ok(sts.answers.includes("400 wrong audience another.example.test"), sts.answers.join("\n"));
    await patch("identity", { webIdentity: { audience: "s3.example.test" } });
    await works("identity");
    assert.ok(sts.answers.includes("200 accepted"), sts.answers.join("\n"));
    const site = siteOf(namespace, await namespace.login("identity", "alice", USERS.alice));
    await roundTrip(clientNamed("lftp"), site, "passive", directory);
  });
});
