import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { readFile } from "node:fs/promises";
import { before, test } from "node:test";
import type { FtpServerTls } from "../../src/api/ftpserver.generated.ts";
import { CertificateReader, type Secrets } from "../../src/operator/certificates.ts";
import type { Secret } from "../../src/plan/objects.ts";
import { makeCertificate } from "../engine/tls/certificates.ts";

const TLS: FtpServerTls = {
  mode: "Required",
  certificateRef: { name: "demo-tls" },
  minimumVersion: "TLS12",
  dataProtection: "Required",
  clearControl: "Deny",
  sessionReuse: "Preferred",
  serverNames: [],
  clientCertificates: {
    mode: "Required",
    caRef: { kind: "Secret", name: "demo-ca", key: "ca.crt" },
    login: "Password",
  },
};

let one: { certificate: Buffer; key: Buffer };
let other: { certificate: Buffer; key: Buffer };
/** One that has ended. */
let old: { certificate: Buffer; key: Buffer };
const OLD = { from: new Date("2020-01-01T00:00:00Z"), to: new Date("2021-01-01T00:00:00Z") };

async function pair(
  commonName: string,
  validity?: { from: Date; to: Date },
): Promise<{ certificate: Buffer; key: Buffer }> {
  const { certificateFile, keyFile } = await makeCertificate({ commonName, ...(validity && { validity }) });
  return { certificate: await readFile(certificateFile), key: await readFile(keyFile) };
}

before(async () => {
  [one, other, old] = await Promise.all([pair("one"), pair("other"), pair("old", OLD)]);
});

function secret(name: string, data: Record<string, Buffer | string>): Secret {
  const encoded = Object.entries(data).map(([key, value]) => [key, Buffer.from(value).toString("base64")]);
  return {
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name, uid: name, resourceVersion: "1" },
    type: "kubernetes.io/tls",
    data: Object.fromEntries(encoded),
  };
}

/** Secrets that count how often they are read. */
function namespace(...secrets: Secret[]): Secrets & { reads: number } {
  const find = (name: string): Secret | undefined => secrets.find(({ metadata }) => metadata.name === name);
  return {
    reads: 0,
    metadata: (name) => find(name)?.metadata,
    async read(name) {
      this.reads += 1;
      return find(name);
    },
  };
}

test("good Secrets are read once per version, and tell nothing but their end", async () => {
  const secrets = namespace(
    secret("demo-tls", {
      "tls.crt": Buffer.concat([one.certificate, other.certificate]),
      "tls.key": one.key,
    }),
    secret("demo-ca", { "ca.crt": other.certificate }),
  );
  const reader = new CertificateReader();
  const found = await reader.read(TLS, secrets);
  assert.deepEqual(await reader.read(TLS, secrets), found);
  assert.equal(secrets.reads, 2);
  assert.deepEqual(Object.keys(found.server ?? {}), ["notBefore", "notAfter", "version"]);
  assert.equal(found.server?.version, "demo-tls/1");
  assert.doesNotMatch(JSON.stringify(found), /BEGIN|PRIVATE/);
});

test("a chain is valid while all of it is, authorities while one of them is", async () => {
  const bundle = Buffer.concat([one.certificate, old.certificate]);
  const found = await new CertificateReader().read(
    TLS,
    namespace(
      secret("demo-tls", { "tls.crt": bundle, "tls.key": one.key }),
      secret("demo-ca", { "ca.crt": bundle }),
    ),
  );
  const { validFromDate, validToDate } = new X509Certificate(one.certificate);
  assert.deepEqual(found, {
    server: {
      notBefore: validFromDate.toISOString(),
      notAfter: OLD.to.toISOString(),
      version: "demo-tls/1",
    },
    clientAuthorities: {
      notBefore: OLD.from.toISOString(),
      notAfter: validToDate.toISOString(),
      version: "demo-ca/1",
    },
  });
});

test("what is wrong is named, with the Secret and the key", async () => {
  const problem = async (data: Record<string, Buffer | string> | undefined): Promise<string> => {
    const secrets = data === undefined ? namespace() : namespace(secret("demo-tls", data));
    const { server } = await new CertificateReader().read(
      { ...TLS, clientCertificates: { mode: "Disabled", login: "Password" } },
      secrets,
    );
    assert.ok(server !== undefined && "problem" in server);
    return `${server.problem.reason}: ${server.problem.message}`;
  };
  assert.match(await problem(undefined), /^SecretNotFound: Secret "demo-tls" does not exist/);
  assert.match(await problem({ "tls.key": one.key }), /^SecretKeyMissing: .*no key "tls.crt"/);
  assert.match(await problem({ "tls.crt": one.certificate }), /^SecretKeyMissing: .*no key "tls.key"/);
  assert.match(await problem({ "tls.crt": "x", "tls.key": one.key }), /^CertificateInvalid: "tls.crt"/);
  assert.match(
    await problem({ "tls.crt": one.certificate, "tls.key": "x" }),
    /^CertificateInvalid: "tls.key"/,
  );
  assert.match(await problem({ "tls.crt": one.certificate, "tls.key": other.key }), /^KeyDoesNotMatch: /);
});

test("nothing is read while TLS is disabled, or by an operator newer than the CRD", async () => {
  const secrets = namespace();
  assert.deepEqual(await new CertificateReader().read({ ...TLS, mode: "Disabled" }, secrets), {});
  assert.deepEqual(await new CertificateReader().read(undefined, secrets), {});
  assert.equal(secrets.reads, 0);
});
