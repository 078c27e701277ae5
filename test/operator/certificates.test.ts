import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { readFile } from "node:fs/promises";
import { before, test } from "node:test";
import type { FtpServerTls } from "../../src/api/ftpserver.generated.ts";
import { CertificateReader, type ConfigMaps, type Secrets } from "../../src/operator/certificates.ts";
import type { Secret } from "../../src/plan/model/objects.ts";
import { makeCertificate } from "../support/engine/certificates.ts";

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
/** Expired certificate. */
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

const NO_CONFIG_MAPS: ConfigMaps = { metadata: () => undefined, read: async () => undefined };

/** Returns an accessor that counts how often Secrets are read. */
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

test("CertificateReader reads each version of a Secret once and returns no certificate data", async () => {
  const secrets = namespace(
    secret("demo-tls", {
      "tls.crt": Buffer.concat([one.certificate, other.certificate]),
      "tls.key": one.key,
    }),
    secret("demo-ca", { "ca.crt": other.certificate }),
  );
  const reader = new CertificateReader();
  const found = await reader.read(TLS, secrets, NO_CONFIG_MAPS);
  assert.deepEqual(await reader.read(TLS, secrets, NO_CONFIG_MAPS), found);
  assert.equal(secrets.reads, 2);
  assert.deepEqual(Object.keys(found.server ?? {}), ["notBefore", "notAfter", "version"]);
  assert.equal(found.server?.version, "demo-tls/1");
  assert.doesNotMatch(JSON.stringify(found), /BEGIN|PRIVATE/);
});

test("a chain is valid while all its certificates are valid, and a CA bundle while at least one certificate is valid", async () => {
  const bundle = Buffer.concat([one.certificate, old.certificate]);
  const found = await new CertificateReader().read(
    TLS,
    namespace(
      secret("demo-tls", { "tls.crt": bundle, "tls.key": one.key }),
      secret("demo-ca", { "ca.crt": bundle }),
    ),
    NO_CONFIG_MAPS,
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

test("CertificateReader reports an invalid Secret with the reason, its name and the key", async () => {
  const verdictOn = async (data: Record<string, Buffer | string> | undefined): Promise<string> => {
    const secrets = data === undefined ? namespace() : namespace(secret("demo-tls", data));
    const { server } = await new CertificateReader().read(
      { ...TLS, clientCertificates: { mode: "Disabled", login: "Password" } },
      secrets,
      NO_CONFIG_MAPS,
    );
    assert.ok(server !== undefined && "failure" in server);
    return `${server.failure.reason}: ${server.failure.message}`;
  };
  assert.match(await verdictOn(undefined), /^SecretNotFound: Secret `demo-tls`/);
  assert.match(await verdictOn({ "tls.key": one.key }), /^SecretKeyMissing: .*`tls.crt`/);
  assert.match(await verdictOn({ "tls.crt": one.certificate }), /^SecretKeyMissing: .*`tls.key`/);
  assert.match(await verdictOn({ "tls.crt": "x", "tls.key": one.key }), /^CertificateInvalid: Key `tls.crt`/);
  assert.match(
    await verdictOn({ "tls.crt": one.certificate, "tls.key": "x" }),
    /^CertificateInvalid: Key `tls.key`/,
  );
  assert.match(await verdictOn({ "tls.crt": one.certificate, "tls.key": other.key }), /^KeyMismatch: /);
});

test("CertificateReader reads nothing when TLS is disabled or the CRD is older than the operator", async () => {
  const secrets = namespace();
  assert.deepEqual(
    await new CertificateReader().read({ ...TLS, mode: "Disabled" }, secrets, NO_CONFIG_MAPS),
    {},
  );
  assert.deepEqual(await new CertificateReader().read(undefined, secrets, NO_CONFIG_MAPS), {});
  assert.equal(secrets.reads, 0);
});

test("CertificateReader reads client CAs from a key of a ConfigMap", async () => {
  const data = { "bundle.pem": other.certificate.toString() };
  const configMaps: ConfigMaps = {
    metadata: (name) => ({ name, uid: "cm", resourceVersion: "7" }),
    read: async (name) => ({ apiVersion: "v1", kind: "ConfigMap", metadata: { name }, data }),
  };
  const secrets = namespace(secret("demo-tls", { "tls.crt": one.certificate, "tls.key": one.key }));
  const reader = new CertificateReader();
  const read = async (key: string) => {
    const caRef = { kind: "ConfigMap", name: "corporate", key } as const;
    const tls: FtpServerTls = { ...TLS, clientCertificates: { ...TLS.clientCertificates, caRef } };
    return (await reader.read(tls, secrets, configMaps)).clientAuthorities;
  };
  const { validToDate } = new X509Certificate(other.certificate);
  const found = await read("bundle.pem");
  assert.ok(found !== undefined && "notAfter" in found);
  assert.deepEqual([found.notAfter, found.version], [validToDate.toISOString(), "cm/7"]);
  const missing = await read("ca.crt");
  assert.ok(missing !== undefined && "failure" in missing);
  assert.deepEqual(missing.failure, {
    reason: "ConfigMapKeyMissing",
    message: "ConfigMap `corporate` has no key `ca.crt`. Add the key.",
  });
});
