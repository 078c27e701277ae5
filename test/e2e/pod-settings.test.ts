/**
 * Tests that pod settings reach the engine container: user and group IDs, environment variables, name resolution, size
 * limit, claim and `subPath`. platform-ids.test.ts tests IDs that the platform assigns.
 */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { KubeObject } from "../../src/api/kubernetes.ts";
import { curl, url } from "../support/clients/clients.ts";
import { claim, inEngine, MIB, podOf, siteAt, upload } from "./engine-pods.ts";
import { eventually, TestNamespace } from "./test-namespace.ts";

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
