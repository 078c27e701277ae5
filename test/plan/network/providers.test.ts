import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { FtpServerSpec } from "../../../src/api/ftpserver.generated.ts";
import { providerOf } from "../../../src/plan/network/providers.ts";
import { plan } from "../../../src/plan/plan.ts";
import { childOf } from "../../support/plan/children-of.ts";
import {
  NODES,
  observedOf,
  serverOf,
  specOf,
  Cluster,
  type ExposurePatch,
  type LoadBalancerPatch,
  type SpecPatch,
} from "../../support/plan/cluster.ts";

const nodesOf = (cloud: string): typeof NODES => NODES.map((node) => ({ ...node, cloud }));

describe("the provider of a load balancer", () => {
  const cases: [what: string, spec: LoadBalancerPatch, cloud: string | undefined, provider: string][] = [
    ["says the spec", { provider: "Hetzner", class: "service.k8s.aws/nlb" }, "gce", "Hetzner"],
    ["says the class", { class: "service.k8s.aws/nlb" }, "gce", "AWS"],
    ["says the class of Cilium", { class: "io.cilium/l2-announcer" }, undefined, "Cilium"],
    ["say the nodes: aws", { provider: "Auto" }, "aws", "AWS"],
    ["say the nodes: gce", {}, "gce", "GKE"],
    ["say the nodes: azure", {}, "azure", "Azure"],
    ["say the nodes: digitalocean", {}, "digitalocean", "DigitalOcean"],
    ["say the nodes: hcloud", {}, "hcloud", "Hetzner"],
    ["says nobody: another class on a cloud's nodes", { class: "example.com/own" }, "aws", "Generic"],
    ["says nobody: nodes of no cloud", {}, "kind", "Generic"],
    ["says nobody: no nodes to be seen", {}, undefined, "Generic"],
  ];
  for (const [what, spec, cloud, provider] of cases)
    test(what, () => {
      assert.equal(providerOf(spec, cloud === undefined ? undefined : nodesOf(cloud)), provider);
    });
});

type Provider = NonNullable<LoadBalancerPatch["provider"]>;

/**
 * Returns the Service annotations without the prefix `ftp-operator.io/`. Plans twice, because the node port exists only
 * in the second observation.
 */
function annotations(
  provider: Provider,
  { service = {}, ...spec }: SpecPatch & Pick<ExposurePatch, "service"> = {},
): Record<string, string> {
  const exposure = {
    type: "LoadBalancer",
    controlPort: 21,
    service,
    loadBalancer: { provider },
  } as const;
  const passive = { ...specOf().passive, portRange: { first: 50000, last: 50001 } };
  const whole = { passive, ...spec, exposure };
  const made = childOf("Service", whole);
  assert.ok(made);
  const ports = (made.spec.ports ?? []).map((port, index) => ({ ...port, nodePort: 31000 + index }));
  const seen = { ...made, spec: { ...made.spec, ports } };
  const observed = observedOf(serverOf(whole), { children: { statefulSets: [], pods: [], service: seen } });
  const again = plan(observed).apply.find(({ kind }) => kind === "Service");
  const all = Object.entries((again ?? seen).metadata.annotations ?? {});
  return Object.fromEntries(all.filter(([name]) => !name.startsWith("ftp-operator.io/")));
}

const TWO: SpecPatch = { replicas: 1 };
const cluster = { service: { externalTrafficPolicy: "Cluster" } } as const;
const PROXIED: SpecPatch = {
  proxyProtocol: { mode: "Enabled", trustedSources: ["198.51.100.0/24"] },
};
const AWS = "service.beta.kubernetes.io/aws-load-balancer";

describe("the annotations of a load balancer", () => {
  test("make AWS check the node port or pod port of the control port with the policy Cluster", () => {
    const check = (port: string) => ({
      [`${AWS}-healthcheck-protocol`]: "tcp",
      [`${AWS}-healthcheck-port`]: port,
    });
    assert.deepEqual(annotations("AWS", { ...TWO, ...cluster }), check("31000"));
    assert.deepEqual(annotations("AWS"), {});
    const toPods = { [`${AWS}-nlb-target-type`]: "ip" };
    assert.deepEqual(annotations("AWS", { service: { annotations: toPods } }), {
      ...toPods,
      ...check("2121"),
    });
  });

  test("make Azure check the control port for each passive port", () => {
    assert.deepEqual(annotations("Azure", cluster), {
      "service.beta.kubernetes.io/port_50000_health-probe_port": "21",
      "service.beta.kubernetes.io/port_50001_health-probe_port": "21",
    });
    assert.deepEqual(annotations("Azure"), {});
  });

  test("make DigitalOcean and Hetzner check the control port", () => {
    assert.deepEqual(annotations("DigitalOcean", cluster), {
      "service.beta.kubernetes.io/do-loadbalancer-healthcheck-protocol": "tcp",
      "service.beta.kubernetes.io/do-loadbalancer-healthcheck-port": "21",
    });
    assert.deepEqual(annotations("Hetzner"), {
      "load-balancer.hetzner.cloud/health-check-protocol": "tcp",
      "load-balancer.hetzner.cloud/health-check-port": "31000",
    });
  });

  test("enable PROXY headers when the engines require them", () => {
    const names = (provider: Provider): string[] =>
      Object.keys(annotations(provider, PROXIED)).filter((name) => name.includes("proxy"));
    assert.deepEqual(names("AWS"), [`${AWS}-proxy-protocol`]);
    assert.deepEqual(names("DigitalOcean"), [
      "service.beta.kubernetes.io/do-loadbalancer-enable-proxy-protocol",
    ]);
    assert.deepEqual(names("Hetzner"), ["load-balancer.hetzner.cloud/uses-proxyprotocol"]);
  });

  test("are empty when the provider requires none", () => {
    for (const provider of ["Generic", "GKE", "MetalLB", "Cilium"] as const)
      assert.deepEqual(annotations(provider, { ...PROXIED, ...cluster }), {});
  });

  test("contain the annotations of the user, which take precedence", () => {
    const own = { "load-balancer.hetzner.cloud/health-check-protocol": "http" };
    assert.equal(
      annotations("Hetzner", { service: { annotations: own } })[
        "load-balancer.hetzner.cloud/health-check-protocol"
      ],
      "http",
    );
  });
});

describe("node ports of a load balancer", () => {
  const allocated = (loadBalancer: LoadBalancerPatch): boolean | undefined =>
    childOf("Service", { exposure: { type: "LoadBalancer", controlPort: 21, loadBalancer } })?.spec
      .allocateLoadBalancerNodePorts;
  const cases: [spec: LoadBalancerPatch, allocated: boolean | undefined][] = [
    [{}, undefined],
    [{ provider: "AWS" }, undefined],
    [{ provider: "MetalLB" }, false],
    [{ class: "io.cilium/l2-announcer" }, false],
    [{ provider: "MetalLB", nodePorts: "Enabled" }, undefined],
    [{ provider: "AWS", nodePorts: "Disabled" }, false],
  ];
  for (const [spec, expected] of cases)
    test(`${JSON.stringify(spec)}: ${expected === false ? "none" : "the Kubernetes default"}`, () => {
      assert.equal(allocated(spec), expected);
    });
});

describe("a range with more ports than a load balancer permits", () => {
  const reason = (
    provider: Provider,
    ports: number,
    more: Record<string, string> = {},
  ): string | undefined => {
    const exposure = {
      type: "LoadBalancer",
      controlPort: 21,
      service: { annotations: more },
      loadBalancer: { provider },
    } as const;
    const passive = { ...specOf().passive, portRange: { first: 50000, last: 50000 + ports - 1 } };
    const spec = { exposure, passive };
    const service = childOf("Service", spec);
    assert.ok(service);
    const { status } = plan(
      observedOf(serverOf(spec), { children: { statefulSets: [], pods: [], service } }),
    );
    return status.conditions?.find(({ type }) => type === "PassivePortsPublished")?.reason;
  };

  for (const [provider, most] of [
    ["AWS", 49],
    ["Azure", 299],
    ["Hetzner", 4],
  ] as const)
    test(`is reported for ${provider} from ${most + 1} passive ports`, () => {
      assert.deepEqual(
        [reason(provider, most), reason(provider, most + 1)],
        ["Published", "TooManyPortsForLoadBalancer"],
      );
    });

  test("includes the ports of terminating pods", () => {
    const loadBalancer = { provider: "AWS" } as const;
    const passive = (first: number, count: number): FtpServerSpec["passive"] => ({
      ...specOf().passive,
      portRange: { first, last: first + count - 1 },
    });
    const exposure = { type: "LoadBalancer", controlPort: 21, loadBalancer } as const;
    const cluster = new Cluster(serverOf({ exposure, passive: passive(50000, 40) }));
    const said = (): string => {
      const found = cluster.server.status?.conditions?.find(({ type }) => type === "PassivePortsPublished");
      return `${found?.status} ${found?.reason} ${found?.message}`;
    };
    cluster.settle();
    cluster.change({ passive: passive(51000, 40) });
    cluster.step();
    assert.match(
      said(),
      /^False TooManyPortsForLoadBalancer .* 61 ports, .* 50 ports\. .*drainPeriodSeconds/,
    );
    assert.doesNotMatch(said(), /portRange/);
    cluster.settle();
    assert.match(said(), /^True Published/);
    cluster.change({ passive: passive(52000, 60) });
    cluster.step();
    assert.match(
      said(),
      /^False TooManyPortsForLoadBalancer .* 61 ports, .*`spec\.passive\.portRange` to 49/,
    );
  });

  test("is not reported when no limit is known", () => {
    assert.equal(reason("GKE", 900), "Published");
    assert.equal(reason("Hetzner", 14, { "load-balancer.hetzner.cloud/type": "lb21" }), "Published");
  });
});

describe("the source ranges of a load balancer with PROXY headers", () => {
  const ranges = (
    provider: Provider,
    loadBalancer: LoadBalancerPatch = {},
    service: ExposurePatch["service"] = {},
  ): string[] | undefined =>
    childOf("Service", {
      ...PROXIED,
      replicas: 2,
      exposure: {
        type: "LoadBalancer",
        controlPort: 21,
        service,
        loadBalancer: { ...loadBalancer, provider },
      },
    })?.spec.loadBalancerSourceRanges;
  const sourceRanges = ["203.0.113.0/24"];

  for (const provider of ["AWS", "DigitalOcean", "Hetzner"] as const)
    test(`contain clients, and not its own addresses, for ${provider}`, () => {
      assert.equal(ranges(provider), undefined);
      assert.deepEqual(ranges(provider, { sourceRanges }), sourceRanges);
    });

  test("contain the proxy in front when the load balancer sends no headers", () => {
    const { trustedSources } = PROXIED.proxyProtocol ?? {};
    assert.deepEqual(ranges("Generic"), trustedSources);
    const annotations = { "load-balancer.hetzner.cloud/uses-proxyprotocol": "false" };
    assert.deepEqual(ranges("Hetzner", {}, { annotations }), trustedSources);
  });

  test("contain the allowed clients when only an annotation of the user enables headers", () => {
    const annotations = { [`${AWS}-proxy-protocol`]: "*" };
    const service = childOf("Service", {
      replicas: 2,
      networkPolicy: { mode: "Managed", allowedClients: sourceRanges, metricsFrom: [] },
      exposure: {
        type: "LoadBalancer",
        controlPort: 21,
        service: { annotations },
        loadBalancer: { provider: "AWS" },
      },
    });
    assert.deepEqual(service?.spec.loadBalancerSourceRanges, sourceRanges);
  });
});
