import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { load } from "js-yaml";
import { FakeCluster } from "../../support/cli/fake-cluster.ts";
import { FakeKubectl } from "../../support/cli/fake-kubectl.ts";

describe("kubectl ftpsrv users", () => {
  it("counts sessions when all pods respond, and prints a question mark otherwise", async () => {
    const cluster = new FakeCluster();
    cluster.users = ["alice", "bob"];
    cluster.pods = [
      { name: "demo-a-0", sessions: ["alice"] },
      { name: "demo-b-0", sessions: ["alice"] },
      { name: "demo-c-0", phase: "Pending" },
    ];
    await using kubectl = await FakeKubectl.start((args) => cluster.answer(args));
    const known = await kubectl.ftpsrv("users", "demo");
    assert.match(known.stdout, /^alice .* 2$/m);
    assert.match(known.stdout, /^bob .* 0$/m);
    cluster.pods[1]!.sessions = { error: "cannot create resource pods/exec" };
    const unknown = await kubectl.ftpsrv("users", "demo");
    assert.equal(unknown.code, 0);
    assert.match(unknown.stdout, /^alice .* \?$/m);
    assert.match(unknown.stdout, /^bob .* \?$/m);
    assert.match(unknown.stderr, /^error: pod demo-b-0 did not respond: cannot create resource pods\/exec$/m);
  });

  it("lists only FtpUsers in the namespace of the FtpServer, with a warning, when it cannot list other namespaces", async () => {
    const cluster = new FakeCluster();
    cluster.ftpUsers = ["carol"];
    await using kubectl = await FakeKubectl.start((args) => cluster.answer(args));
    const all = await kubectl.ftpsrv("users", "demo");
    assert.match(all.stdout, /^carol +FtpUser team-a\/carol /m);
    assert.equal(all.stderr, "");
    cluster.isClusterWide = false;
    const some = await kubectl.ftpsrv("users", "demo");
    assert.equal(some.code, 0);
    assert.equal(some.stdout, all.stdout);
    assert.match(some.stderr, /^warning: FtpUsers in namespaces other than team-a .*at the cluster scope$/m);
  });

  it("prints JSON and YAML with the state of each account", async () => {
    const cluster = new FakeCluster();
    cluster.users = ["alice"];
    cluster.ftpUsers = ["carol"];
    await using kubectl = await FakeKubectl.start((args) => cluster.answer(args));
    const { stdout } = await kubectl.ftpsrv("users", "demo", "--output", "json");
    const accounts: unknown = JSON.parse(stdout);
    const permissions = ["List"];
    assert.deepEqual(accounts, [
      { name: "alice", homeDirectory: "/alice", permissions, state: "Active", sessions: 0 },
      {
        name: "carol",
        ftpUser: { namespace: "team-a", name: "carol" },
        permissions,
        state: "Unknown",
        sessions: 0,
      },
    ]);
    const yaml = await kubectl.ftpsrv("users", "demo", "--output", "yaml");
    assert.deepEqual(load(yaml.stdout), accounts);
  });
});
