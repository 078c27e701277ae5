/** Tests homes with mounts of other volumes and buckets. */
import assert from "node:assert/strict";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { curl, type Site, url } from "../support/clients/clients.ts";
import { Bucket } from "../support/s3/bucket.ts";
import type { S3Server } from "../support/s3/s3-server.ts";
import { answering, siteOf } from "./outside.ts";
import { credentialsSecret, inBucket, startOutsideS3 } from "./outside-s3.ts";
import { prepareVolume } from "./prepared-volume.ts";
import { eventually, passwordSecret, TestNamespace } from "./test-namespace.ts";

const USERS = { alice: "one", bob: "two" };
const GROUP = 3000;
const VOLUMES = ["mounts-home", "mounts-inbox"];

describe("mounts", () => {
  let namespace: TestNamespace;
  let directory: string;
  let server: S3Server;
  let bucket: Bucket;
  let inbox: string;

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), "ftp-operator-e2e-"));
    namespace = await TestNamespace.create("e2e-mounts");
    server = await startOutsideS3(namespace);
    bucket = new Bucket(server.client(), await server.createBucket());
    await bucket.put("2025/report.txt", "report of 2025\n");
    const folders = await Promise.all(
      VOLUMES.map((name) => prepareVolume(namespace, name, { owner: `0:${GROUP}`, mode: "2770" })),
    );
    // A cluster from an earlier run still contains the files of that run.
    for (const folder of folders)
      for (const name of await readdir(folder)) await rm(join(folder, name), { recursive: true });
    [, inbox = ""] = folders;
    const claim = (claimName: string) => ({
      type: "PersistentVolumeClaim",
      persistentVolumeClaim: { claimName },
    });
    const { storage: archive } = inBucket(server, bucket.name, { credentialsSecretRef: { name: "s3" } });
    const shared = { path: "/shared", subPath: "/shared" };
    const mounts = [
      { path: "/inbox", storage: "inbox" },
      { path: "/archive", storage: "archive", access: "ReadOnly" },
      shared,
    ];
    await namespace.apply(
      credentialsSecret("s3", server),
      ...Object.entries(USERS).map(([name, password]) => passwordSecret(name, password)),
      {
        apiVersion: "ftp-operator.io/v1alpha1",
        kind: "FtpServer",
        metadata: { name: "demo" },
        spec: {
          storage: claim("mounts-home"),
          additionalStorage: [
            { name: "inbox", ...claim("mounts-inbox") },
            { name: "archive", ...archive },
          ],
          pod: { securityContext: { fsGroup: GROUP } },
          users: [
            { name: "alice", passwordSecretRef: { name: "alice" }, mounts },
            { name: "bob", passwordSecretRef: { name: "bob" }, mounts: [shared] },
          ],
        },
      },
    );
    await namespace.waitReady("demo");
  });

  after(async () => {
    await namespace.remove();
    await server[Symbol.asyncDispose]();
    await rm(directory, { recursive: true });
    const { cluster } = namespace;
    await cluster.kubectl(["delete", "persistentvolume", ...VOLUMES, "--ignore-not-found", "--wait=false"]);
  });

  const siteAs = async (user: keyof typeof USERS): Promise<Site> =>
    siteOf(namespace, await answering(namespace, await namespace.login("demo", user, USERS[user])));
  const namesIn = async (site: Site, path: string): Promise<string[]> => {
    const listing = await curl(site, "passive", "-l", `${url(site)}${path}`);
    return listing.split(/\r?\n/u).filter(Boolean).toSorted();
  };
  const upload = async (site: Site, path: string, content: string): Promise<string> => {
    const file = join(directory, "upload.txt");
    await writeFile(file, content);
    return await curl(site, "passive", "-T", file, `${url(site)}${path}`).catch(String);
  };

  // id: mounts-in-cluster
  it("store files in another volume and show files of a bucket, in addition to files of the home", async () => {
    const alice = await siteAs("alice");
    assert.deepEqual(await namesIn(alice, ""), ["archive", "inbox", "shared"]);
    assert.equal(await upload(alice, "inbox/order.txt", "order 1\n"), "");
    assert.equal(await readFile(join(inbox, "order.txt"), "utf8"), "order 1\n", "another workload finds it");
    assert.equal(await upload(alice, "own.txt", "mine\n"), "");
    assert.deepEqual(await namesIn(alice, ""), ["archive", "inbox", "own.txt", "shared"]);
    assert.deepEqual(await namesIn(alice, "archive/"), ["2025"]);
    assert.equal(await curl(alice, "passive", `${url(alice)}archive/2025/report.txt`), "report of 2025\n");
  });

  // id: mounts-read-only
  it("with access ReadOnly reject each change", async () => {
    const alice = await siteAs("alice");
    assert.match(await upload(alice, "archive/new.txt", "no\n"), /Failed FTP upload: 550|curl: \(25\)/u);
    using session = await namespace.session(alice.login);
    const replies = [];
    for (const line of [
      "DELE archive/2025/report.txt",
      "MKD archive/2026",
      "RMD archive/2025",
      "RNFR archive/2025/report.txt",
      "MFMT 20260101000000 archive/2025/report.txt",
      "RMD inbox",
      "RNFR inbox",
    ])
      replies.push(`${line.split(" ")[0]} ${(await session.command(line)).code}`);
    const expected = ["DELE 550", "MKD 550", "RMD 550", "RNFR 550", "MFMT 550", "RMD 550", "RNFR 550"];
    assert.deepEqual(replies, expected);
    assert.equal(await bucket.read("2025/report.txt"), "report of 2025\n");
  });

  // id: mounts-shared
  it("of the same directory share files between users, and a rename to other storage is rejected", async () => {
    const [alice, bob] = [await siteAs("alice"), await siteAs("bob")];
    assert.deepEqual(await namesIn(bob, ""), ["shared"]);
    assert.equal(await upload(alice, "shared/plan.txt", "plan\n"), "");
    assert.equal(await curl(bob, "passive", `${url(bob)}shared/plan.txt`), "plan\n");
    using session = await namespace.session(alice.login);
    await session.command("RNFR shared/plan.txt", 350);
    const { code, lines } = await session.command("RNTO inbox/plan.txt");
    assert.equal(code, 550);
    assert.match(lines.join(" "), /another storage/u);
    using other = await namespace.session(bob.login);
    await other.command("DELE shared/plan.txt", 250);
    await eventually("the file is gone for both", async () =>
      assert.deepEqual(await namesIn(alice, "shared/"), []),
    );
  });
});
