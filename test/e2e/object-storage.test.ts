/**
 * Tests FtpServers with object storage. The S3 server runs on a host outside the cluster.
 */
import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { after, before, describe, it } from "node:test";
import { curl, type Site, url } from "../support/clients/clients.ts";
import { type S3Server, startMinio } from "../support/s3/s3-server.ts";
import { killEngine } from "./kill-engine.ts";
import { killOperator, operatorLeads, operatorRuns } from "./operator.ts";
import { answering, clientNamed, roundTrip, siteOf } from "./outside.ts";
import { credentialsSecret, dialFrom, inBucket, partOf, readObject, startOutsideS3 } from "./outside-s3.ts";
import { conditionOf, eventually, timed, TestNamespace } from "./test-namespace.ts";
import { TransferLoop } from "./transfer-loop.ts";
import { UploadLoop } from "./upload-loop.ts";

const USERS = { alice: "one" };
/** Size in bytes of a file whose upload requires several parts. */
const LARGE_BYTES = 12_000_017;
/** Rate of a client that is still uploading when its engine is killed, in the format of curl. */
const SLOW = "1M";
const SMALL_PARTS = { multipart: { partSizeMebibytes: 5 } };
/** Maximum time in milliseconds until the status shows that the S3 server fails or works again. */
const NOTICED_LIMIT = 120_000;
const RECOVERY_LIMIT = 180_000;

describe("object storage", () => {
  let namespace: TestNamespace;
  let directory: string;
  let server: S3Server;
  let secure: S3Server;
  let minio: S3Server;
  let bucket: string;
  let secureBucket: string;
  let minioBucket: string;

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), "ftp-operator-e2e-"));
    namespace = await TestNamespace.create("e2e-object-storage");
    [server, secure, minio] = await Promise.all([
      startOutsideS3(namespace),
      startOutsideS3(namespace, { tls: true }),
      startOutsideS3(namespace, {}, startMinio),
    ]);
    [bucket, secureBucket, minioBucket] = await Promise.all([
      server.createBucket(),
      secure.createBucket(),
      minio.createBucket(),
    ]);
    const secrets = Object.entries({ plain: server, secure, minio });
    await namespace.apply(...secrets.map(([name, one]) => credentialsSecret(name, one)), {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "s3-authority" },
      data: { "ca.crt": await readFile(secure.caFile ?? "", "utf8") },
    });
    const { hostname, port } = new URL(secure.endpoint);
    await namespace.applyServer("one", USERS, {
      ...inBucket(secure, secureBucket, {
        ...SMALL_PARTS,
        credentialsSecretRef: { name: "secure" },
        caRef: { kind: "ConfigMap", name: "s3-authority", key: "ca.crt" },
      }),
      networkPolicy: { egress: [{ to: [{ cidr: `${hostname}/32` }], ports: [Number(port)] }] },
    });
    await namespace.applyServer("on-minio", USERS, {
      passive: { portRange: { first: 50_030, last: 50_039 } },
      ...inBucket(minio, minioBucket, { ...SMALL_PARTS, credentialsSecretRef: { name: "minio" } }),
    });
    await namespace.applyServer("two", USERS, {
      replicas: 2,
      passive: { portRange: { first: 50_000, last: 50_029 } },
      ...inBucket(server, bucket, {
        ...SMALL_PARTS,
        prefix: "partners",
        credentialsSecretRef: { name: "plain" },
      }),
    });
  });

  after(async () => {
    await operatorRuns(namespace);
    await namespace.remove();
    await Promise.all([server, secure, minio].map((one) => one[Symbol.asyncDispose]()));
    await rm(directory, { recursive: true });
  });

  const siteAt = async (name: string): Promise<Site> =>
    siteOf(namespace, await answering(namespace, await namespace.login(name, "alice", USERS.alice)));

  async function storageReadyIs(name: string, reason: string, limit: number): Promise<string> {
    return await timed(`StorageReady of ${name} is ${reason}`, () =>
      eventually(
        `StorageReady of ${name} is ${reason}`,
        async () => {
          const found = conditionOf(await namespace.server(name), "StorageReady");
          assert.equal(found?.reason, reason, found?.message ?? "");
          return found?.message ?? "";
        },
        limit,
      ),
    );
  }

  /** Returns the UIDs of all pods that are not terminating. */
  async function uidsOf(name: string): Promise<string[]> {
    const pods = await namespace.pods(name);
    const found = await Promise.all(pods.map((pod) => namespace.get("pod", pod)));
    return found.flatMap(({ metadata }) => metadata.uid ?? []);
  }

  /** FtpServers with one replica. */
  const SINGLE = [
    { name: "one", what: "over HTTPS", at: () => ({ server: secure, bucket: secureBucket }) },
    { name: "on-minio", what: "in MinIO", at: () => ({ server: minio, bucket: minioBucket }) },
  ];

  for (const { name, what, at } of SINGLE) {
    // id: object-storage-in-cluster
    it(`keeps the files of one replica in a bucket ${what} when its pod is replaced`, async () => {
      const ready = conditionOf(await namespace.waitReady(name), "StorageReady");
      assert.equal(ready?.reason, "BucketReady");
      assert.match(ready?.message ?? "", new RegExp(at().bucket, "u"));
      const site = await siteAt(name);
      const file = join(directory, "kept.bin");
      const content = randomBytes(LARGE_BYTES);
      await writeFile(file, content);
      await curl(site, "passive", "-T", file, url(site));
      assert.ok((await readObject(at().server, at().bucket, "alice/kept.bin"))?.equals(content));
      await roundTrip(clientNamed("lftp"), site, "passive", directory);

      const before = await uidsOf(name);
      const selector = `app.kubernetes.io/instance=${name}`;
      await namespace.kubectl(["delete", "pod", "-l", selector, "--wait=false"]);
      await eventually("another pod", async () => {
        const now = await uidsOf(name);
        assert.ok(now.length > 0 && !now.some((uid) => before.includes(uid)), now.join(" "));
      });
      await namespace.waitReady(name);
      await rm(file);
      await curl(site, "passive", "-o", file, url(site, basename(file)));
      assert.ok((await readFile(file)).equals(content), "the file is as it was");
      assert.match(await curl(site, "passive", url(site)), /12000017 .* kept\.bin/u);
    });

    // id: object-storage-killed-engine
    it(`keeps the old file in a bucket ${what} when the engine is killed during an upload`, async () => {
      await namespace.waitReady(name);
      const site = await siteAt(name);
      const file = join(directory, "replaced.bin");
      const read = () => readObject(at().server, at().bucket, "alice/replaced.bin");
      await writeFile(file, "old");
      await curl(site, "passive", "-T", file, url(site));
      const content = randomBytes(LARGE_BYTES);
      await writeFile(file, content);
      const uploading = curl(site, "passive", "--limit-rate", SLOW, "-T", file, url(site));
      const failing = assert.rejects(uploading, { name: "CommandError" });
      await partOf(at().server, at().bucket, "alice/replaced.bin");
      const [pod = ""] = await namespace.pods(name);
      await killEngine(namespace, pod);
      await failing;
      assert.equal((await read())?.toString(), "old");
      // The new engine continues to serve the old file until a client sends the complete file again.
      await answering(namespace, await namespace.login(name, "alice", USERS.alice));
      assert.equal(await curl(site, "passive", url(site, "replaced.bin")), "old");
      await curl(site, "passive", "-T", file, url(site));
      assert.ok((await read())?.equals(content), "the second upload is complete");
    });
  }

  // id: object-storage-network-policy
  it("can connect only to the destinations of spec.networkPolicy.egress, or to the port of the endpoint", async () => {
    const { client } = namespace.cluster.hosts;
    await Promise.all(["one", "two"].map((name) => namespace.waitReady(name)));
    const look = async (name: string, { endpoint }: S3Server): Promise<string[]> => {
      const [pod = ""] = await namespace.pods(name);
      const { hostname, port } = new URL(endpoint);
      const destinations: [string, number][] = [
        [hostname, Number(port)],
        [client, Number(port)],
        [hostname, Number(port) + 1],
      ];
      return await Promise.all(
        destinations.map(([address, number]) => dialFrom(namespace, pod, address, number)),
      );
    };
    assert.deepEqual(await look("one", secure), ["open", "silent", "silent"]);
    // No process listens on this port of the other host, so the host rejects the connection.
    assert.deepEqual(await look("two", server), ["open", "closed", "silent"]);
  });

  // id: object-storage-rollout
  it("serves the same files from two replicas, without a failed transfer during a rollout and an operator kill", async () => {
    await namespace.waitComplete("two");
    const { host, port, user, password } = (await siteAt("two")).login;
    await using running = new AsyncDisposableStack();
    const loads = ["curl", "lftp"].map((name) =>
      running.use(new TransferLoop(namespace, { host, port, user, password }, directory, clientNamed(name))),
    );
    const more = (count: number) => Promise.all(loads.map((load) => load.more(count)));
    await operatorLeads(namespace);
    await more(2);
    const before = await uidsOf("two");
    await namespace.patchSpec("two", { pod: { env: [{ name: "ROLLOUT", value: "1" }] } });
    await more(2);
    await killOperator(namespace);
    await more(2);
    await timed("both pods are replaced", () =>
      eventually("both pods are replaced", async () => {
        const { status } = await namespace.server("two");
        const now = await uidsOf("two");
        assert.equal(status?.readyReplicas, 2);
        assert.ok(now.length === 2 && !now.some((uid) => before.includes(uid)), now.join(" "));
      }),
    );
    await more(2);
    const counts = await Promise.all(loads.map((load) => load.end()));
    console.log(`${counts.join(" and ")} uploads and downloads, none failed`);
  });

  // id: object-storage-outage
  it("acknowledges only complete files while the S3 server is killed and restarted", async () => {
    await namespace.waitComplete("two");
    const site = await siteAt("two");
    await using running = new AsyncDisposableStack();
    const loads = [100_003, LARGE_BYTES].map((bytes) => running.use(new UploadLoop(site, directory, bytes)));
    await Promise.all(loads.map((load) => load.more(2)));
    await server.kill();
    const message = await storageReadyIs("two", "EndpointUnreachable", NOTICED_LIMIT);
    assert.match(message, /cannot connect to the object storage \(ECONNREFUSED\)/u);
    assert.equal((await namespace.server("two")).status?.readyReplicas, 2, "sessions continue");
    await Promise.all(loads.map((load) => load.failed()));
    await server.resume();
    await timed("uploads succeed again", () =>
      Promise.all(loads.map((load) => load.more(1, RECOVERY_LIMIT))),
    );
    await storageReadyIs("two", "BucketReady", RECOVERY_LIMIT);
    const stored = (await Promise.all(loads.map((load) => load.end()))).flatMap((files) => [...files]);
    for (const [name, sum] of stored) {
      const content = await readObject(server, bucket, `partners/alice/${name}`);
      assert.ok(content, `${name} exists`);
      assert.equal(createHash("sha256").update(content).digest("hex"), sum, `${name} is complete`);
    }
    console.log(`${stored.length} acknowledged files are complete`);
  });
});
