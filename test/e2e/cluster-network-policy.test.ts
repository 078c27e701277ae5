/**
 * Tests that the cluster enforces NetworkPolicies in both directions. Other test files rely on the enforcement. A
 * connection attempt to a closed port fails immediately if its packets reach the host.
 */
import assert from "node:assert/strict";
import { after, before, describe, it, type TestContext } from "node:test";
import type { Family } from "../cluster/families.ts";
import { hostInUrl } from "../../src/common/urls.ts";
import { type ProbePod, startProbePod } from "./probe-pod.ts";
import { eventually, TestNamespace } from "./test-namespace.ts";

const FIRST = 7000;
const LAST = 7003;
const EDGES = [FIRST - 1, FIRST, LAST, LAST + 1];
const ALL_REACHED = ["closed", "closed", "closed", "closed"];
const RANGE_REACHED = ["silent", "closed", "closed", "silent"];
const NONE_REACHED = ["silent", "silent", "silent", "silent"];
/** Exit code of curl when the connection fails. */
const CURL_REFUSED = 7;
/** A network for documentation, which has no hosts (RFC 5737, RFC 3849). */
const NOBODY = { IPv4: "192.0.2.1/32", IPv6: "2001:db8:dead::1/128" } as const;
const ONE_ADDRESS = { IPv4: 32, IPv6: 128 } as const;
const PLACES = [
  ["near", "on the same node"],
  ["far", "on another node"],
] as const;
const ports = [{ protocol: "TCP", port: FIRST, endPort: LAST }];

describe("the test cluster", () => {
  let namespace: TestNamespace;
  let pods: Record<"target" | "near" | "far", ProbePod>;

  before(async () => {
    namespace = await TestNamespace.create("e2e-cluster-network-policy");
    const [target, near, far] = await Promise.all([
      startProbePod(namespace, "target", "n1"),
      startProbePod(namespace, "near", "n1"),
      startProbePod(namespace, "far", "n2"),
    ]);
    pods = { target, near, far };
  });

  after(() => namespace.remove());

  const policy = (pod: string, spec: object) =>
    namespace.apply({
      apiVersion: "networking.k8s.io/v1",
      kind: "NetworkPolicy",
      metadata: { name: pod },
      spec: { podSelector: { matchLabels: { probe: pod } }, ...spec },
    });
  const removePolicies = () => namespace.kubectl(["delete", "networkpolicies", "--all"]);
  const addressOf = (pod: ProbePod, family: Family): string =>
    pod.addresses.get(family) ?? assert.fail(`the pod has no ${family} address`);
  const blockOf = (pod: ProbePod, family: Family): string =>
    `${addressOf(pod, family)}/${ONE_ADDRESS[family]}`;
  const reaches = (client: ProbePod, family: Family, expected: readonly string[]) =>
    eventually(`ports ${EDGES.join(" ")} are ${expected.join(" ")}`, async () =>
      assert.deepEqual(await client.look(addressOf(pods.target, family), EDGES), expected),
    );
  /** Returns a test function that skips the test if the cluster does not have the IP family. */
  const withFamily = (family: Family, work: () => Promise<void>) => (t: TestContext) =>
    namespace.cluster.families.includes(family) ? work() : t.skip(`the cluster has no ${family}`);

  for (const family of ["IPv4", "IPv6"] as const) {
    for (const [place, where] of PLACES) {
      const client = (): ProbePod => pods[place];

      it(
        `limits what a pod ${where} receives over ${family} to the ports and addresses of a policy`,
        withFamily(family, async () => {
          await reaches(client(), family, ALL_REACHED);
          const from = [{ ipBlock: { cidr: blockOf(client(), family) } }];
          await policy("target", { policyTypes: ["Ingress"], ingress: [{ ports, from }] });
          await reaches(client(), family, RANGE_REACHED);
          const nobody = [{ ipBlock: { cidr: NOBODY[family] } }];
          await policy("target", { policyTypes: ["Ingress"], ingress: [{ ports, from: nobody }] });
          await reaches(client(), family, NONE_REACHED);
          await removePolicies();
          await reaches(client(), family, ALL_REACHED);
        }),
      );

      it(
        `limits what a pod sends over ${family} to a pod ${where} to the ports and addresses of a policy`,
        withFamily(family, async () => {
          const to = [{ ipBlock: { cidr: blockOf(pods.target, family) } }];
          await policy(place, { policyTypes: ["Egress"], egress: [{ ports, to }] });
          await reaches(client(), family, RANGE_REACHED);
          await policy(place, { policyTypes: ["Egress"], egress: [] });
          await reaches(client(), family, NONE_REACHED);
          await removePolicies();
          await reaches(client(), family, ALL_REACHED);
        }),
      );
    }

    it(
      `accepts connections over ${family} from a node to its own pods`,
      withFamily(family, async () => {
        await policy("target", { policyTypes: ["Ingress"], ingress: [] });
        await reaches(pods.far, family, NONE_REACHED);
        const dial = [
          "curl",
          "--silent",
          "--max-time",
          "5",
          `http://${hostInUrl(addressOf(pods.target, family))}:${FIRST}/`,
        ];
        const { code } = await namespace.cluster.attempt("n1", dial);
        assert.equal(code, CURL_REFUSED);
        await removePolicies();
      }),
    );
  }
});
