/** Who reaches which port, asked by connecting: the allowed client, another client, and another pod. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { BUSYBOX_IMAGE } from "../cluster/images/scratch.ts";
import { hosts } from "../cluster/layout.ts";
import type { ControlSession } from "../demo/control-session.ts";
import { probe } from "./outside.ts";
import { eventually, type Login, World } from "./world.ts";

const RANGE = { first: 50_000, last: 50_009 };
const MIDDLE = 50_004;
const OPEN_IN_PODS = [RANGE.first, MIDDLE, RANGE.last];
const AFTER_RANGE = RANGE.last + 1;
/** A policy change acts within about one second. */
const POLICY_LIMIT_MILLISECONDS = 10_000;

/** Prints open, refused or silent for port $1 of the address $0, or else what nc complains about. */
const PROBE_SCRIPT = `
said=$(nc -w 2 "$0" "$1" -e true 2>&1) && echo open && exit
case "$said" in *refused*) echo refused ;; *"timed out"*) echo silent ;; *) echo "$said" ;; esac`;

describe("the NetworkPolicy", () => {
  let world: World;
  let login: Login;
  let held: ControlSession;
  /** Pod addresses by slot. */
  let pods: { a: string; b: string };

  /**
   * All ports of the range are open at once only while one pod drains and the next one serves, so this is where it is
   * tried: a session holds the deleted pod in slot a.
   */
  before(async () => {
    world = await World.create("e2e-policy");
    const networkPolicy = { allowedClients: [`${hosts.client}/32`] };
    const rollout = { drainPeriodSeconds: 240 };
    await world.applyServer(
      "demo",
      { alice: "one" },
      { networkPolicy, rollout, passive: { portRange: RANGE } },
    );
    await world.waitReady("demo");
    login = await world.login("demo", "alice", "one");
    held = await world.session(login);
    const container = {
      name: "prober",
      image: BUSYBOX_IMAGE,
      imagePullPolicy: "IfNotPresent",
      securityContext: RESTRICTED,
    };
    const pod = { containers: [container], terminationGracePeriodSeconds: 0 };
    await world.apply({ apiVersion: "v1", kind: "Pod", metadata: { name: "prober" }, spec: pod });
    await world.kubectl(["wait", "pod/prober", "--for=condition=Ready", "--timeout=60s"]);
    await world.kubectl(["delete", "pod", "demo-a-0", "--wait=false"]);
    await eventually("slot b serves while a drains", async () => {
      const { status } = await world.server("demo");
      assert.deepEqual(
        status?.slots?.map(({ state }) => state),
        ["Draining", "Serving"],
      );
    });
    const address = async (name: string) => (await world.get<any>("pod", name)).status.podIP;
    pods = { a: await address("demo-a-0"), b: await address("demo-b-0") };
  });

  after(async () => {
    held?.[Symbol.dispose]();
    await world?.remove();
  });

  const fromOutside = (host: "client" | "other", ports: readonly number[]): Promise<string[]> =>
    Promise.all(ports.map((port) => probe(world, host, login.host, port)));

  const fromPod = (address: string, ports: readonly number[]): Promise<string[]> =>
    Promise.all(
      ports.map(async (port) => {
        const argv = ["sh", "-c", PROBE_SCRIPT, address, String(port)];
        return (await world.kubectl(["exec", "prober", "--", ...argv])).trim();
      }),
    );

  const every = (answer: string, ports: readonly number[]): string[] => ports.map(() => answer);

  it("lets the allowed client in, on every port of the range and on none after it", async () => {
    const ports = [21, ...OPEN_IN_PODS];
    await eventually(
      "open",
      async () => assert.deepEqual(await fromOutside("client", ports), every("open", ports)),
      POLICY_LIMIT_MILLISECONDS,
    );
    assert.notEqual(await probe(world, "client", login.host, AFTER_RANGE), "open");
  });

  it("drops another client's packets", async () => {
    const ports = [21, ...OPEN_IN_PODS];
    assert.deepEqual(await fromOutside("other", ports), every("silent", ports));
    assert.notEqual(await probe(world, "other", login.host, AFTER_RANGE), "open");
  });

  it("drops packets of another pod, metrics included", async () => {
    const ports = [2121, RANGE.first, MIDDLE, AFTER_RANGE, 8080];
    assert.deepEqual(await fromPod(pods.a, ports), every("silent", ports));
    assert.deepEqual(await fromPod(pods.b, [2121, RANGE.last]), ["silent", "silent"]);
    assert.deepEqual(await fromPod(login.host, [21, RANGE.first]), ["silent", "silent"]);
  });

  it("is what stops them: without a list of clients they come in, and still to the range only", async () => {
    await world.patchSpec("demo", { networkPolicy: { allowedClients: null } });
    const ports = [21, ...OPEN_IN_PODS];
    await eventually(
      "the other client is let in",
      async () => assert.deepEqual(await fromOutside("other", ports), every("open", ports)),
      POLICY_LIMIT_MILLISECONDS,
    );
    assert.deepEqual(await fromPod(pods.a, [2121, RANGE.first, MIDDLE, AFTER_RANGE, 8080]), [
      "open",
      "open",
      "open",
      "silent",
      "silent",
    ]);
    assert.deepEqual(await fromPod(pods.b, [RANGE.last]), ["open"]);
  });

  it("has not cut the session of the draining pod", async () => {
    assert.equal((await held.command("NOOP")).code, 200);
    await held.passive();
  });
});

/** What the namespace's Pod Security level asks of a container. */
const RESTRICTED = {
  runAsNonRoot: true,
  runAsUser: 65534,
  allowPrivilegeEscalation: false,
  capabilities: { drop: ["ALL"] },
  seccompProfile: { type: "RuntimeDefault" },
};
