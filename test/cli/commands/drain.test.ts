import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { FakeCluster, type FakePod } from "../../support/cli/fake-cluster.ts";
import { FakeKubectl } from "../../support/cli/fake-kubectl.ts";

/** Names of the pods that were deleted, in that order. */
const deletedIn = ({ calls }: FakeKubectl): string[] =>
  calls.flatMap((call) => /delete pod (\S+)/.exec(call)?.[1] ?? []);

/** With what happens in the cluster right before the pods are listed for the first, second … time. */
async function startWith(cluster: FakeCluster, looks: Record<number, () => void> = {}): Promise<FakeKubectl> {
  let count = 0;
  return await FakeKubectl.start((args) => {
    if (args[1] === "pods") looks[++count]?.();
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

  it("keeps the only pod that is ready until another is, and says so", async () => {
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
    assert.match(stderr, /^demo-a-0: the only one that is ready; waits for demo-b-0\n/);
    assert.deepEqual(deletedIn(kubectl), ["demo-a-0"]);
  });

  it("replaces the only pod there is", async () => {
    const cluster = new FakeCluster();
    cluster.replicas = 1;
    cluster.pods = [{ name: "demo-a-0", ready: true }];
    cluster.whenDeleted = (pod) => (pod.uid = "successor");
    await using kubectl = await startWith(cluster);
    const { code, stderr } = await kubectl.ftpsrv("drain", "demo");
    assert.deepEqual([code, stderr], [0, "demo-a-0: 1 of 1 ready\n"]);
  });

  it("waits for no more pods than the server shall have by now", async () => {
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

  it("waits for one pod of a server of one replica, though two were ready in a rollout", async () => {
    const cluster = new FakeCluster();
    cluster.replicas = 1;
    cluster.pods = [{ name: "demo-a-0" }, { name: "demo-b-0" }];
    cluster.whenDeleted = ({ name }) => (cluster.pods = cluster.pods.filter((pod) => pod.name !== name));
    await using kubectl = await startWith(cluster);
    const { code, stderr } = await kubectl.ftpsrv("drain", "demo", "--pod", "demo-a-0");
    assert.deepEqual([code, stderr], [0, "demo-a-0: 1 of 1 ready\n"]);
  });

  it("leaves alone a pod that has been replaced meanwhile under the same name", async () => {
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
});
