import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { FtpServerSpec } from "../../../src/api/ftpserver.generated.ts";
import { addressText, decideAddresses } from "../../../src/plan/network/announced-address.ts";
import type { NodeAddresses, Observed } from "../../../src/plan/model/observed.ts";
import type { Pod, Service } from "../../../src/plan/model/objects.ts";
import { NODES, observedOf, serverOf, specOf, type SpecPatch } from "../../support/plan/cluster.ts";

type Ingress = NonNullable<NonNullable<Service["status"]>["loadBalancer"]>["ingress"];

function service(spec: Partial<Service["spec"]>, ingress: Ingress = []): Observed["children"] {
  const metadata = { name: "demo", namespace: "files" };
  const full: Service["spec"] = { type: "LoadBalancer", selector: {}, ports: [], ...spec };
  return {
    statefulSets: [],
    pods: [],
    service: {
      apiVersion: "v1",
      kind: "Service",
      metadata,
      spec: full,
      status: { loadBalancer: { ingress } },
    },
  };
}

function decide(spec: SpecPatch, observed: Partial<Observed> = {}, current?: string): string {
  const server = serverOf(spec);
  if (current !== undefined) server.status = { addresses: [{ type: "IPAddress", value: current }] };
  const { announced } = decideAddresses(server.spec, observedOf(server, observed));
  return `${addressText(announced.address) ?? "-"} ${announced.reason}`;
}

function node(
  name: string,
  address: string,
  type: "InternalIP" | "ExternalIP" = "InternalIP",
  ready = true,
): NodeAddresses {
  return { name, ready, addresses: [{ type, address }] };
}

function podOn(hostIP: string): Pod {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "demo-a-0" },
    spec: { containers: [] },
    status: { hostIP },
  };
}

const NODE_PORT: SpecPatch = {
  exposure: { type: "NodePort", controlPort: 21, nodePort: { controlPort: 30021 } },
};
const CLUSTER_IP: SpecPatch = { exposure: { type: "ClusterIP", controlPort: 21 } };

function announcing(address: FtpServerSpec["passive"]["address"]): SpecPatch {
  return { passive: { ...specOf().passive, address } };
}

describe("decideAddresses", () => {
  const cases: [what: string, decided: string, expected: string][] = [
    ["is pending for a new FtpServer", decide({}), "- LoadBalancerPending"],
    [
      "is pending for a load balancer without an address",
      decide({}, { children: service({}) }),
      "- LoadBalancerPending",
    ],
    [
      "is the address of the load balancer",
      decide({}, { children: service({}, [{ ip: "192.0.2.10" }]) }),
      "192.0.2.10 LoadBalancerAddress",
    ],
    [
      "is the host name of the load balancer",
      decide({}, { children: service({}, [{ hostname: "lb.example.com" }]) }),
      "lb.example.com LoadBalancerHostname",
    ],
    [
      "prefers IPv4 of two families",
      decide({}, { children: service({}, [{ ip: "2001:db8::1" }, { ip: "192.0.2.10" }]) }),
      "192.0.2.10 LoadBalancerAddress",
    ],
    [
      "is missing with only IPv6",
      decide({}, { children: service({}, [{ ip: "2001:db8::1" }]) }),
      "- NoIPv4Address",
    ],
    [
      "is the static address of the spec",
      decide(announcing({ type: "Static", static: { address: "203.0.113.10" } })),
      "203.0.113.10 Static",
    ],
    [
      "is the host name of the spec",
      decide(
        announcing({ type: "Hostname", hostname: { name: "ftp.example.com", refreshPeriodSeconds: 5 } }),
      ),
      "ftp.example.com Hostname",
    ],
    ["is the first node", decide(NODE_PORT), "198.51.100.11 NodeAddress"],
    ["stays the announced node", decide(NODE_PORT, {}, "198.51.100.12"), "198.51.100.12 NodeAddress"],
    [
      "is another node when the announced one was deleted",
      decide(NODE_PORT, {}, "198.51.100.99"),
      "198.51.100.11 NodeAddress",
    ],
    [
      "prefers external addresses",
      decide(NODE_PORT, { nodes: [...NODES, node("zoe", "203.0.113.5", "ExternalIP")] }),
      "203.0.113.5 NodeAddress",
    ],
    [
      "prefers an external address to the announced internal one",
      decide(NODE_PORT, { nodes: [...NODES, node("zoe", "203.0.113.5", "ExternalIP")] }, "198.51.100.12"),
      "203.0.113.5 NodeAddress",
    ],
    [
      "stays the announced external address",
      decide(
        NODE_PORT,
        { nodes: [node("a", "203.0.113.4", "ExternalIP"), node("b", "203.0.113.5", "ExternalIP")] },
        "203.0.113.5",
      ),
      "203.0.113.5 NodeAddress",
    ],
    [
      "is an internal address while no node with an external one is ready",
      decide(
        NODE_PORT,
        { nodes: [...NODES, node("zoe", "203.0.113.5", "ExternalIP", false)] },
        "203.0.113.5",
      ),
      "198.51.100.11 NodeAddress",
    ],
    [
      "uses only ready nodes",
      decide(NODE_PORT, {
        nodes: [node("a", "198.51.100.1", "InternalIP", false), node("b", "198.51.100.2")],
      }),
      "198.51.100.2 NodeAddress",
    ],
    ["is missing without nodes", decide(NODE_PORT, { nodes: [] }), "- NoNodeAddress"],
    [
      "is the host of a pod when nodes are unknown",
      decide(NODE_PORT, withoutNodes([podOn("198.51.100.12"), podOn("198.51.100.11")])),
      "198.51.100.11 PodHostAddress",
    ],
    [
      "stays the announced host of a pod when nodes are unknown",
      decide(NODE_PORT, withoutNodes([podOn("198.51.100.11"), podOn("198.51.100.12")]), "198.51.100.12"),
      "198.51.100.12 PodHostAddress",
    ],
    [
      "is missing without pods when nodes are unknown",
      decide(NODE_PORT, withoutNodes([])),
      "- NoNodeAddress",
    ],
    [
      "is the cluster IP",
      decide(CLUSTER_IP, { children: service({ type: "ClusterIP", clusterIP: "198.19.0.9" }) }),
      "198.19.0.9 ClusterAddress",
    ],
    ["is pending for a new Service of type ClusterIP", decide(CLUSTER_IP), "- ClusterAddressPending"],
    [
      "is not required in an IPv6 cluster",
      decide(CLUSTER_IP, {
        children: service({ type: "ClusterIP", clusterIP: "2001:db8::9", ipFamilies: ["IPv6"] }),
      }),
      "- IPv6Only",
    ],
  ];
  for (const [what, decided, expected] of cases) {
    test(what, () => assert.equal(decided, expected));
  }

  test("contains the refresh period of a host name", () => {
    const server = serverOf(
      announcing({ type: "Hostname", hostname: { name: "ftp.example.com", refreshPeriodSeconds: 5 } }),
    );
    const { announced } = decideAddresses(server.spec, observedOf(server));
    assert.deepEqual(announced.address, {
      type: "Hostname",
      name: "ftp.example.com",
      refreshPeriodSeconds: 5,
    });
  });
});

function withoutNodes(pods: Pod[]): Partial<Observed> {
  return { nodes: undefined, children: { statefulSets: [], pods } };
}
