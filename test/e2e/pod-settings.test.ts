/**
 * Tests that pod settings reach the engine container: user and group IDs, environment variables, name resolution, size
 * limit, claim and `subPath`.
 */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { KubeObject } from "../../src/api/kubernetes.ts";
import { curl, type Site, url } from "../support/clients/clients.ts";
import { installChart, OPERATOR_NAMESPACE, RELEASE } from "./installation.ts";
import { answering, siteOf } from "./outside.ts";
import { constrainIds, FIRST_ID } from "./scc.ts";
import { conditionOf, eventually, TestNamespace } from "./test-namespace.ts";

const MIB = 1024 * 1024;

type Pod = KubeObject & {
  spec: {
    securityContext: Record<string, unknown>;
    runtimeClassName?: string;
    schedulerName?: string;
    containers: { resources: object; env: { name: string; value: string }[] }[];
  };
  status: { containerStatuses: { restartCount: number }[] };
};

async function podOf(namespace: TestNamespace, name: string): Promise<Pod> {
  const [pod = ""] = await namespace.pods(name);
  return await namespace.get<Pod>("pod", pod);
}

/** Runs JavaScript in the engine container, which has no shell. */
async function inEngine(namespace: TestNamespace, name: string, script: string): Promise<string> {
  const [pod = ""] = await namespace.pods(name);
  return await namespace.kubectl(["exec", pod, "--", "node", "--eval", script]);
}

async function siteAt(namespace: TestNamespace, name: string, user = "alice"): Promise<Site> {
  return siteOf(namespace, await answering(namespace, await namespace.login(name, user, "one")));
}

/** Uploads a file of NUL bytes from an outside host. @returns the last line that curl prints */
async function upload(site: Site, name: string, bytes: number): Promise<string> {
  const { user, password } = site.login;
  const transfer = `curl -sS -u ${user}:${password} -T - ${url(site, name)} 2>&1`;
  return await site.run(["bash", "-c", `head -c ${bytes} /dev/zero | ${transfer} || true`]);
}

const claim = (create: object = {}, more: object = {}) => ({
  storage: {
    type: "PersistentVolumeClaim",
    persistentVolumeClaim: { create: { size: "1Gi", ...create }, ...more },
  },
});

describe("spec.pod", () => {
  let namespace: TestNamespace;
  before(async () => {
    namespace = await TestNamespace.create("e2e-pod");
    await namespace.cluster.kubectl(
      ["apply", "-f", "-"],
      JSON.stringify({
        apiVersion: "node.k8s.io/v1",
        kind: "RuntimeClass",
        metadata: { name: "e2e-runc" },
        handler: "runc",
      }),
    );
  });
  after(async () => {
    await namespace?.remove();
    await namespace?.cluster.kubectl(["delete", "runtimeclass", "e2e-runc", "--ignore-not-found"]);
  });

  it("reaches the container of the engine", async () => {
    await namespace.applyServer(
      "set",
      { alice: "one" },
      {
        pod: {
          securityContext: {
            runAsUser: 1000,
            runAsGroup: 2000,
            fsGroup: 3000,
            fsGroupChangePolicy: "Always",
            supplementalGroups: [4000],
          },
          runtimeClassName: "e2e-runc",
          schedulerName: "default-scheduler",
          dnsPolicy: "None",
          dnsConfig: {
            nameservers: ["192.0.2.53"],
            searches: ["ftp.example"],
            options: [{ name: "ndots", value: "2" }],
          },
          hostAliases: [{ ip: "192.0.2.10", hostnames: ["partner.example"] }],
          env: [{ name: "HTTPS_PROXY", value: "http://proxy.example:3128" }],
        },
        storage: { type: "Ephemeral", ephemeral: { sizeLimit: "64Mi" } },
      },
    );
    await namespace.waitReady("set");
    const { spec } = await podOf(namespace, "set");
    assert.deepEqual([spec.runtimeClassName, spec.schedulerName], ["e2e-runc", "default-scheduler"]);
    const script = `
      const { readFileSync: read } = require("fs");
      const field = (name) => read("/proc/1/status", "utf8").match(new RegExp("^" + name + ":\\\\s*(.*)$", "m"))[1].trim();
      console.log(JSON.stringify({
        uid: field("Uid"), gid: field("Gid"), groups: field("Groups"), capabilities: field("CapEff"),
        proxy: read("/proc/1/environ", "utf8").split("\\0").find((line) => line.startsWith("HTTPS_PROXY=")),
        dns: read("/etc/resolv.conf", "utf8"), hosts: read("/etc/hosts", "utf8"),
      }))`;
    const seen = JSON.parse(await inEngine(namespace, "set", script));
    assert.deepEqual(
      [seen.uid, seen.gid, seen.groups, seen.capabilities, seen.proxy],
      [
        "1000\t1000\t1000\t1000",
        "2000\t2000\t2000\t2000",
        "2000 3000 4000",
        "0000000000000000",
        "HTTPS_PROXY=http://proxy.example:3128",
      ],
    );
    assert.match(seen.dns, /^search ftp\.example\nnameserver 192\.0\.2\.53\noptions ndots:2$/m);
    assert.match(seen.hosts, /^192\.0\.2\.10\s+partner\.example$/m);
  });

  it("rejects uploads with 452 before the files exceed storage.ephemeral.sizeLimit", async () => {
    const site = await siteAt(namespace, "set");
    assert.equal(await upload(site, "fits", 40 * MIB), "");
    assert.match(await upload(site, "large", 40 * MIB), /452|Failed writing|55/);
    assert.match(await curl(site, "passive", url(site)), /fits/);
    assert.doesNotMatch(await curl(site, "passive", url(site)), /large/);
    assert.equal(await upload(site, "small", 15 * MIB), "");
  });

  it("gives the engine resources by default, and rejects requests above the limits", async () => {
    await namespace.applyServer("plain", { alice: "one" });
    await namespace.waitReady("plain");
    const { spec } = await podOf(namespace, "plain");
    assert.deepEqual(spec.containers[0]?.resources, {
      requests: { cpu: "100m", memory: "192Mi" },
      limits: { memory: "512Mi" },
    });
    const pod = { resources: { requests: { memory: "1Gi" }, limits: { memory: "512Mi" } } };
    await assert.rejects(namespace.patchSpec("plain", { pod }), /requests.memory.*exceeds|must not exceed/);
  });

  const REJECTED: readonly [what: string, securityContext: object, message: RegExp][] = [
    ["UID 0", { runAsUser: 0 }, /runAsUser: .*root/],
    ["GID 0", { runAsGroup: 0 }, /runAsGroup: .*root/],
    ["fixed IDs together with Platform", { ids: "Platform", runAsUser: 1000 }, /remove runAsUser/],
    [
      "a container type that restricted forbids",
      { seLinuxOptions: { type: "spc_t" } },
      /seLinuxOptions\.type/,
    ],
  ];
  for (const [what, securityContext, message] of REJECTED) {
    it(`rejects ${what}`, async () => {
      await assert.rejects(namespace.patchSpec("plain", { pod: { securityContext } }), message);
    });
  }

  it("keeps existing files accessible after a change to the IDs with fsGroupChangePolicy Always", async () => {
    await namespace.applyServer("ids", { alice: "one" }, claim());
    await namespace.waitReady("ids");
    assert.equal(await upload(await siteAt(namespace, "ids"), "before", MIB), "");
    const securityContext = { runAsUser: 1000, runAsGroup: 1000, fsGroupChangePolicy: "Always" };
    await namespace.patchSpec("ids", { pod: { securityContext } });
    await eventually("the pod runs as 1000", async () =>
      assert.equal((await podOf(namespace, "ids")).spec.securityContext["runAsUser"], 1000),
    );
    await namespace.waitReady("ids");
    const site = await siteAt(namespace, "ids");
    assert.equal(await upload(site, "after", MIB), "");
    assert.equal((await curl(site, "passive", url(site, "before"))).length, MIB);
  });
});

describe("storage.persistentVolumeClaim", () => {
  let namespace: TestNamespace;
  before(async () => {
    namespace = await TestNamespace.create("e2e-claim");
  });
  after(() => namespace?.remove());

  it("creates the claim with its metadata and dataSourceRef", async () => {
    const dataSourceRef = { apiGroup: "snapshot.storage.k8s.io", kind: "VolumeSnapshot", name: "nightly" };
    const metadata = { labels: { backup: "nightly" }, annotations: { "example.com/owner": "files" } };
    await namespace.applyServer("restored", { alice: "one" }, claim({ dataSourceRef, metadata }));
    const created = await eventually("the claim", () =>
      namespace.get<KubeObject & { spec: { dataSourceRef?: object } }>("pvc", "restored-data"),
    );
    assert.deepEqual(created.spec.dataSourceRef, dataSourceRef);
    assert.equal(created.metadata.labels?.["backup"], "nightly");
    assert.equal(created.metadata.annotations?.["example.com/owner"], "files");
  });

  it("keeps the home directories of two FtpServers apart by subPath on one claim", async () => {
    await namespace.apply({
      apiVersion: "v1",
      kind: "PersistentVolumeClaim",
      metadata: { name: "shared" },
      spec: { accessModes: ["ReadWriteMany"], resources: { requests: { storage: "1Gi" } } },
    });
    const on = (subPath: string | undefined) => ({
      storage: { type: "PersistentVolumeClaim", persistentVolumeClaim: { claimName: "shared", subPath } },
    });
    await namespace.applyServer("one", { alice: "one" }, on("servers/one"));
    await namespace.applyServer("two", { alice: "one" }, on("servers/two"));
    await namespace.waitReady("one");
    await namespace.waitReady("two");
    const [one, two] = [await siteAt(namespace, "one"), await siteAt(namespace, "two")];
    assert.equal(await upload(one, "of-one", 1000), "");
    assert.equal(await upload(two, "of-two", 1000), "");
    assert.match(await curl(one, "passive", "-l", url(one)), /^of-one\r?\n$/);
    assert.match(await curl(two, "passive", "-l", url(two)), /^of-two\r?\n$/);
    // The engine creates a temporary file at intervals to check the volume.
    const list = `console.log(require("fs").readdirSync("/srv/ftp").filter((name) => name[0] !== ".").join())`;
    assert.equal((await inEngine(namespace, "one", list)).trim(), "alice");

    // The volume root contains both directories. A rollout applies `subPath` to an existing FtpServer.
    await namespace.applyServer("all", { alice: "one" }, on(undefined));
    await namespace.waitReady("all");
    assert.match(await inEngine(namespace, "all", list), /servers/);
    await namespace.patchSpec("all", on("servers/one"));
    await eventually("the new pod has the subPath", async () =>
      assert.equal((await inEngine(namespace, "all", list)).trim(), "alice"),
    );
    await namespace.waitReady("all");
    const all = await siteAt(namespace, "all");
    // The terminating pod accepts logins until every node has removed it from the Service.
    await eventually("the files of the subPath", async () =>
      assert.match(await curl(all, "passive", "-l", url(all)), /^of-one\r?\n$/),
    );
  });
});

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
