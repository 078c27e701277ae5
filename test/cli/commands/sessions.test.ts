import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { FakeCluster } from "../../support/cli/fake-cluster.ts";
import { FakeKubectl } from "../../support/cli/fake-kubectl.ts";

const SILENT = { error: "error sending request" };

describe("kubectl ftpsrv sessions", () => {
  it("reports pods that are not running and pods that do not respond", async () => {
    const cluster = new FakeCluster();
    cluster.pods = [
      { name: "demo-a-0", sessions: ["alice"] },
      { name: "demo-b-0", sessions: SILENT },
      { name: "demo-c-0", phase: "Pending", ready: false },
    ];
    await using kubectl = await FakeKubectl.start((args) => cluster.answer(args));
    const { code, stdout, stderr } = await kubectl.ftpsrv("sessions", "demo");
    assert.equal(code, 1);
    assert.match(stdout, /^demo-a-0 +1 +alice /m);
    assert.match(stderr, /^error: pod demo-b-0 did not respond: error sending request$/m);
    assert.match(stderr, /^warning: pod demo-c-0 is not running: Pending$/m);
  });

  it("exits with code 0 when all running pods respond", async () => {
    const cluster = new FakeCluster();
    cluster.pods = [{ name: "demo-a-0", phase: "Pending", ready: false }];
    await using kubectl = await FakeKubectl.start((args) => cluster.answer(args));
    const { code, stderr } = await kubectl.ftpsrv("sessions", "demo");
    assert.deepEqual([code, stderr], [0, "warning: pod demo-a-0 is not running: Pending\n"]);
  });
});

describe("kubectl ftpsrv kick", () => {
  it("ends all sessions of a user with one call for each pod", async () => {
    const cluster = new FakeCluster();
    cluster.pods = [
      { name: "demo-a-0", sessions: ["eve", "alice", "eve"] },
      { name: "demo-b-0", sessions: ["alice"] },
      { name: "demo-c-0", sessions: ["eve"] },
    ];
    await using kubectl = await FakeKubectl.start((args) => cluster.answer(args));
    const { code, stdout, stderr } = await kubectl.ftpsrv("kick", "demo", "--user", "eve");
    assert.deepEqual([code, stdout, stderr], [0, "3 sessions ended\n", ""]);
    assert.equal(kubectl.calls.filter((call) => call.includes(" exec ")).length, 3);
    assert.deepEqual(
      cluster.pods.map(({ sessions }) => sessions),
      [["alice"], ["alice"], []],
    );
  });

  it("exits with code 1 when a pod does not respond, and ends the sessions in the other pods", async () => {
    const cluster = new FakeCluster();
    cluster.pods = [
      { name: "demo-a-0", sessions: SILENT },
      { name: "demo-b-0", sessions: ["eve"] },
    ];
    await using kubectl = await FakeKubectl.start((args) => cluster.answer(args));
    const { code, stdout, stderr } = await kubectl.ftpsrv("kick", "demo", "--user", "eve");
    assert.deepEqual(
      [code, stdout, stderr],
      [1, "1 session ended\n", "error: pod demo-a-0 did not respond: error sending request\n"],
    );
  });

  it("ends one session by its pod and ID, and exits with code 1 when the session does not exist", async () => {
    const cluster = new FakeCluster();
    cluster.pods = [
      { name: "demo-a-0", sessions: ["eve"] },
      { name: "demo-b-0", sessions: ["alice"] },
    ];
    await using kubectl = await FakeKubectl.start((args) => cluster.answer(args));
    const kick = (pod: string): Promise<unknown> =>
      kubectl.ftpsrv("kick", "demo", "--pod", pod, "--id", "1").then(({ code, stdout }) => [code, stdout]);
    assert.deepEqual(await kick("demo-b-0"), [0, "1 session ended\n"]);
    assert.deepEqual(await kick("demo-b-0"), [1, "0 sessions ended\n"]);
    assert.deepEqual(cluster.pods[0]?.sessions, ["eve"]);
    const { code, stderr } = await kubectl.ftpsrv("kick", "demo", "--pod", "x", "--id", "1");
    assert.equal(code, 2);
    assert.match(stderr, /^error: .* no such pod: x\nhint: pods of the FtpServer: demo-a-0, demo-b-0$/m);
  });

  it("prints JSON with the number of ended sessions of each pod", async () => {
    const cluster = new FakeCluster();
    cluster.pods = [{ name: "demo-a-0", sessions: ["eve", "eve"] }, { name: "demo-b-0" }];
    await using kubectl = await FakeKubectl.start((args) => cluster.answer(args));
    const { stdout } = await kubectl.ftpsrv("kick", "demo", "--user", "eve", "--output", "json");
    assert.deepEqual(JSON.parse(stdout), {
      ended: 2,
      pods: [
        { pod: "demo-a-0", ended: 2 },
        { pod: "demo-b-0", ended: 0 },
      ],
    });
  });
});
