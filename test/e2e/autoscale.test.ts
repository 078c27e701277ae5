/**
 * Runs the steps in docs/how-to/autoscale.md with engines, Prometheus, prometheus-adapter and a
 * HorizontalPodAutoscaler.
 */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import type { Condition, KubeObject } from "../../src/api/kubernetes.ts";
import { readAuditLog } from "../cluster/audit.ts";
import { openCluster } from "../cluster/full.ts";
import type { ControlSession } from "../support/clients/control-session.ts";
import { Crowd } from "./crowd.ts";
import { PREFIX } from "./installation.ts";
import { PROMETHEUS, removeCustomMetrics, startMetricsPipeline } from "./metrics-pipeline.ts";
import { answering } from "./outside.ts";
import { firstServer, markedBlocks, Typist } from "./pages.ts";
import { eventually, type Login, timed, TestNamespace } from "./test-namespace.ts";

const PAGE = "docs/how-to/autoscale.md";
const skip = !existsSync(PROMETHEUS) && "Prometheus is not installed";
const PIPE = join(import.meta.dirname, "../support/clients/tcp-pipe.ts");
/** Number of sessions per replica in the example in docs/how-to/autoscale.md. */
const SESSIONS_A_SERVER = 20;
const AUTOSCALER = "system:serviceaccount:kube-system:horizontal-pod-autoscaler";

type Autoscaler = KubeObject & { status?: { conditions?: Condition[] } };

describe("a HorizontalPodAutoscaler that uses the session metric", { skip }, () => {
  let namespace: TestNamespace;
  let directory: string;
  let pipeline: AsyncDisposable;
  let login: Login;
  let crowd: Crowd;
  let first: ControlSession;

  before(async () => {
    await removeCustomMetrics(openCluster(PREFIX));
    namespace = await TestNamespace.create("e2e-autoscale");
    directory = await mkdtemp(join(tmpdir(), "ftp-operator-autoscale-"));
    const [rules = ""] = markedBlocks(PAGE, "adapter", "yaml");
    pipeline = await startMetricsPipeline(namespace, directory, rules);
    await using typist = await Typist.create();
    await typist.type(namespace, [...firstServer(), ...markedBlocks(PAGE)]);
    // In this test, Prometheus runs on a node. The default stabilization window of 5 minutes would delay the test.
    await namespace.patchSpec("demo", {
      networkPolicy: { metricsFrom: [{ cidr: `${namespace.cluster.hosts.n1}/32` }] },
    });
    const patch = JSON.stringify({ spec: { behavior: { scaleDown: { stabilizationWindowSeconds: 5 } } } });
    await namespace.kubectl(["patch", "horizontalpodautoscaler", "demo", "--type=merge", "-p", patch]);
    await eventually("the pod of before has ended", async () => {
      const { status } = await namespace.server("demo");
      assert.deepEqual(status?.slots?.map(({ state }) => state).toSorted(), [
        "Free",
        "Free",
        "Free",
        "Serving",
      ]);
    });
    login = await answering(namespace, await namespace.login("demo", "alice", "wonderland"));
    first = await namespace.session(login);
    crowd = new Crowd(namespace, login);
    await timed("the autoscaler reads the metric", () => eventually("it is active", autoscalerActive));
  });

  after(async () => {
    first?.[Symbol.dispose]();
    crowd?.[Symbol.dispose]();
    await pipeline?.[Symbol.asyncDispose]();
    // If the FtpServer is not deleted first, the namespace remains until the drain period of its pods ends.
    await namespace?.kubectl(["delete", "ftpserver", "demo", "--ignore-not-found"]);
    await namespace?.kubectl(["wait", "--for=delete", "pods", "--all", "--timeout=180s"]);
    await namespace?.remove();
    if (directory !== undefined) await rm(directory, { recursive: true });
  });

  async function autoscalerActive(): Promise<void> {
    const { status } = await namespace.get<Autoscaler>("horizontalpodautoscaler", "demo");
    const active = status?.conditions?.find(({ type }) => type === "ScalingActive");
    assert.equal(active?.status, "True", JSON.stringify(status?.conditions));
  }

  /** Waits until `spec.replicas` is `replicas` and the status shows the same number of ready replicas. */
  const become = (replicas: number): Promise<void> =>
    timed(`${replicas} servers`, () =>
      eventually(`${replicas} servers`, async () => {
        const { spec, status } = await namespace.server("demo");
        const seen = [spec.replicas, status?.replicas, status?.readyReplicas];
        assert.deepEqual(seen, [replicas, replicas, replicas]);
        crowd.assertWhole();
      }),
    );

  const uids = async (): Promise<Map<string, string | undefined>> => {
    const pods = await Promise.all((await namespace.pods("demo")).map((name) => namespace.get("pod", name)));
    return new Map(pods.map(({ metadata }) => [metadata.name, metadata.uid]));
  };

  it("adds replicas when sessions open, and replaces none", async () => {
    assert.equal((await namespace.server("demo")).spec.replicas, 1);
    const before = await uids();
    await crowd.become(SESSIONS_A_SERVER + 5);
    await become(2);
    await crowd.become(2 * SESSIONS_A_SERVER + 10);
    await become(3);
    const now = await uids();
    assert.equal(now.size, 3);
    for (const [name, uid] of before) assert.equal(now.get(name), uid, `${name} is the same pod`);
    assert.equal((await first.command("NOOP")).code, 200);
  });

  it("stays within maxReplicas", async () => {
    await assert.rejects(
      namespace.kubectl(["scale", "ftpserver", "demo", "--replicas=4"]),
      /increase spec\.maxReplicas/,
    );
  });

  it("removes replicas when sessions close, and keeps open sessions", async () => {
    const { status } = await namespace.server("demo");
    const last = status?.slots?.findLast(({ state }) => state === "Serving");
    assert.ok(last);
    using late = await sessionOf(last.passivePorts ?? { first: 0, last: 0 });
    await crowd.become(0);
    await become(1);
    const pod = await namespace.get("pod", `demo-${last.name}-0`);
    assert.ok(pod.metadata.deletionTimestamp, `${pod.metadata.name} drains`);
    // The Service distributes sessions to pods at random.
    for (const session of [first, late]) await list(session);
    for (const session of [first, late]) await session.command("QUIT", 221);
    await timed("the drained pod ends with its last session", () =>
      eventually("it is gone", async () => {
        const names = (await namespace.list("pods")).map(({ metadata }) => metadata.name);
        assert.ok(!names.includes(pod.metadata.name));
      }),
    );
  });

  it("changes replicas through the scale subresource", () => {
    const writes = readAuditLog(namespace.cluster.auditLog).filter(
      ({ user, verb, objectRef }) =>
        user.username === AUTOSCALER && verb === "update" && objectRef?.namespace === namespace.name,
    );
    const scaled = writes.filter(({ objectRef }) => objectRef?.resource === "ftpservers");
    assert.ok(scaled.length >= 3, `up twice and down: ${scaled.length}`);
    for (const { objectRef } of scaled) assert.equal(objectRef?.subresource, "scale");
  });

  /** Returns a session on the pod that owns the given passive ports. The Service selects a pod for each login. */
  async function sessionOf({ first, last }: { first: number; last: number }): Promise<ControlSession> {
    return await eventually(`a session on the pod of ${first}-${last}`, async () => {
      const session = await namespace.session(login);
      const { port } = await session.passive();
      if (port >= first && port <= last) return session;
      session[Symbol.dispose]();
      throw new Error(`it is on the pod of ${port}`);
    });
  }

  /** Lists a directory in the session. An outside host opens the data connection. */
  async function list(session: ControlSession): Promise<void> {
    const { address, port } = await session.passive();
    const listing = namespace.outside("client", [process.execPath, PIPE, address, String(port)]);
    await session.command("LIST", 150);
    await session.reply(226);
    assert.equal((await listing).code, 0);
  }
});
