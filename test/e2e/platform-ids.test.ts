/** Tests the operator and FtpServers in a namespace whose admission policies assign user and group IDs. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { claim, inEngine, MIB, type Pod, podOf, siteAt, upload } from "./engine-pods.ts";
import { installChart, OPERATOR_NAMESPACE, RELEASE } from "./installation.ts";
import { constrainIds, FIRST_ID } from "./scc.ts";
import { conditionOf, eventually, TestNamespace } from "./test-namespace.ts";

describe("pods in a namespace that assigns IDs", () => {
  let namespace: TestNamespace;
  let release: () => Promise<void>;
  before(async () => {
    namespace = await TestNamespace.create("e2e-platform");
    release = await constrainIds(namespace.cluster, namespace.name);
  });
  after(async () => {
    await release?.();
    await namespace?.remove();
  });

  it("are rejected with fixed IDs, and a condition of the FtpServer contains the reason", async () => {
    await namespace.applyServer("fixed", { alice: "one" });
    await eventually("the condition shows the rejection", async () => {
      const server = await namespace.server("fixed");
      const message = conditionOf(server, "Available")?.message ?? "";
      assert.match(message, /StatefulSet `fixed-a` .*`spec\.pod\.securityContext\.ids` to `Platform`/s);
    });
    await namespace.kubectl(["delete", "ftpserver", "fixed"]);
  });

  it("run with ids Platform: uploads, the admin socket and the reachability check work", async () => {
    await namespace.applyServer(
      "assigned",
      { alice: "one" },
      { pod: { securityContext: { ids: "Platform" } }, ...claim() },
    );
    await namespace.waitReady("assigned");
    const { spec } = await podOf(namespace, "assigned");
    assert.equal(spec.securityContext["runAsUser"], FIRST_ID);
    assert.equal(spec.securityContext["fsGroup"], FIRST_ID);
    assert.equal(spec.securityContext["runAsGroup"], undefined);
    const site = await siteAt(namespace, "assigned");
    assert.equal(await upload(site, "file", MIB), "");
    const script = `
      const { statSync, readFileSync } = require("fs");
      const { uid, gid, mode } = statSync("/srv/ftp/alice/file");
      const group = readFileSync("/proc/1/status", "utf8").match(/^Gid:\\s*(\\d+)/m)[1];
      console.log(JSON.stringify({ uid, gid, mode: (mode & 0o777).toString(8), group }))`;
    const seen = JSON.parse(await inEngine(namespace, "assigned", script));
    assert.deepEqual(seen, { uid: FIRST_ID, gid: FIRST_ID, mode: "640", group: "0" });
    using session = await namespace.session(site.login);
    await session.command("NOOP", 200);
    const [pod = ""] = await namespace.pods("assigned");
    const sessions = ["exec", pod, "--", "node", "/app/dist/main.js", "sessions"];
    assert.match(await namespace.kubectl(sessions), /alice/);
    await eventually("the reachability check", async () =>
      assert.equal(conditionOf(await namespace.server("assigned"), "PassiveReachable")?.status, "True"),
    );
    await namespace.kubectl(["delete", "ftpserver", "assigned"]);
  });

  it("run the operator with operator.ids Platform", async () => {
    const { image } = JSON.parse(
      await namespace.cluster.helm([
        "get",
        "values",
        RELEASE,
        "--namespace",
        OPERATOR_NAMESPACE,
        "-o",
        "json",
      ]),
    );
    const set = [`image.repository=${image.repository}`, "operator.ids=Platform", "crds.enabled=false"];
    const values = [...set, "rbac.aggregateToUserRoles=false", `watch.namespaces={${namespace.name}}`];
    await installChart(namespace.cluster, {
      release: "platform",
      namespace: namespace.name,
      values: [...values.flatMap((value) => ["--set", value]), "--set-string", `image.tag=${image.tag}`],
    });
    const [operator] = await namespace.list<Pod>("pods", "-l", "app.kubernetes.io/component=operator");
    assert.equal(operator?.spec.securityContext["runAsUser"], FIRST_ID);
    await namespace.cluster.helm(["uninstall", "platform", "--namespace", namespace.name]);
  });
});
