import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { FakeCluster } from "../../support/cli/fake-cluster.ts";
import { type Answer, FakeKubectl } from "../../support/cli/fake-kubectl.ts";

const COMMANDS: readonly string[][] = [
  ["status", "demo"],
  ["check", "demo"],
  ["sessions", "demo"],
  ["users", "demo"],
  ["logs", "demo"],
  ["kick", "demo", "--user", "alice"],
  ["drain", "demo"],
];

describe("every command of kubectl ftpsrv", () => {
  it("reports an FtpServer that does not exist with code 2 and changes nothing", async () => {
    const cluster = new FakeCluster();
    await using kubectl = await FakeKubectl.start((args) => cluster.answer(args));
    for (const [command = "", , ...options] of COMMANDS) {
      const { code, stdout, stderr } = await kubectl.ftpsrv(command, "demmo", ...options);
      assert.deepEqual([code, stdout], [2, ""], command);
      assert.match(stderr, /^error: FtpServer not found: demmo\nhint: .*--all-namespaces.*\n$/, command);
    }
    assert.ok(kubectl.calls.every((call) => /config|get ftpservers/.test(call)));
  });

  it("keeps the context and namespace that were current at its start", async () => {
    const cluster = new FakeCluster();
    let context = "staging";
    const answer = (args: string[], options: string[]): Answer => {
      if (args[0] === "config") return { stdout: context };
      // The current kubeconfig context changes after the first call.
      context = "prod";
      assert.ok(options.includes("--context=staging"), [...options, ...args].join(" "));
      return cluster.answer(args);
    };
    for (const words of COMMANDS) {
      context = "staging";
      cluster.pods = [{ name: "demo-a-0", ready: true }];
      cluster.whenDeleted = (pod) => (pod.uid = "successor");
      await using kubectl = await FakeKubectl.start(answer);
      await kubectl.ftpsrv(...words);
      const after = kubectl.calls.filter((call) => !/config|get ftpservers/.test(call));
      assert.ok(words[0] === "check" || after.length > 0);
      for (const call of after) assert.match(call, /^--namespace=team-a --context=staging /);
    }
  });

  it("uses the context, namespace and kubeconfig of its options", async () => {
    const cluster = new FakeCluster();
    await using kubectl = await FakeKubectl.start((args) => cluster.answer(args));
    const options = ["--context", "c", "-n", "team-a", "--kubeconfig", "f"];
    await kubectl.ftpsrv("sessions", "demo", ...options);
    assert.equal(kubectl.calls.length, 2);
    for (const call of kubectl.calls)
      assert.match(call, /^--namespace=team-a --context=c --kubeconfig=f get /);
  });

  it("works without a kubeconfig, for example in a pod", async () => {
    const cluster = new FakeCluster();
    await using kubectl = await FakeKubectl.start((args) => cluster.answer(args));
    assert.equal((await kubectl.ftpsrv("sessions", "demo")).code, 0);
    assert.match(kubectl.calls[1] ?? "", /^get ftpservers/);
    assert.match(kubectl.calls[2] ?? "", /^--namespace=team-a get pods/);
  });
});
