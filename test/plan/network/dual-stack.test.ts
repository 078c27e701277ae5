/** Tests the effects of Service IP families on Service fields, status addresses and reachability check hosts. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { FtpServerStatus } from "../../../src/api/ftpserver.generated.ts";
import type { Condition } from "../../../src/api/kubernetes.ts";
import type { NodeAddresses } from "../../../src/plan/model/observed.ts";
import type { Pod, Service } from "../../../src/plan/model/objects.ts";
import { plan, type Plan } from "../../../src/plan/plan.ts";
import { childOf } from "../../support/plan/children-of.ts";
import { type ExposurePatch, serverOf, type SpecPatch, Cluster } from "../../support/plan/cluster.ts";

const FOUR = "192.0.2.10";
const SIX = "2001:db8::10";
const PREFERRED = { ipFamilyPolicy: "PreferDualStack" } as const;
const BALANCER: SpecPatch = exposure({ service: PREFERRED });

function exposure(patch: ExposurePatch): SpecPatch {
  return { exposure: { type: "LoadBalancer", controlPort: 21, ...patch } };
}

/** Returns a cluster whose Service has the given addresses. The default is one address in each family. */
function dualStack(spec: SpecPatch, service: Partial<Service["spec"]> = {}, ips = [SIX, FOUR]): Cluster {
  const cluster = new Cluster(serverOf(spec));
  cluster.settle();
  const [made] = cluster.all("Service");
  assert.ok(made);
  Object.assign(made.spec, { ipFamilies: ["IPv4", "IPv6"], clusterIPs: ["198.19.0.7", SIX] }, service);
  if (made.spec.type === "LoadBalancer")
    made.status = { loadBalancer: { ingress: ips.map((ip) => ({ ip })) } };
  return cluster;
}

function told({ status }: Plan): [addresses: string[], endpoint: string | undefined] {
  return [(status.addresses ?? []).map(({ value }) => value), status.endpoint];
}

function condition(status: FtpServerStatus, type: string): Condition | undefined {
  return status.conditions?.find((found) => found.type === type);
}

function hostsOf({ reachability }: Plan): unknown {
  return reachability.type === "Check" ? reachability.target.hosts : reachability;
}

describe("the IP families of the Service", () => {
  test("are the primary family of the cluster by default", () => {
    const { ipFamilyPolicy, ipFamilies } = childOf("Service", {})?.spec ?? {};
    assert.deepEqual([ipFamilyPolicy, ipFamilies], ["SingleStack", undefined]);
  });

  for (const type of ["LoadBalancer", "NodePort", "ClusterIP", "HostPort"] as const)
    test(`are those of the spec with type ${type}`, () => {
      const families: ExposurePatch["service"] = { ...PREFERRED, ipFamilies: ["IPv6", "IPv4"] };
      const nodePort = type === "NodePort" ? { nodePort: { controlPort: 30021 } } : {};
      const spec = childOf("Service", exposure({ type, service: families, ...nodePort }))?.spec;
      assert.deepEqual([spec?.ipFamilyPolicy, spec?.ipFamilies], ["PreferDualStack", ["IPv6", "IPv4"]]);
    });

  test("are unchanged when the API server adds the second family", () => {
    const service = { ...PREFERRED, ipFamilies: ["IPv6" as const] };
    const cluster = dualStack(exposure({ service }), { ipFamilies: ["IPv6", "IPv4"] });
    cluster.settle();
    assert.deepEqual(cluster.step().apply, []);
    assert.deepEqual(cluster.all("Service")[0]?.spec.ipFamilies, ["IPv6", "IPv4"]);
  });

  test("lose the second family with SingleStack", () => {
    const cluster = dualStack(exposure({ service: { ...PREFERRED, ipFamilies: ["IPv4"] } }));
    cluster.change(exposure({ service: { ipFamilyPolicy: "SingleStack", ipFamilies: ["IPv4"] } }));
    const service = cluster.step().apply.find((object) => object.kind === "Service");
    assert.ok(service);
    assert.deepEqual([service.spec.ipFamilyPolicy, service.spec.ipFamilies], ["SingleStack", ["IPv4"]]);
  });

  const hints: [what: string, rejection: string, hint: RegExp][] = [
    [
      "RequireDualStack on a single-stack cluster",
      'spec.ipFamilyPolicy: Invalid value: "RequireDualStack": this cluster is not configured for dual-stack services',
      /`spec\.exposure\.service\.ipFamilyPolicy` to `PreferDualStack` or `SingleStack`\.$/,
    ],
    [
      "a family that the cluster does not have",
      'spec.ipFamilies[1]: Invalid value: "IPv6": not configured on this cluster',
      /Remove the unsupported IP family from `spec\.exposure\.service\.ipFamilies`\.$/,
    ],
    [
      "another first family",
      'spec.clusterIPs[0]: Invalid value: "198.19.0.7": expected an IPv6 value as indicated by `ipFamilies[0]`',
      /`spec\.exposure\.service\.ipFamilies`, or delete Service `demo`\./,
    ],
    ["a node port in use", "provided port is already allocated", /change `spec\.passive\.portRange`/],
  ];
  for (const [what, message, hint] of hints)
    test(`have a condition with the remedy when the API server rejects ${what}`, () => {
      const ref = { apiVersion: "v1", kind: "Service", name: "demo", namespace: "files" };
      const { status } = dualStack(BALANCER).step({ rejections: [{ ref, message }] });
      const found = condition(status, "PassivePortsPublished");
      assert.equal(found?.reason, "ServiceRejected");
      assert.match(found.message, hint);
    });
});

describe("addresses of two families", () => {
  test("are both in the status, with IPv4 in the endpoint and in PASV", () => {
    const result = dualStack(BALANCER).step();
    assert.deepEqual(told(result), [[FOUR, SIX], `ftp://${FOUR}:21`]);
    assert.match(
      condition(result.status, "AddressAssigned")?.message ?? "",
      /PASV announces `192\.0\.2\.10`/,
    );
  });

  test("start with a static address", () => {
    const address = { type: "Static" as const, static: { address: "203.0.113.1" } };
    const cluster = dualStack({ ...BALANCER, passive: { ...serverOf().spec.passive, address } });
    assert.deepEqual(told(cluster.step()), [["203.0.113.1", FOUR, SIX], "ftp://203.0.113.1:21"]);
  });

  test("are those of the cluster with type ClusterIP", () => {
    const cluster = dualStack(exposure({ type: "ClusterIP", service: PREFERRED }));
    assert.deepEqual(told(cluster.step()), [["198.19.0.7", SIX], "ftp://198.19.0.7:21"]);
  });

  const nodes: NodeAddresses[] = [
    {
      name: "one",
      ready: true,
      addresses: [
        { type: "InternalIP", address: "198.51.100.11" },
        { type: "InternalIP", address: "2001:db8:51::11" },
      ],
    },
  ];
  const nodePort = { nodePort: { controlPort: 30021 } };

  test("are those of a node with type NodePort, of the families of the Service", () => {
    const spec = exposure({ type: "NodePort", service: PREFERRED, ...nodePort });
    const both = dualStack(spec).step({ nodes });
    assert.deepEqual(told(both), [["198.51.100.11", "2001:db8:51::11"], "ftp://198.51.100.11:30021"]);
    const one = dualStack(spec, { ipFamilies: ["IPv4"] }).step({ nodes });
    assert.deepEqual(told(one)[0], ["198.51.100.11"]);
  });

  test("are those of the pod's node with type HostPort, of the families of the pod", () => {
    const cluster = dualStack(exposure({ type: "HostPort" }), { ipFamilies: ["IPv4"] });
    const [pod] = cluster.all("Pod");
    assert.ok(pod);
    const withFamilies = (...podIPs: string[]): NonNullable<Pod["status"]> => ({
      ...pod.status,
      hostIPs: [{ ip: "198.51.100.11" }, { ip: "2001:db8:51::11" }],
      podIPs: podIPs.map((ip) => ({ ip })),
    });
    pod.status = withFamilies("198.18.0.2", "2001:db8:18::2");
    assert.deepEqual(told(cluster.step({ nodes }))[0], ["198.51.100.11", "2001:db8:51::11"]);
    pod.status = withFamilies("198.18.0.2");
    assert.deepEqual(told(cluster.step({ nodes }))[0], ["198.51.100.11"]);
  });
});

describe("IPv6 alone", () => {
  const only = exposure({ service: { ipFamilies: ["IPv6"] } });

  test("is Ready with an endpoint in brackets and the reason IPv6Only", () => {
    const cluster = dualStack(only, { ipFamilies: ["IPv6"] }, [SIX]);
    const result = cluster.step();
    assert.deepEqual(told(result), [[SIX], `ftp://[${SIX}]:21`]);
    const assigned = condition(result.status, "AddressAssigned");
    assert.equal(`${assigned?.status} ${assigned?.reason}`, "True IPv6Only");
    assert.match(assigned?.message ?? "", /2001:db8::10.*425/);
    assert.equal(condition(result.status, "Ready")?.status, "True");
  });

  test("is a missing address when the Service has IPv4 too", () => {
    const result = dualStack(BALANCER, {}, [SIX]).step();
    const assigned = condition(result.status, "AddressAssigned");
    assert.equal(`${assigned?.status} ${assigned?.reason}`, "False NoIPv4Address");
    assert.deepEqual(told(result)[0], [SIX]);
  });
});

describe("the reachability check", () => {
  test("connects to both families", () => {
    assert.deepEqual(hostsOf(dualStack(BALANCER).step()), [{ host: FOUR }, { host: SIX }]);
  });

  test("connects to the IPv6 address when there is no other", () => {
    const only = exposure({ service: { ipFamilies: ["IPv6"] } });
    assert.deepEqual(hostsOf(dualStack(only, { ipFamilies: ["IPv6"] }, [SIX]).step()), [{ host: SIX }]);
  });

  test("resolves the name of a load balancer in both families", () => {
    const cluster = dualStack(BALANCER);
    const [service] = cluster.all("Service");
    assert.ok(service);
    service.status = { loadBalancer: { ingress: [{ hostname: "lb.example.com" }] } };
    const host = "lb.example.com";
    assert.deepEqual(hostsOf(cluster.step()), [
      { host, family: 4 },
      { host, family: 6 },
    ]);
    Object.assign(service.spec, { ipFamilies: ["IPv4"] });
    assert.deepEqual(hostsOf(cluster.step()), [{ host }]);
  });

  test("names checked and skipped hosts in its condition", () => {
    const outcome = { type: "Reachable", unchecked: [], commands: ["PASV", "EPSV"] } as const;
    const message = (hosts: string[], skipped: string[]): string | undefined => {
      const reachability = { ...outcome, unchecked: [], hosts, skipped };
      return condition(plan(dualStack(BALANCER).observe({ reachability })).status, "PassiveReachable")
        ?.message;
    };
    assert.match(message([FOUR, SIX], []) ?? "", /192\.0\.2\.10 and 2001:db8::10 .*PASV and EPSV/);
    assert.match(
      message([FOUR], [SIX]) ?? "",
      /no IPv6 address, so IPv6 connections to 2001:db8::10 were not checked\.$/,
    );
  });
});

describe("client networks", () => {
  test("exclude a family before the Service gets it", () => {
    const networkPolicy = { mode: "Managed" as const, allowedClients: ["192.0.2.0/24"], metricsFrom: [] };
    const cluster = dualStack({ ...BALANCER, replicas: 2, networkPolicy });
    const [service] = cluster.all("Service");
    assert.ok(service);
    Object.assign(service.spec, { ipFamilyPolicy: "SingleStack", ipFamilies: ["IPv4"] });
    const { apply } = plan(cluster.observe());
    const applied = apply.find(({ kind }) => kind === "Service");
    assert.deepEqual(applied?.kind === "Service" && applied.spec.loadBalancerSourceRanges, [
      "192.0.2.0/24",
      "::/128",
    ]);
  });

  test("exclude a family without ranges before the API server assigns families", () => {
    const networkPolicy = { mode: "Managed" as const, allowedClients: ["2001:db8::/32"], metricsFrom: [] };
    const ranges = (spec: SpecPatch): string[] | undefined =>
      childOf("Service", { ...spec, replicas: 2, networkPolicy })?.spec.loadBalancerSourceRanges;
    assert.deepEqual(ranges(BALANCER), ["2001:db8::/32", "0.0.0.0/32"]);
    assert.deepEqual(ranges(exposure({ service: { ipFamilies: ["IPv6"] } })), ["2001:db8::/32"]);
  });
});
