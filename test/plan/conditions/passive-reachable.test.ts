import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { readConfigSecret } from "../../../src/plan/desired/config-secret.ts";
import type { Observed } from "../../../src/plan/model/observed.ts";
import { plan } from "../../../src/plan/plan.ts";
import type { ReachabilityOutcome } from "../../../src/plan/model/observed.ts";
import { observedOf, serverOf, specOf, Cluster, type SpecPatch } from "../../support/plan/cluster.ts";

function settled(spec: SpecPatch = {}): Cluster {
  const cluster = new Cluster(serverOf(spec));
  cluster.settle();
  return cluster;
}

function reachable(
  change: Partial<Extract<ReachabilityOutcome, { type: "Reachable" }>> = {},
): ReachabilityOutcome {
  const commands = ["PASV", "EPSV"];
  return { type: "Reachable", unchecked: [], commands, hosts: ["192.0.2.10"], skipped: [], ...change };
}

function condition(cluster: Cluster, patch: Partial<Observed> = {}): string {
  const found = plan(cluster.observe(patch)).status.conditions?.find(
    ({ type }) => type === "PassiveReachable",
  );
  return `${found?.status} ${found?.reason} ${found?.message}`;
}

const TARGET = {
  hosts: [{ host: "192.0.2.10" }],
  port: 21,
  tls: "None",
  token: "0123456789abcdef0123456789abcdef",
  dataAddresses: [] as string[],
  slots: [{ name: "a", ports: { first: 50000, last: 50004 } }],
};
const { tls } = specOf();
const withTls = (mode: typeof tls.mode): SpecPatch => ({
  tls: { ...tls, mode, certificateRef: { name: "certificate" } },
});

describe("the probe request", () => {
  const targets: [what: string, spec: SpecPatch, target: object][] = [
    ["the address of a load balancer", {}, TARGET],
    ["explicit TLS", withTls("Optional"), { ...TARGET, tls: "Explicit" }],
    ["required TLS", withTls("Required"), { ...TARGET, tls: "Explicit" }],
    ["implicit TLS", withTls("Implicit"), { ...TARGET, tls: "Implicit" }],
    [
      "a name that PASV resolves",
      {
        passive: {
          ...specOf().passive,
          address: { type: "Hostname", hostname: { name: "ftp.example.com", refreshPeriodSeconds: 30 } },
        },
      },
      { ...TARGET, hosts: [{ host: "ftp.example.com" }] },
    ],
    [
      "the load balancer, and the data addresses of overrides",
      {
        passive: {
          ...specOf().passive,
          address: { type: "FromExposure", overrides: [{ clients: "10.0.0.0/8", address: "10.1.2.3" }] },
        },
      },
      { ...TARGET, dataAddresses: ["10.1.2.3"] },
    ],
    [
      "the load balancer when PASV announces the address of the control connection",
      { passive: { ...specOf().passive, address: { type: "ControlConnection" } } },
      TARGET,
    ],
  ];
  for (const [what, spec, target] of targets)
    test(`connects to ${what}`, () => {
      const desired = plan(settled(spec).observe()).reachability;
      assert.deepEqual(desired, { type: "Check", periodSeconds: 600, target });
    });

  test("contains every serving slot", () => {
    const desired = plan(settled({ replicas: 2 }).observe()).reachability;
    assert.deepEqual(desired.type === "Check" && desired.target.slots.map(({ name }) => name), ["a", "b"]);
  });

  test("is Wait while there is no address or no ready pod", () => {
    assert.deepEqual(plan(observedOf(serverOf())).reachability, { type: "Wait" });
    const cluster = settled();
    const observed = cluster.observe();
    for (const pod of observed.children.pods) pod.status = { phase: "Pending" };
    assert.deepEqual(plan(observed).reachability, { type: "Wait" });
  });

  const skipped: [what: string, spec: SpecPatch, reason: string][] = [
    ["it is off", { reachabilityCheck: { mode: "Disabled", periodSeconds: 600 } }, "CheckDisabled"],
    [
      "a proxy is in front",
      { proxyProtocol: { mode: "Enabled", trustedSources: ["192.0.2.0/24"] } },
      "CheckNotPossible",
    ],
    [
      "clients need certificates",
      {
        tls: {
          ...tls,
          mode: "Required",
          certificateRef: { name: "x" },
          clientCertificates: { mode: "Required", login: "Password", caRef: { name: "ca" } },
        },
      },
      "CheckNotPossible",
    ],
    [
      "only some clients may come",
      { networkPolicy: { mode: "Managed", allowedClients: ["192.0.2.0/24"], metricsFrom: [] } },
      "CheckNotPossible",
    ],
  ];
  for (const [what, spec, reason] of skipped)
    test(`is Skip when ${what}, and the condition has the reason ${reason}`, () => {
      const cluster = settled(spec);
      assert.equal(plan(cluster.observe()).reachability.type, "Skip");
      assert.match(condition(cluster), new RegExp(`^Unknown ${reason} `));
    });

  test("adds an account to the engine configuration only when checks are enabled", () => {
    const accountOf = (spec: SpecPatch): unknown =>
      readConfigSecret(settled(spec).observe().children.configSecret)?.check;
    assert.deepEqual(accountOf({}), { token: TARGET.token });
    assert.equal(accountOf({ reachabilityCheck: { mode: "Disabled", periodSeconds: 600 } }), undefined);
  });
});

describe("the result of a check", () => {
  const broken = {
    type: "Unreachable",
    reason: "ConnectFailed",
    detail: "Connect: silence",
    usualCause: "A wall.",
  } as const;

  test("is a condition with the usual cause and does not change Ready", () => {
    const cluster = settled();
    assert.match(condition(cluster), /^Unknown NotChecked /);
    assert.match(condition(cluster, { reachability: reachable() }), /^True Reachable /);
    assert.match(
      condition(cluster, { reachability: reachable({ unchecked: ["b"] }) }),
      /^True SomeSlotsNotChecked .* slot b,/,
    );
    const { status, events } = plan(cluster.observe({ reachability: broken }));
    assert.match(
      condition(cluster, { reachability: broken }),
      /^False ConnectFailed Connect: silence\. A wall\.$/,
    );
    assert.equal(status.conditions?.find(({ type }) => type === "Ready")?.status, "True");
    assert.deepEqual(
      events.map(({ type, reason }) => [type, reason]),
      [["Warning", "ConnectFailed"]],
    );
  });

  test("stays until another result, so a restarted operator writes nothing", () => {
    const cluster = settled();
    cluster.step({ reachability: reachable() });
    cluster.writes = [];
    cluster.step();
    assert.deepEqual(cluster.writes, []);
    assert.match(condition(cluster), /^True Reachable /);
  });
});
