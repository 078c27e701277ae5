/** Settings of the engine pods reach the containers: IDs, environment, name resolution, size limit, claim and subPath. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { KubeObject } from "../../src/api/kubernetes.ts";
import { curl, type Site, url } from "../support/clients/clients.ts";
import { installChart, OPERATOR_NAMESPACE, RELEASE } from "./installation.ts";
import { answering, siteOf } from "./outside.ts";
import { constrainIds, FIRST_ID } from "./scc.ts";
import { conditionOf, eventually, World } from "./world.ts";

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

async function podOf(world: World, name: string): Promise<Pod> {
  const [pod = ""] = await world.pods(name);
  return await world.get<Pod>("pod", pod);
}

/** Runs JavaScript in the container of the engine, which has no shell. */
async function inEngine(world: World, name: string, script: string): Promise<string> {
  const [pod = ""] = await world.pods(name);
  return await world.kubectl(["exec", pod, "--", "node", "--eval", script]);
}

async function siteAt(world: World, name: string, user = "alice"): Promise<Site> {
  return siteOf(world, await answering(world, await world.login(name, user, "one")));
}

/** Uploads zeros from outside. @returns the last line that curl prints */
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
  let world: World;
  before(async () => {
    world = await World.create("e2e-pod");
    await world.cluster.kubectl(
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
    await world?.remove();
    await world?.cluster.kubectl(["delete", "runtimeclass", "e2e-runc", "--ignore-not-found"]);
  });

  it("reaches the container of the engine", async () => {
    await world.applyServer(
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
    await world.waitReady("set");
    const { spec } = await podOf(world, "set");
    assert.deepEqual([spec.runtimeClassName, spec.schedulerName], ["e2e-runc", "default-scheduler"]);
    const script = `
      const { readFileSync: read } = require("fs");
      const field = (name) => read("/proc/1/status", "utf8").match(new RegExp("^" + name + ":\\\\s*(.*)$", "m"))[1].trim();
      console.log(JSON.stringify({
        uid: field("Uid"), gid: field("Gid"), groups: field("Groups"), capabilities: field("CapEff"),
        proxy: read("/proc/1/environ", "utf8").split("\\0").find((line) => line.startsWith("HTTPS_PROXY=")),
        dns: read("/etc/resolv.conf", "utf8"), hosts: read("/etc/hosts", "utf8"),
      }))`;
    const seen = JSON.parse(await inEngine(world, "set", script));
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
    const site = await siteAt(world, "set");
    assert.equal(await upload(site, "fits", 40 * MIB), "");
    assert.match(await upload(site, "large", 40 * MIB), /452|Failed writing|55/);
    assert.match(await curl(site, "passive", url(site)), /fits/);
    assert.doesNotMatch(await curl(site, "passive", url(site)), /large/);
    assert.equal(await upload(site, "small", 15 * MIB), "");
  });

  it("gives the engine resources by default, and rejects requests above the limits", async () => {
    await world.applyServer("plain", { alice: "one" });
    await world.waitReady("plain");
    const { spec } = await podOf(world, "plain");
    assert.deepEqual(spec.containers[0]?.resources, {
      requests: { cpu: "100m", memory: "192Mi" },
      limits: { memory: "512Mi" },
    });
    const pod = { resources: { requests: { memory: "1Gi" }, limits: { memory: "512Mi" } } };
    await assert.rejects(world.patchSpec("plain", { pod }), /requests.memory.*exceeds|must not exceed/);
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
      await assert.rejects(world.patchSpec("plain", { pod: { securityContext } }), message);
    });
  }

  it("keeps existing files accessible after a change of the IDs with fsGroupChangePolicy Always", async () => {
    await world.applyServer("ids", { alice: "one" }, claim());
    await world.waitReady("ids");
    assert.equal(await upload(await siteAt(world, "ids"), "before", MIB), "");
    const securityContext = { runAsUser: 1000, runAsGroup: 1000, fsGroupChangePolicy: "Always" };
    await world.patchSpec("ids", { pod: { securityContext } });
    await eventually("the pod runs as 1000", async () =>
      assert.equal((await podOf(world, "ids")).spec.securityContext["runAsUser"], 1000),
    );
    await world.waitReady("ids");
    const site = await siteAt(world, "ids");
    assert.equal(await upload(site, "after", MIB), "");
    assert.equal((await curl(site, "passive", url(site, "before"))).length, MIB);
  });
});

describe("storage.persistentVolumeClaim", () => {
  let world: World;
  before(async () => {
    world = await World.create("e2e-claim");
  });
  after(() => world?.remove());

  it("creates the claim with its metadata and dataSourceRef", async () => {
    const dataSourceRef = { apiGroup: "snapshot.storage.k8s.io", kind: "VolumeSnapshot", name: "nightly" };
    const metadata = { labels: { backup: "nightly" }, annotations: { "example.com/owner": "files" } };
    await world.applyServer("restored", { alice: "one" }, claim({ dataSourceRef, metadata }));
    const created = await eventually("the claim", () =>
      world.get<KubeObject & { spec: { dataSourceRef?: object } }>("pvc", "restored-data"),
    );
    assert.deepEqual(created.spec.dataSourceRef, dataSourceRef);
    assert.equal(created.metadata.labels?.["backup"], "nightly");
    assert.equal(created.metadata.annotations?.["example.com/owner"], "files");
  });

  it("keeps the home directories of two FtpServers apart by subPath on one claim", async () => {
    await world.apply({
      apiVersion: "v1",
      kind: "PersistentVolumeClaim",
      metadata: { name: "shared" },
      spec: { accessModes: ["ReadWriteMany"], resources: { requests: { storage: "1Gi" } } },
    });
    const on = (subPath: string | undefined) => ({
      storage: { type: "PersistentVolumeClaim", persistentVolumeClaim: { claimName: "shared", subPath } },
    });
    await world.applyServer("one", { alice: "one" }, on("servers/one"));
    await world.applyServer("two", { alice: "one" }, on("servers/two"));
    await world.waitReady("one");
    await world.waitReady("two");
    const [one, two] = [await siteAt(world, "one"), await siteAt(world, "two")];
    assert.equal(await upload(one, "of-one", 1000), "");
    assert.equal(await upload(two, "of-two", 1000), "");
    assert.match(await curl(one, "passive", "-l", url(one)), /^of-one\r?\n$/);
    assert.match(await curl(two, "passive", "-l", url(two)), /^of-two\r?\n$/);
    // The check of the volume creates a temporary file now and then.
    const list = `console.log(require("fs").readdirSync("/srv/ftp").filter((name) => name[0] !== ".").join())`;
    assert.equal((await inEngine(world, "one", list)).trim(), "alice");

    // The whole volume shows both; an existing FtpServer gets a subPath by a rollout.
    await world.applyServer("all", { alice: "one" }, on(undefined));
    await world.waitReady("all");
    assert.match(await inEngine(world, "all", list), /servers/);
    await world.patchSpec("all", on("servers/one"));
    await eventually("the new pod has the subPath", async () =>
      assert.equal((await inEngine(world, "all", list)).trim(), "alice"),
    );
    await world.waitReady("all");
    const all = await siteAt(world, "all");
    // The terminating pod accepts logins until every node has removed it from the Service.
    await eventually("the files of the subPath", async () =>
      assert.match(await curl(all, "passive", "-l", url(all)), /^of-one\r?\n$/),
    );
  });
});

describe("pods in a namespace that assigns IDs", () => {
  let world: World;
  let release: () => Promise<void>;
  before(async () => {
    world = await World.create("e2e-platform");
    release = await constrainIds(world.cluster, world.namespace);
  });
  after(async () => {
    await release?.();
    await world?.remove();
  });

  it("are rejected with fixed IDs, and the FtpServer says why", async () => {
    await world.applyServer("fixed", { alice: "one" });
    await eventually("the condition shows the rejection", async () => {
      const server = await world.server("fixed");
      const message = conditionOf(server, "Available")?.message ?? "";
      assert.match(message, /fixed-a makes no pod.*spec\.pod\.securityContext\.ids to Platform/s);
    });
    await world.kubectl(["delete", "ftpserver", "fixed"]);
  });

  it("run with ids Platform: uploads, the admin socket and the reachability check work", async () => {
    await world.applyServer(
      "assigned",
      { alice: "one" },
      { pod: { securityContext: { ids: "Platform" } }, ...claim() },
    );
    await world.waitReady("assigned");
    const { spec } = await podOf(world, "assigned");
    assert.equal(spec.securityContext["runAsUser"], FIRST_ID);
    assert.equal(spec.securityContext["fsGroup"], FIRST_ID);
    assert.equal(spec.securityContext["runAsGroup"], undefined);
    const site = await siteAt(world, "assigned");
    assert.equal(await upload(site, "file", MIB), "");
    const script = `
      const { statSync, readFileSync } = require("fs");
      const { uid, gid, mode } = statSync("/srv/ftp/alice/file");
      const group = readFileSync("/proc/1/status", "utf8").match(/^Gid:\\s*(\\d+)/m)[1];
      console.log(JSON.stringify({ uid, gid, mode: (mode & 0o777).toString(8), group }))`;
    const seen = JSON.parse(await inEngine(world, "assigned", script));
    assert.deepEqual(seen, { uid: FIRST_ID, gid: FIRST_ID, mode: "640", group: "0" });
    using session = await world.session(site.login);
    await session.command("NOOP", 200);
    const [pod = ""] = await world.pods("assigned");
    const sessions = ["exec", pod, "--", "node", "/app/dist/main.js", "sessions"];
    assert.match(await world.kubectl(sessions), /alice/);
    await eventually("the reachability check", async () =>
      assert.equal(conditionOf(await world.server("assigned"), "PassiveReachable")?.status, "True"),
    );
    await world.kubectl(["delete", "ftpserver", "assigned"]);
  });

  it("run the operator with operator.ids Platform", async () => {
    const { image } = JSON.parse(
      await world.cluster.helm(["get", "values", RELEASE, "--namespace", OPERATOR_NAMESPACE, "-o", "json"]),
    );
    const set = [`image.repository=${image.repository}`, "operator.ids=Platform", "crds.enabled=false"];
    const values = [...set, "rbac.aggregateToUserRoles=false", `watch.namespaces={${world.namespace}}`];
    await installChart(world.cluster, {
      release: "platform",
      namespace: world.namespace,
      values: [...values.flatMap((value) => ["--set", value]), "--set-string", `image.tag=${image.tag}`],
    });
    const [operator] = await world.list<Pod>("pods", "-l", "app.kubernetes.io/component=operator");
    assert.equal(operator?.spec.securityContext["runAsUser"], FIRST_ID);
    await world.cluster.helm(["uninstall", "platform", "--namespace", world.namespace]);
  });
});
