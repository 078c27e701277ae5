import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { KubeObject } from "../../src/api/kubernetes.ts";
import { curl, url } from "../support/clients/clients.ts";
import { answering, probe, siteOf } from "./outside.ts";
import { type ProbePod, startProbePod } from "./probe-pod.ts";
import { conditionOf, eventually, type FtpServerObject, TestNamespace } from "./test-namespace.ts";

const USERS = { alice: "secret" };
const ONE = { name: "one", first: 50400, last: 50409 };
const TWO = { name: "two", first: 50420, last: 50434 };
const TRIES = 20;
/** Control port of the engine container. */
const POD_CONTROL_PORT = 2121;

describe("allowedClients", () => {
  let namespace: TestNamespace;
  let stranger: ProbePod;

  before(async () => {
    namespace = await TestNamespace.create("e2e-network-policy");
    const networkPolicy = { allowedClients: [`${namespace.cluster.hosts.client}/32`] };
    for (const [replicas, { name, first, last }] of [[1, ONE] as const, [2, TWO] as const]) {
      const passive = { portRange: { first, last } };
      await namespace.applyServer(name, USERS, { replicas, passive, networkPolicy });
    }
    stranger = await startProbePod(namespace);
    await Promise.all([ONE, TWO].map(({ name }) => namespace.waitReady(name)));
  });

  after(() => namespace.remove());

  for (const { name, first, last } of [ONE, TWO]) {
    it(`${name}: admits the allowed client, and neither another client nor another pod`, async () => {
      const { host, port } = await answering(namespace, await namespace.login(name, "alice", USERS.alice));
      const slices = servedSlices(await namespace.server(name));
      assert.ok(slices.length > 0);
      const ports = [port, ...slices.flatMap(edgesAndMiddle)];
      await eventually("kube-proxy knows every port", async () => {
        const seen = await look(namespace, "client", host, ports);
        assert.ok(
          seen.every((answer) => answer === "open"),
          seen.join(" "),
        );
      });
      const beside = [first - 1, last + 1];
      const [other, pod, ...besides] = await Promise.all([
        look(namespace, "other", host, ports),
        stranger.look(host, ports),
        look(namespace, "client", host, beside),
        look(namespace, "other", host, beside),
      ]);
      const silence = ports.map(() => "silent");
      assert.deepEqual({ other, pod }, { other: silence, pod: silence });
      assert.ok(!besides.flat().includes("open"), besides.join(" "));
    });

    it(`${name}: rejects other pods at the addresses of its pods`, async () => {
      const slices = servedSlices(await namespace.server(name));
      for (const [index, address] of (await podAddresses(namespace, name)).entries()) {
        const ports = [POD_CONTROL_PORT, ...edgesAndMiddle(slices[index] ?? { first, last })];
        assert.deepEqual(
          await stranger.look(address, ports),
          ports.map(() => "silent"),
        );
      }
    });
  }

  it("two: admits the allowed client on every attempt, and the other client never", async () => {
    const login = await namespace.login(TWO.name, "alice", USERS.alice);
    const site = siteOf(namespace, login);
    const tries = Array.from({ length: TRIES }, () => curl(site, "passive", url(site)));
    await Promise.all(tries);
    const doors = await look(
      namespace,
      "other",
      login.host,
      Array.from({ length: TRIES }, () => login.port),
    );
    assert.ok(!doors.includes("open"), doors.join(" "));
  });

  it("two: reports that node ports bypass the list, because nodes hide client addresses", async () => {
    const published = conditionOf(await namespace.waitReady(TWO.name), "PassivePortsPublished");
    assert.equal(published?.reason, "NodePortsOpenToAllClients");
    type Service = KubeObject & { spec: { ports: { nodePort: number }[] } };
    const { spec } = await namespace.get<Service>("service", TWO.name);
    const { n1, n2 } = namespace.cluster.hosts;
    const [port] = spec.ports;
    assert.ok(port);
    // For each connection attempt, kube-proxy selects a pod.
    const ports = Array.from({ length: TRIES }, () => port.nodePort);
    const seen = await Promise.all([n1, n2].map((node) => look(namespace, "other", node, ports)));
    assert.ok(seen.flat().includes("open"), "else this warning is out of date");
  });

  it("one: opens exactly the passive port range to an added pod, and closes it again", async () => {
    const { client } = namespace.cluster.hosts;
    const [address = ""] = await podAddresses(namespace, ONE.name);
    const [slice = ONE] = servedSlices(await namespace.server(ONE.name));
    const allow = (...allowedClients: string[]) =>
      namespace.patchSpec(ONE.name, { networkPolicy: { allowedClients } });
    const inside = [POD_CONTROL_PORT, ...edgesAndMiddle(slice)];
    const allowed = async () =>
      assert.deepEqual(
        await stranger.look(address, inside),
        inside.map(() => "open"),
      );
    const shutOut = async () =>
      assert.deepEqual(
        await stranger.look(address, inside),
        inside.map(() => "silent"),
      );

    await allow(`${client}/32`, `${stranger.address}/32`);
    await eventually("the pod is let in", allowed);
    // No running pod owns the last ports in the range. These ports are closed even for clients that the NetworkPolicy
    // admits.
    assert.deepEqual(await stranger.look(address, [ONE.last]), ["closed"]);
    assert.deepEqual(await stranger.look(address, [ONE.first - 1, ONE.last + 1, 8080]), [
      "silent",
      "silent",
      "silent",
    ]);

    await allow(`${client}/32`);
    await eventually("the pod is shut out", shutOut);
  });

  it("one: is deleted when it is disabled, and then no client is rejected", async () => {
    const [address = ""] = await podAddresses(namespace, ONE.name);
    await namespace.patchSpec(ONE.name, { networkPolicy: { mode: "Disabled", allowedClients: [] } });
    await eventually("there is none", async () =>
      assert.deepEqual(
        await namespace.list("networkpolicies", "-l", `app.kubernetes.io/instance=${ONE.name}`),
        [],
      ),
    );
    const isOpen = async (): Promise<void> =>
      assert.deepEqual(await stranger.look(address, [POD_CONTROL_PORT]), ["open"]);
    await eventually("the pod is let in", isOpen);
  });
});

interface Range {
  first: number;
  last: number;
}

function look(
  namespace: TestNamespace,
  host: "client" | "other",
  address: string,
  ports: readonly number[],
): Promise<string[]> {
  return Promise.all(ports.map((port) => probe(namespace, host, address, port)));
}

function edgesAndMiddle({ first, last }: Range): number[] {
  return [first, Math.floor((first + last) / 2), last];
}

/** Returns the passive ports of each ready pod. */
function servedSlices({ status }: FtpServerObject): Range[] {
  const serving = (status?.slots ?? []).filter(({ state }) => state === "Serving");
  return serving.flatMap(({ passivePorts }) => passivePorts ?? []);
}

/** Returns the addresses of the ready pods in slot order. */
async function podAddresses(namespace: TestNamespace, name: string): Promise<string[]> {
  type Pod = KubeObject & { status: { podIP: string } };
  const pods = (await namespace.pods(name)).toSorted();
  const found = await Promise.all(pods.map((pod) => namespace.get<Pod>("pod", pod)));
  return found.map(({ status }) => status.podIP);
}
