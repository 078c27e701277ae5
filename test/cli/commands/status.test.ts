import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { FakeCluster } from "../../support/cli/fake-cluster.ts";
import { FakeKubectl } from "../../support/cli/fake-kubectl.ts";

describe("kubectl ftpsrv status", () => {
  it("prints JSON with the pod and the sessions of each slot, and exits with code 1 when the FtpServer is not Ready", async () => {
    const cluster = new FakeCluster();
    cluster.pods = [
      { name: "demo-a-0", sessions: ["alice", "bob"] },
      { name: "demo-b-0", sessions: { error: "no exec" } },
    ];
    await using kubectl = await FakeKubectl.start((args) => cluster.answer(args));
    const { code, stdout, stderr } = await kubectl.ftpsrv("status", "demo", "--output", "json");
    assert.equal(code, 1);
    assert.equal(stderr, "error: pod demo-b-0 did not respond: no exec\n");
    const { name, ready, replicas, slots } = JSON.parse(stdout);
    assert.deepEqual({ name, ready, replicas }, { name: "demo", ready: false, replicas: 2 });
    const [a, b] = slots;
    assert.deepEqual([a.name, a.state, a.pod.name, a.pod.sessions], ["a", "Serving", "demo-a-0", 2]);
    assert.deepEqual([b.pod.ready, b.pod.terminating, "sessions" in b.pod], [true, false, false]);
  });

  it("prints a question mark for the sessions of a pod that does not respond", async () => {
    const cluster = new FakeCluster();
    cluster.pods = [{ name: "demo-a-0", sessions: { error: "no exec" } }];
    await using kubectl = await FakeKubectl.start((args) => cluster.answer(args));
    const { stdout } = await kubectl.ftpsrv("status", "demo");
    assert.match(stdout, /^FtpServer +team-a\/demo, not Ready$/m);
    assert.match(stdout, /^a +- +Serving +demo-a-0 +yes .* \?$/m);
  });
});
