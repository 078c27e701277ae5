import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { readConfigSecret } from "../../../src/plan/desired/config-secret.ts";
import type { Observed } from "../../../src/plan/model/observed.ts";
import { plan } from "../../../src/plan/plan.ts";
import type { ReachabilityOutcome } from "../../../src/plan/model/observed.ts";
import { observedOf, serverOf, specOf, Cluster, type SpecPatch } from "../../support/plan/cluster.ts";

function settled(spec: SpecPatch = {}): Cluster {
  const world = new Cluster(serverOf(spec));
  world.settle();
  return world;
}

function reachable(
  change: Partial<Extract<ReachabilityOutcome, { type: "Reachable" }>> = {},
): ReachabilityOutcome {
  const commands = ["PASV", "EPSV"];
  return { type: "Reachable", unchecked: [], commands, hosts: ["192.0.2.10"], skipped: [], ...change };
}

function condition(world: Cluster, patch: Partial<Observed> = {}): string {
  const found = plan(world.observe(patch)).status.conditions?.find(({ type }) => type === "PassiveReachable");
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

describe("the wish to check", () => {
  const targets: [what: string, spec: SpecPatch, target: object][] = [
    ["a balancer's address", {}, TARGET],
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
      "the balancer, and for data what PASV announces to some clients",
      {
        passive: {
          ...specOf().passive,
          address: { type: "FromExposure", overrides: [{ clients: "10.0.0.0/8", address: "10.1.2.3" }] },
        },
      },
      { ...TARGET, dataAddresses: ["10.1.2.3"] },
    ],
    [
      "the balancer, where PASV announces what clients dialled",
      { passive: { ...specOf().passive, address: { type: "ControlConnection" } } },
      TARGET,
    ],
  ];
  for (const [what, spec, target] of targets)
    it(`dials ${what}`, () => {
      const desired = plan(settled(spec).observe()).reachability;
      assert.deepEqual(desired, { type: "Check", periodSeconds: 600, target });
    });

  it("names every slot that serves", () => {
    const desired = plan(settled({ replicas: 2 }).observe()).reachability;
    assert.deepEqual(desired.type === "Check" && desired.target.slots.map(({ name }) => name), ["a", "b"]);
  });

  it("waits while there is nothing to dial", () => {
    assert.deepEqual(plan(observedOf(serverOf())).reachability, { type: "Wait" });
    const world = settled();
    const observed = world.observe();
    for (const pod of observed.children.pods) pod.status = { phase: "Pending" };
    assert.deepEqual(plan(observed).reachability, { type: "Wait" });
  });

  const skipped: [what: string, spec: SpecPatch, reason: string][] = [
    ["it is off", { reachabilityCheck: { mode: "Disabled", periodSeconds: 600 } }, "CheckDisabled"],
    [
      "a proxy stands in front",
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
    it(`is none when ${what}, and the condition says so`, () => {
      const world = settled(spec);
      assert.equal(plan(world.observe()).reachability.type, "Skip");
      assert.match(condition(world), new RegExp(`^Unknown ${reason} `));
    });

  it("comes with an account for it, and without the wish there is none", () => {
    const accountOf = (spec: SpecPatch): unknown =>
      readConfigSecret(settled(spec).observe().children.configSecret)?.check;
    assert.deepEqual(accountOf({}), { token: TARGET.token });
    assert.equal(accountOf({ reachabilityCheck: { mode: "Disabled", periodSeconds: 600 } }), undefined);
  });
});

describe("what a check has found", () => {
  const broken = {
    type: "Unreachable",
    reason: "ConnectFailed",
    detail: "Connect: silence",
    usualCause: "A wall.",
  } as const;

  it("is told, with what is behind it, and Ready stays what it is", () => {
    const world = settled();
    assert.match(condition(world), /^Unknown NotChecked /);
    assert.match(condition(world, { reachability: reachable() }), /^True Reachable /);
    assert.match(
      condition(world, { reachability: reachable({ unchecked: ["b"] }) }),
      /^True SomeSlotsNotChecked .* slot b,/,
    );
    const { status, events } = plan(world.observe({ reachability: broken }));
    assert.match(
      condition(world, { reachability: broken }),
      /^False ConnectFailed Connect: silence\. A wall\.$/,
    );
    assert.equal(status.conditions?.find(({ type }) => type === "Ready")?.status, "True");
    assert.deepEqual(
      events.map(({ type, reason }) => [type, reason]),
      [["Warning", "ConnectFailed"]],
    );
  });

  it("stands until something else is found: an operator that starts anew writes nothing", () => {
    const world = settled();
    world.step({ reachability: reachable() });
    world.writes = [];
    world.step();
    assert.deepEqual(world.writes, []);
    assert.match(condition(world), /^True Reachable /);
  });
});
