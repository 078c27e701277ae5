/**
 * Tests FTP clients that use TLS with an engine that uses object storage. The connection to the S3 server also uses
 * TLS.
 */
import assert from "node:assert/strict";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { hashPassword } from "../../../../src/api/password-hash.ts";
import { run } from "../../../cluster/run.ts";
import { makeCertificate } from "../../../support/engine/certificates.ts";
import { EngineProcess } from "../../../support/engine/engine-process.ts";
import { testConfig, testUser } from "../../../support/engine/server.ts";
import { BucketConfig, MIB } from "../../../support/s3/object-homes.ts";
import { type S3Server, startVersityGw } from "../../../support/s3/s3-server.ts";
import { patternOf } from "../../../support/s3/test-tree.ts";

const TIMEOUT = 120_000;

describe("an engine with object storage", () => {
  let directory: string;
  let server: S3Server;
  let config: BucketConfig;
  let engine: EngineProcess;

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), "object-wire-"));
    server = await startVersityGw({ tls: true });
    config = await BucketConfig.create(server, await server.createBucket());
    const { certificateFile, keyFile } = await makeCertificate({ commonName: "ftp.example.com" });
    engine = await EngineProcess.start(directory, {
      storage: { objectStorage: config.config },
      users: [
        testUser("alice", {
          passwordHash: await hashPassword("secret"),
          homeDirectory: "/alice",
          quota: { bytes: 60 * MIB },
          directories: [{ path: "/outbox", permissions: ["List", "Read"] }],
        }),
      ],
      uploads: { ...testConfig().uploads, incomplete: "Keep" },
      tls: {
        mode: "Required",
        certificateFile,
        keyFile,
        minimumVersion: "TLS12",
        dataProtection: "Required",
        clearControl: "Deny",
        sessionReuse: "Required",
        serverNames: [],
        clientCertificates: { mode: "Disabled" },
      },
    });
  });
  after(async () => {
    engine.kill();
    await config[Symbol.asyncDispose]();
    await server[Symbol.asyncDispose]();
    await rm(directory, { recursive: true });
  });

  const url = (path: string): string => `ftp://127.0.0.1:${engine.config.controlPort}${path}`;
  const curl = (...args: string[]): Promise<string> =>
    run(["curl", "-sSk", "--ssl-reqd", "-u", "alice:secret", ...args], { timeout: TIMEOUT });

  test("is ready, and reports that the bucket is writable", async () => {
    const { status, text } = await engine.page("/readyz");
    assert.equal(status, 200);
    assert.deepEqual(JSON.parse(text).storage, { type: "ObjectStorage", state: "Writable" });
  });

  // id: object-storage
  test("stores, lists, resumes and returns files for curl", async () => {
    const content = patternOf(13 * MIB + 11);
    const file = join(directory, "big");
    await writeFile(file, content);
    await curl("-T", file, url("/big"));
    assert.match(await curl(url("/")), /^-rw-r----- .* 13631499 .* big\n?$/mu);
    const [whole, rest] = [join(directory, "whole"), join(directory, "rest")];
    await curl("-o", whole, url("/big"));
    assert.ok((await readFile(whole)).equals(content));
    await curl("-r", "7000000-8000000", "-o", rest, url("/big"));
    assert.ok((await readFile(rest)).equals(content.subarray(7_000_000, 8_000_001)));
    await curl("-Q", "-DELE /big", url("/"));
    assert.doesNotMatch(await curl(url("/")), /big/u);
  });

  test("shows the directories of an account that have their own permissions", async () => {
    assert.match(await curl(url("/")), /^dr.* outbox$/mu);
    await assert.rejects(curl("-T", "/dev/null", url("/outbox/a")), /550/u);
  });

  test("rejects an upload beyond the quota with 552", async () => {
    const file = join(directory, "huge");
    await writeFile(file, Buffer.alloc(61 * MIB));
    await assert.rejects(curl("-T", file, url("/huge")), /Exceeded storage allocation/u);
    assert.doesNotMatch(await curl(url("/")), /huge/u);
  });

  test("mirrors directories with lftp in both directions", async () => {
    const [from, to] = [join(directory, "from"), join(directory, "to")];
    await mkdir(join(from, "a", "b", "empty"), { recursive: true });
    for (let index = 0; index < 20; index++)
      await writeFile(join(from, "a", `file ${index}`), `content ${index}`);
    await writeFile(join(from, "a", "b", "ä"), patternOf(6 * MIB));
    const settings =
      "set ssl:verify-certificate no; set ftp:ssl-force yes; set ftp:ssl-protect-data yes; set net:timeout 60";
    const lftp = (commands: string): Promise<string> =>
      run(["lftp", "-u", "alice,secret", "-e", `${settings}; ${commands}; bye`, url("/")], {
        timeout: TIMEOUT,
      });
    await lftp(`mirror -R --parallel=3 ${from} /mirror`);
    await lftp(`mv /mirror/a /mirror/c; mirror --parallel=3 /mirror ${to}`);
    const files = async (folder: string): Promise<string[]> =>
      (await readdir(folder, { recursive: true })).toSorted();
    assert.deepEqual(await files(join(to, "c")), await files(join(from, "a")));
    assert.ok((await readFile(join(to, "c", "b", "ä"))).equals(patternOf(6 * MIB)));
    await lftp("rm -r /mirror");
    assert.doesNotMatch(await curl(url("/")), /mirror/u);
  });
});
