import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { FakeCluster, type FakePod } from "../../support/cli/fake-cluster.ts";
import { FakeKubectl } from "../../support/cli/fake-kubectl.ts";

/** Returns the names of the deleted pods in deletion order. */
const deletedIn = ({ calls }: FakeKubectl): string[] =>
  calls.flatMap((call) => /delete pod (\S+)/.exec(call)?.[1] ?? []);

/** @param events functions that change the cluster, keyed by the number of the pod list request that they precede */
async function startWith(
  cluster: FakeCluster,
  events: Record<number, () => void> = {},
): Promise<FakeKubectl> {
  let count = 0;
  return await FakeKubectl.start((args) => {
    if (args[1] === "pods") events[++count]?.();
    return cluster.answer(args);
  });
}

describe("kubectl ftpsrv drain", () => {
  it("replaces pods that are not ready first, and waits for as many as were ready", async () => {
    const cluster = new FakeCluster();
    cluster.pods = [
      { name: "demo-a-0", ready: true },
      { name: "demo-b-0", ready: false },
    ];
    cluster.whenDeleted = (pod) => Object.assign(pod, { uid: "successor", ready: true });
    await using kubectl = await startWith(cluster);
    const { code, stderr } = await kubectl.ftpsrv("drain", "demo");
    assert.equal(code, 0, stderr);
    assert.deepEqual(deletedIn(kubectl), ["demo-b-0", "demo-a-0"]);
    assert.match(stderr, /demo-a-0: 2 of 1 ready\n$/);
  });

  it("keeps the only ready pod until another one is ready", async () => {
    const cluster = new FakeCluster();
    const b: FakePod = { name: "demo-b-0", ready: false };
    cluster.pods = [{ name: "demo-a-0", ready: true }, b];
    cluster.whenDeleted = (pod) => (pod.uid = "successor");
    await using kubectl = await startWith(cluster, {
      3: () => {
        assert.deepEqual(deletedIn(kubectl), []);
        b.ready = true;
      },
    });
    const { code, stderr } = await kubectl.ftpsrv("drain", "demo", "--pod", "demo-a-0");
    assert.equal(code, 0, stderr);
    assert.match(stderr, /^demo-a-0: no other pod is ready; waiting for demo-b-0\n/);
    assert.deepEqual(deletedIn(kubectl), ["demo-a-0"]);
  });

  it("replaces the only pod of an FtpServer", async () => {
    const cluster = new FakeCluster();
    cluster.replicas = 1;
    cluster.pods = [{ name: "demo-a-0", ready: true }];
    cluster.whenDeleted = (pod) => (pod.uid = "successor");
    await using kubectl = await startWith(cluster);
    const { code, stderr } = await kubectl.ftpsrv("drain", "demo");
    assert.deepEqual([code, stderr], [0, "demo-a-0: 1 of 1 ready\n"]);
  });

  it("waits for no more pods than the current number of replicas", async () => {
    const cluster = new FakeCluster();
    cluster.pods = [
      { name: "demo-a-0", ready: true },
      { name: "demo-b-0", ready: true },
    ];
    cluster.whenDeleted = ({ name }) => (cluster.pods = cluster.pods.filter((pod) => pod.name !== name));
    await using kubectl = await startWith(cluster, { 4: () => (cluster.replicas = 1) });
    const { code, stderr } = await kubectl.ftpsrv("drain", "demo", "--pod", "demo-a-0");
    assert.equal(code, 0, stderr);
    assert.match(stderr, /demo-a-0: 1 of 2 ready\ndemo-a-0: 1 of 1 ready\n$/);
  });

  it("waits for one pod of an FtpServer with one replica when two were ready in a rollout", async () => {
    const cluster = new FakeCluster();
    cluster.replicas = 1;
    cluster.pods = [{ name: "demo-a-0" }, { name: "demo-b-0" }];
    cluster.whenDeleted = ({ name }) => (cluster.pods = cluster.pods.filter((pod) => pod.name !== name));
    await using kubectl = await startWith(cluster);
    const { code, stderr } = await kubectl.ftpsrv("drain", "demo", "--pod", "demo-a-0");
    assert.deepEqual([code, stderr], [0, "demo-a-0: 1 of 1 ready\n"]);
  });

  it("does not delete a pod that another drain has replaced under the same name", async () => {
    const cluster = new FakeCluster();
    const b: FakePod = { name: "demo-b-0", ready: true };
    cluster.pods = [{ name: "demo-a-0", ready: true }, b];
    cluster.whenDeleted = (pod) => {
      pod.uid = "successor";
      b.uid = "new";
    };
    await using kubectl = await startWith(cluster);
    assert.equal((await kubectl.ftpsrv("drain", "demo")).code, 0);
    assert.deepEqual(deletedIn(kubectl), ["demo-a-0"]);
  });

  it("prints JSON with the replaced pods, and progress on standard error only", async () => {
    const cluster = new FakeCluster();
    cluster.replicas = 1;
    cluster.pods = [{ name: "demo-a-0", ready: true }];
    cluster.whenDeleted = (pod) => (pod.uid = "successor");
    await using kubectl = await startWith(cluster);
    const { stdout, stderr } = await kubectl.ftpsrv("drain", "demo", "--output", "json");
    assert.deepEqual(JSON.parse(stdout), { replaced: ["demo-a-0"] });
    assert.equal(stderr, "demo-a-0: 1 of 1 ready\n");
  });
});
