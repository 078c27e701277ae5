/** Tests FTPS with a certificate from a Secret. The certificate is renewed while sessions are open. */
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { curl, type FtpClient, type Login, url } from "../support/clients/clients.ts";
import { curlOverTls, ftpsClients } from "../support/clients/ftps.ts";
import { type KeyPair, makeCertificate } from "../support/engine/certificates.ts";
import {
  authorityConfigMap,
  fingerprint,
  serverCertificate,
  shownFingerprint,
  tlsSecret,
} from "./certificates.ts";
import { answering, roundTrip, siteOf } from "./outside.ts";
import {
  APPLIED_LIMIT_MILLISECONDS,
  conditionOf,
  eventually,
  timed,
  TestNamespace,
} from "./test-namespace.ts";

const USERS = { alice: "secret" };
/** Number of connections. The probability that 20 connections reach the same pod is about 2 in a million. */
const TRIES = 20;
const BATCHES = 4;
const AT_ONCE = 4;
const SMALL_FILE_BYTES = 40_009;
const BIG_FILE_BYTES = 8_000_000;
const SLOWLY = ["--limit-rate", "1M"];

const SECRET = "ftps-certificate";
const tls = (mode: string, more: object = {}) => ({ mode, certificateRef: { name: SECRET }, ...more });
const CLIENT_CA = { kind: "ConfigMap", name: "client-ca", key: "corporate.pem" };
const passive = (first: number, ports: number) => ({ portRange: { first, last: first + ports - 1 } });
/** A volume that both pods share. */
const storage = {
  type: "PersistentVolumeClaim",
  persistentVolumeClaim: { create: { accessModes: ["ReadWriteMany"], size: "1Gi" }, whenDeleted: "Delete" },
};

describe("FTPS", () => {
  let namespace: TestNamespace;
  let directory: string;
  let authority: KeyPair;
  let certificate: KeyPair;
  let trusted: string;

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), "ftp-operator-ftps-"));
    authority = await makeCertificate({ commonName: "authority" });
    certificate = await serverCertificate(authority);
    trusted = authority.certificateFile;
    namespace = await TestNamespace.create("e2e-ftps");
    await namespace.apply(await tlsSecret(SECRET, certificate));
    const spec = { passive: passive(50600, 15), storage, tls: tls("Required") };
    await namespace.applyServer("two", USERS, { replicas: 2, ...spec });
    await namespace.applyServer("implicit", USERS, {
      exposure: { controlPort: 990 },
      passive: passive(50620, 6),
      tls: tls("Implicit", { minimumVersion: "TLS13" }),
    });
    await namespace.applyServer("mutual", USERS, {
      passive: passive(50630, 6),
      tls: tls("Required", { clientCertificates: { mode: "Required", caRef: CLIENT_CA } }),
    });
    await eventually("the missing CA is reported", async () =>
      assert.equal(conditionOf(await namespace.server("mutual"), "TLSReady")?.reason, "ConfigMapNotFound"),
    );
    await namespace.apply(await authorityConfigMap(CLIENT_CA.name, CLIENT_CA.key, authority));
  });

  after(async () => {
    await namespace.remove();
    await rm(directory, { recursive: true });
  });

  const login = async (server: string): Promise<Login> => {
    await namespace.waitComplete(server);
    return answering(namespace, await namespace.login(server, "alice", USERS.alice));
  };

  /** Fails unless `count` consecutive new connections receive the certificate. */
  const isShown = async (wanted: KeyPair, count: number): Promise<void> => {
    const server = await namespace.login("two", "alice", USERS.alice);
    const expected = await fingerprint(wanted);
    for (let tried = 0; tried < count; tried++) {
      assert.equal(await shownFingerprint(namespace, server), expected, `connection ${tried + 1}`);
    }
  };

  const putCertificate = async (pair: KeyPair): Promise<void> => {
    await namespace.apply(await tlsSecret(SECRET, pair));
  };

  const podIdentities = async (): Promise<string[]> => {
    const pods = await namespace.list("pods", "-l", "app.kubernetes.io/instance=two");
    return pods.map(({ metadata }) => `${metadata.name} ${metadata.uid}`).toSorted();
  };

  it("reports its endpoint and certificate in the status", async () => {
    const server = await namespace.waitReady("two");
    assert.match(server.status?.endpoint ?? "", /^ftp:\/\//);
    assert.equal(conditionOf(server, "TLSReady")?.status, "True");
    assert.match((await namespace.waitReady("implicit")).status?.endpoint ?? "", /^ftps:\/\/.*:990$/);
    assert.match(await namespace.kubectl(["get", "ftpserver", "two"]), /\bRequired\b/);
  });

  it("carries files and listings of clients that verify the certificate", async () => {
    const site = siteOf(namespace, await login("two"));
    for (const client of ftpsClients(trusted)) await roundTrip(client, site, "passive", directory);
  });

  it("carries transfers through both pods at the same time", async () => {
    const site = siteOf(namespace, await login("two"));
    const client = (index: number): FtpClient => ({ ...curlOverTls(trusted), name: `curl-${index}` });
    for (let batch = 0; batch < BATCHES; batch++) {
      const trips = Array.from({ length: AT_ONCE }, (_, index) =>
        roundTrip(client(batch * AT_ONCE + index), site, "passive", directory, SMALL_FILE_BYTES),
      );
      await Promise.all(trips);
    }
    for (const pod of await namespace.pods("two")) {
      const transfers = await namespace.transfers(pod);
      assert.ok(transfers.length > 0, `${pod} had some`);
      for (const { result, path } of transfers) assert.equal(result, "Complete", String(path));
    }
  });

  it("rejects logins without TLS, and fails for a client that trusts another authority", async () => {
    const server = await login("two");
    await assert.rejects(namespace.session(server), /530 TLS required; send AUTH TLS first./);
    const stranger = await makeCertificate({ commonName: "another authority" });
    await assert.rejects(
      curlOverTls(stranger.certificateFile).list(siteOf(namespace, server), "passive"),
      /ended with 60/,
    );
  });

  it("uses a renewed certificate for new connections within seconds, and keeps sessions and transfers", async () => {
    const server = await login("two");
    const site = siteOf(namespace, server);
    const [file, back] = [join(directory, "big.bin"), join(directory, "big.back")];
    const content = randomBytes(BIG_FILE_BYTES);
    await writeFile(file, content);
    await curlOverTls(trusted).upload?.(site, "passive", file);
    using session = await namespace.securedSession(server, trusted);
    const pods = await podIdentities();

    const encrypted = ["--ssl-reqd", "--cacert", trusted];
    const download = curl(site, "passive", ...encrypted, ...SLOWLY, "-o", back, url(site, "big.bin"));
    const renewed = await serverCertificate(authority);
    await putCertificate(renewed);
    const shown = (what: string, connections: number) =>
      timed(what, () => eventually(what, () => isShown(renewed, connections), APPLIED_LIMIT_MILLISECONDS));
    const looking = shown("renewed certificate to a new connection", 1).then(() =>
      shown(`and to ${TRIES} in a row, on both pods`, TRIES),
    );
    await Promise.all([looking, download]);

    await session.command("NOOP", 200);
    assert.equal((await session.passive()).address, server.host);
    assert.ok((await readFile(back)).equals(content), "the transfer is complete");
    assert.deepEqual(await podIdentities(), pods, "no pod was replaced");
    certificate = renewed;
  });

  it("keeps the old certificate when the key in the Secret does not match, reports it, and recovers", async () => {
    const { keyFile } = await serverCertificate(authority);
    await putCertificate({ certificateFile: certificate.certificateFile, keyFile });
    await eventually("TLSReady is False", async () => {
      const condition = conditionOf(await namespace.server("two"), "TLSReady");
      assert.deepEqual([condition?.status, condition?.reason], ["False", "KeyMismatch"]);
      assert.match(condition?.message ?? "", new RegExp(SECRET));
    });
    await isShown(certificate, TRIES);
    await putCertificate(certificate);
    await eventually("TLSReady is True", async () =>
      assert.equal(conditionOf(await namespace.server("two"), "TLSReady")?.status, "True"),
    );
  });

  it("warns before the certificate expires", async () => {
    // The certificates in these tests are valid for one day.
    assert.equal(conditionOf(await namespace.waitReady("two"), "TLSReady")?.reason, "CertificateExpiresSoon");
    const notes = await namespace.eventNotes("two");
    assert.ok(
      notes.some((note) => note.includes(SECRET) && /expires at/.test(note)),
      notes.join("\n"),
    );
  });

  it("starts TLS with the connection on port 990, and rejects versions below minimumVersion", async () => {
    const server = await login("implicit");
    assert.equal(server.port, 990);
    const site = siteOf(namespace, server);
    const address = url(site).replace("ftp:", "ftps:");
    await curl(site, "passive", "--cacert", trusted, "--tls13-ciphers", "TLS_AES_128_GCM_SHA256", address);
    await assert.rejects(curl(site, "passive", "--cacert", trusted, "--tls-max", "1.2", address), /with 35/);
  });

  it("requests client certificates when configured, and rejects those of another authority", async () => {
    const server = await login("mutual");
    const site = siteOf(namespace, server);
    const { certificateFile, keyFile } = await makeCertificate({ commonName: "alice", authority });
    await curlOverTls(trusted, "--cert", certificateFile, "--key", keyFile).list(site, "passive");
    await assert.rejects(curlOverTls(trusted).list(site, "passive"), /ended with/);
    const foreign = await makeCertificate({ commonName: "alice" });
    const shown = ["--cert", foreign.certificateFile, "--key", foreign.keyFile];
    await assert.rejects(curlOverTls(trusted, ...shown).list(site, "passive"), /ended with/);
  });

  it("names a missing certificate Secret, and starts when it is created", async () => {
    await namespace.applyServer("late", USERS, {
      passive: passive(50640, 6),
      tls: tls("Required", { certificateRef: { name: "late" } }),
    });
    // The kubelet checks for a missing Secret at increasing intervals.
    await eventually("TLSReady is False", async () => {
      const condition = conditionOf(await namespace.server("late"), "TLSReady");
      assert.equal(condition?.status, "False");
      assert.match(condition?.message ?? "", /\blate\b/);
    });
    await namespace.apply(await tlsSecret("late", certificate));
    const server = await timed("certificate's Secret to a ready server", () => login("late"));
    await curlOverTls(trusted).list(siteOf(namespace, server), "passive");
  });
});
