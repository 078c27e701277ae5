import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { FtpServerTls } from "../../../src/api/ftpserver.generated.ts";
import type { EngineConfig } from "../../../src/api/engine-config.ts";
import { parseConfig } from "../../../src/engine/config/load.ts";
import { readConfigSecret } from "../../../src/plan/desired/config-secret.ts";
import type { Certificates } from "../../../src/plan/model/observed.ts";
import { plan } from "../../../src/plan/plan.ts";
import { childOf } from "../../support/plan/children-of.ts";
import { observedOf, serverOf, specOf, userOf, Cluster, type SpecPatch } from "../../support/plan/cluster.ts";

const SCRYPT = `$scrypt$ln=14,r=8,p=1$${"A".repeat(22)}$${"A".repeat(43)}`;

function tls(change: Partial<FtpServerTls> = {}): SpecPatch {
  return { tls: { ...specOf().tls, mode: "Required", certificateRef: { name: "demo-tls" }, ...change } };
}

/** Certificate that is valid at the time of the tests. */
const YEAR = { notBefore: "2026-01-01T00:00:00.000Z", notAfter: "2027-01-01T00:00:00.000Z", version: "1" };

const WITH_CLIENTS = tls({
  clientCertificates: {
    mode: "Required",
    caRef: { kind: "Secret", name: "demo-ca", key: "ca.crt" },
    login: "CommonName",
  },
});

function config(spec: SpecPatch): EngineConfig {
  const passwords = new Map([["alice", { hash: SCRYPT, source: "1" }]]);
  const secret = childOf("Secret", spec, { passwords });
  const found = readConfigSecret(secret);
  assert.ok(found);
  // The engine must accept the configuration that the operator writes.
  return parseConfig(JSON.stringify(found), "engine.json");
}

describe("the engine configuration", () => {
  test("has no TLS, proxies or anonymous logins by default", () => {
    const { tls, proxyProtocol, anonymous } = config({});
    assert.deepEqual([tls, proxyProtocol, anonymous], [undefined, undefined, undefined]);
  });

  test("contains the TLS fields of the spec and the paths of the mounted Secrets", () => {
    assert.deepEqual(config(WITH_CLIENTS).tls, {
      mode: "Required",
      certificateFile: "/etc/ftp-operator/tls/tls.crt",
      keyFile: "/etc/ftp-operator/tls/tls.key",
      minimumVersion: "TLS12",
      dataProtection: "Required",
      clearControl: "Deny",
      sessionReuse: "Preferred",
      serverNames: [],
      clientCertificates: {
        mode: "Required",
        caFile: "/etc/ftp-operator/client-authorities/ca.crt",
        login: "CommonName",
      },
    });
  });

  test("contains proxies, anonymous logins, uploads, overrides and limits", () => {
    const overrides = [{ clients: "10.0.0.0/8", address: "10.1.2.3" }];
    const found = config({
      proxyProtocol: { mode: "Enabled", trustedSources: ["10.0.0.0/8"] },
      anonymous: { mode: "ReadWrite", homeDirectory: "/incoming" },
      uploads: { incomplete: "Remove", sync: "Never", missingCloseNotify: "Allow" },
      passive: { ...specOf().passive, address: { type: "ControlConnection", overrides } },
      limits: { ...specOf().limits, listingEntries: 5 },
    });
    assert.deepEqual(found.proxyProtocol, { trustedSources: ["10.0.0.0/8"] });
    const quota = { bytes: 2 ** 30, files: 10_000 };
    assert.deepEqual(found.anonymous, { mode: "ReadWrite", homeDirectory: "/incoming", quota });
    assert.deepEqual(found.uploads, { incomplete: "Remove", sync: "Never", missingCloseNotify: "Allow" });
    assert.deepEqual(found.passive.address, { type: "ControlConnection" });
    assert.deepEqual(found.passive.overrides, overrides);
    assert.equal(found.limits.listingEntries, 5);
    assert.equal(found.limits.checksumBytes, 2 ** 40);
  });

  test("contains quotas in bytes, limits and networks of a user, and a user without a password", () => {
    const user = {
      ...userOf("alice"),
      quota: { bytes: "10Gi", files: 7 },
      limits: { sessions: 2, uploadBytesPerSecond: 1000 },
      allowedClients: ["198.51.100.0/24"],
    };
    const { passwordSecretRef: _, ...bare } = userOf("bob");
    const { users } = config({ ...WITH_CLIENTS, users: [user, bare] });
    assert.deepEqual(users, [
      {
        name: "alice",
        homeDirectory: "/alice",
        permissions: ["List", "Read"],
        passwordHash: SCRYPT,
        passwordSource: "1",
        quota: { bytes: 10 * 2 ** 30, files: 7 },
        limits: { sessions: 2, uploadBytesPerSecond: 1000 },
        allowedClients: ["198.51.100.0/24"],
      },
      { name: "bob", homeDirectory: "/bob", permissions: ["List", "Read"] },
    ]);
  });
});

describe("the pods", () => {
  const volumes = (spec: SpecPatch): string =>
    JSON.stringify(childOf("StatefulSet", spec)?.spec.template.spec["volumes"]);

  test("mount the Secrets read-only as directories, and no Secret without TLS", () => {
    assert.doesNotMatch(volumes(tls({ mode: "Disabled" })), /demo-tls/);
    assert.match(volumes(WITH_CLIENTS), /"secretName":"demo-tls","defaultMode":288/);
    assert.match(volumes(WITH_CLIENTS), /"secretName":"demo-ca","defaultMode":288/);
    const caRef = { kind: "ConfigMap", name: "corporate", key: "bundle.pem" } as const;
    const clientCertificates = { mode: "Required", login: "Password", caRef } as const;
    assert.match(
      volumes(tls({ clientCertificates })),
      /"configMap":\{"name":"corporate","defaultMode":288\}/,
    );
    const { tls: engine } = config(tls({ clientCertificates }));
    assert.ok(engine?.clientCertificates.mode === "Required");
    assert.equal(engine.clientCertificates.caFile, "/etc/ftp-operator/client-authorities/bundle.pem");
    const [container] = childOf("StatefulSet", WITH_CLIENTS)?.spec.template.spec.containers ?? [];
    const mounts = JSON.stringify(container?.["volumeMounts"]);
    assert.match(mounts, /"name":"tls","mountPath":"\/etc\/ftp-operator\/tls","readOnly":true/);
    assert.doesNotMatch(mounts, /subPath/);
  });

  test("are annotated once when a certificate changes, without a rollout", () => {
    const cluster = new Cluster(serverOf(tls()));
    const version = (version: string): { certificates: Certificates } => ({
      certificates: { server: { ...YEAR, version } },
    });
    cluster.settle(version("1"));
    const { patchPods, apply } = cluster.step(version("2"));
    assert.deepEqual(
      patchPods.map(({ ref }) => ref.name),
      ["demo-a-0"],
    );
    assert.deepEqual(apply, []);
    assert.deepEqual(cluster.step(version("2")).patchPods, []);
  });
});

describe("TLSReady", () => {
  const said = (certificates: Certificates, spec = tls()): string => {
    const { status } = plan(observedOf(serverOf(spec), { certificates }));
    const found = status.conditions?.find(({ type }) => type === "TLSReady");
    return `${found?.status} ${found?.reason} ${found?.message}`;
  };
  const until = (notAfter: string): Certificates => ({ server: { ...YEAR, notAfter } });

  test("reports the end of validity, and warns before and after it", () => {
    assert.match(said({}, {}), /^True TLSDisabled/);
    assert.match(said({}), /^Unknown CertificateNotRead/);
    assert.match(said(until("2026-02-01T00:00:00.000Z")), /^True CertificateValid .*2026-02-01/);
    assert.match(said(until("2026-01-05T00:00:00.000Z")), /^True CertificateExpiresSoon .*demo-tls/);
    assert.match(said(until("2025-12-31T23:59:59.000Z")), /^False CertificateExpired .*demo-tls/);
  });

  test("reports the start of validity, but tolerates a clock difference of seconds", () => {
    const from = (notBefore: string): Certificates => ({ server: { ...YEAR, notBefore } });
    assert.match(
      said(from("2026-06-01T00:00:00.000Z")),
      /^False CertificateNotYetValid .*`demo-tls` .*2026-06/,
    );
    assert.match(said(from("2026-01-01T00:00:05.000Z")), /^True CertificateValid/);
  });

  test("names the affected Secret, or both", () => {
    const clientAuthorities = { ...YEAR, notAfter: "2025-12-31T00:00:00.000Z" };
    const broken = said({ server: YEAR, clientAuthorities }, WITH_CLIENTS);
    assert.match(broken, /^False CertificateExpired .*`demo-ca` .*2025-12-31/);
    assert.doesNotMatch(broken, /demo-tls/);
    const both = said({ ...until("2026-01-05T00:00:00.000Z"), clientAuthorities }, WITH_CLIENTS);
    assert.match(both, /^False CertificateExpired .*`demo-ca` .*2025-12-31.*`demo-tls` .*2026-01-05/);
  });

  test("has the reason and the message of a certificate that cannot be read", () => {
    const failure = { reason: "SecretNotFound" as const, message: 'Secret "demo-tls" does not exist.' };
    assert.equal(
      said({ server: { failure, version: "" } }),
      'False SecretNotFound Secret "demo-tls" does not exist.',
    );
  });

  test("has one warning event", () => {
    const server = serverOf(tls());
    const certificates = until("2026-01-05T00:00:00.000Z");
    const first = plan(observedOf(server, { certificates }));
    assert.ok(
      first.events.some(({ type, reason }) => type === "Warning" && reason === "CertificateExpiresSoon"),
    );
    const second = plan(observedOf({ ...server, status: first.status }, { certificates }));
    assert.ok(!second.events.some(({ reason }) => reason === "CertificateExpiresSoon"));
  });
});

describe("behind a proxy", () => {
  const spec: SpecPatch = {
    replicas: 2,
    proxyProtocol: { mode: "Enabled", trustedSources: ["192.0.2.1/32"] },
  };

  test("only the proxy is admitted, and its headers contain the addresses of clients", () => {
    const policy = JSON.stringify(childOf("NetworkPolicy", spec)?.spec.ingress);
    assert.match(policy, /"cidr":"192\.0\.2\.1\/32"/);
    assert.deepEqual(childOf("Service", spec)?.spec["loadBalancerSourceRanges"], ["192.0.2.1/32"]);
    assert.deepEqual(config(spec).maskedClients, []);
  });

  test("allowedClients of a user work, but not where nodes replace the addresses of clients", () => {
    const users = [{ ...userOf("alice"), allowedClients: ["198.51.100.0/24"] }];
    const said = (more: SpecPatch): string | undefined =>
      plan(observedOf(serverOf({ users, ...more }))).status.conditions?.find(
        ({ type }) => type === "UsersReady",
      )?.reason;
    assert.equal(said({ replicas: 2 }), "ClientAddressesHidden");
    assert.equal(said(spec), "PasswordsRead");
    assert.equal(said({ replicas: 1 }), "PasswordsRead");
  });
});
