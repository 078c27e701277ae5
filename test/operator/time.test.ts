/** Tests status changes caused only by the passage of time. */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import type { FtpServerStatus } from "../../src/api/ftpserver.generated.ts";
import { makeCertificate } from "../support/engine/certificates.ts";
import { useOperatorCluster } from "../support/operator/operator-cluster.ts";
import { assertQuiet, eventually, getJson, untilQuiet } from "../support/operator/running.ts";

const DAY_MILLISECONDS = 24 * 3600 * 1000;
/** Remaining validity in milliseconds below which the operator reports a certificate. */
const SOON_MILLISECONDS = 7 * DAY_MILLISECONDS;
/**
 * Time in milliseconds until the operator must report the certificate. The operator becomes idle before this time.
 */
const LEFT_MILLISECONDS = 20_000;

const cluster = useOperatorCluster();

const apply = (object: object): Promise<string> =>
  cluster.plane.kubectl(["apply", "-f", "-"], JSON.stringify(object));

async function tlsReady(): Promise<string | undefined> {
  const { status }: { status?: FtpServerStatus } = await getJson(cluster.plane, "ftpserver", "demo");
  return status?.conditions?.find(({ type }) => type === "TLSReady")?.reason;
}

test("a certificate that expires soon appears in a condition and an Event", async () => {
  const to = new Date(Date.now() + SOON_MILLISECONDS + LEFT_MILLISECONDS);
  const validity = { from: new Date(Date.now() - DAY_MILLISECONDS), to };
  const { certificateFile, keyFile } = await makeCertificate({ commonName: "demo", validity });
  const [certificate, key] = await Promise.all(
    [certificateFile, keyFile].map((file) => readFile(file, "utf8")),
  );
  await apply({
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: "demo-tls" },
    type: "kubernetes.io/tls",
    stringData: { "tls.crt": certificate, "tls.key": key },
  });
  await apply({
    apiVersion: "ftp-operator.io/v1alpha1",
    kind: "FtpServer",
    metadata: { name: "demo" },
    spec: {
      users: [{ name: "alice", passwordSecretRef: { name: "alice" } }],
      tls: { mode: "Required", certificateRef: { name: "demo-tls" } },
    },
  });
  await eventually("the certificate is read", async () => assert.equal(await tlsReady(), "CertificateValid"));
  await untilQuiet(cluster.plane);
  await assertQuiet(cluster.plane, 2000);
  await eventually("the certificate expires soon", async () => {
    assert.equal(await tlsReady(), "CertificateExpiresSoon");
    const { items } = await getJson(cluster.plane, "events.events.k8s.io");
    assert.ok(items.some(({ reason }: { reason: string }) => reason === "CertificateExpiresSoon"));
  });
  await untilQuiet(cluster.plane);
  await assertQuiet(cluster.plane, 2000);
});
