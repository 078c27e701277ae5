/** What the other files rely on: the cluster enforces NetworkPolicies exactly, in both directions. A port that nobody listens on is refused when packets reach it. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { type ProbePod, startProbePod } from "./probe-pod.ts";
import { eventually, World } from "./world.ts";

const FIRST = 7000;
const LAST = 7003;
const EDGES = [FIRST - 1, FIRST, LAST, LAST + 1];
const ALL_REACHED = ["refused", "refused", "refused", "refused"];
const RANGE_REACHED = ["silent", "refused", "refused", "silent"];
const NONE_REACHED = ["silent", "silent", "silent", "silent"];
/** curl(1): failed to connect to host. */
const CURL_REFUSED = 7;
const ports = [{ protocol: "TCP", port: FIRST, endPort: LAST }];

describe("the test cluster", () => {
  let world: World;
  let pods: Record<"target" | "near" | "far", ProbePod>;

  before(async () => {
    world = await World.create("e2e-cluster-network-policy");
    const [target, near, far] = await Promise.all([
      startProbePod(world, "target", "n1"),
      startProbePod(world, "near", "n1"),
      startProbePod(world, "far", "n2"),
    ]);
    pods = { target, near, far };
  });

  after(() => world.remove());

  const policy = (pod: string, spec: object) =>
    world.apply({
      apiVersion: "networking.k8s.io/v1",
      kind: "NetworkPolicy",
      metadata: { name: pod },
      spec: { podSelector: { matchLabels: { probe: pod } }, ...spec },
    });
  const removePolicies = () => world.kubectl(["delete", "networkpolicies", "--all"]);
  const reaches = (client: ProbePod, expected: readonly string[]) =>
    eventually(`ports ${EDGES.join(" ")} are ${expected.join(" ")}`, async () =>
      assert.deepEqual(await client.look(pods.target.address, EDGES), expected),
    );

  for (const place of ["near", "far"] as const) {
    const where = place === "near" ? "on the same node" : "on another node";
    const client = (): ProbePod => pods[place];

    it(`limits what a pod ${where} receives to the ports and addresses of a policy`, async () => {
      await reaches(client(), ALL_REACHED);
      const from = [{ ipBlock: { cidr: `${client().address}/32` } }];
      await policy("target", { policyTypes: ["Ingress"], ingress: [{ ports, from }] });
      await reaches(client(), RANGE_REACHED);
      const nobody = [{ ipBlock: { cidr: "192.0.2.1/32" } }];
      await policy("target", { policyTypes: ["Ingress"], ingress: [{ ports, from: nobody }] });
      await reaches(client(), NONE_REACHED);
      await removePolicies();
      await reaches(client(), ALL_REACHED);
    });

    it(`limits what a pod sends to a pod ${where} to the ports and addresses of a policy`, async () => {
      const to = [{ ipBlock: { cidr: `${pods.target.address}/32` } }];
      await policy(place, { policyTypes: ["Egress"], egress: [{ ports, to }] });
      await reaches(client(), RANGE_REACHED);
      await policy(place, { policyTypes: ["Egress"], egress: [] });
      await reaches(client(), NONE_REACHED);
      await removePolicies();
      await reaches(client(), ALL_REACHED);
    });
  }

  it("leaves a node's own connections to its pods alone", async () => {
    await policy("target", { policyTypes: ["Ingress"], ingress: [] });
    await reaches(pods.far, NONE_REACHED);
    const dial = ["curl", "--silent", "--max-time", "5", `http://${pods.target.address}:${FIRST}/`];
    const { code } = await world.cluster.attempt("n1", dial);
    assert.equal(code, CURL_REFUSED);
    await removePolicies();
  });
});
