/** Tests files that other workloads use, and volumes to which the engine cannot write. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { after, before, describe, it } from "node:test";
import { promisify } from "node:util";
import { BUILD } from "../../src/common/version.ts";
import { BUSYBOX_IMAGE } from "../cluster/images/scratch.ts";
import { API_NODE } from "../cluster/layout.ts";
import { SMALL_VOLUME } from "../cluster/parts/node.ts";
import { curl, type Site, url } from "../support/clients/clients.ts";
import { answering, siteOf } from "./outside.ts";
import { onVolume, prepareVolume } from "./prepared-volume.ts";
import { conditionOf, eventually, TestNamespace } from "./test-namespace.ts";

const run = promisify(execFile);
const GROUP = 3000;
/** The shortest permitted interval between two reads of an engine report. */
const OFTEN = { reachabilityCheck: { periodSeconds: 60 } };

describe("files on a volume", { concurrency: true }, () => {
  let namespace: TestNamespace;
  before(async () => {
    namespace = await TestNamespace.create("e2e-shared-files");
  });
  after(() => namespace?.remove());

  const siteAt = async (name: string): Promise<Site> =>
    siteOf(namespace, await answering(namespace, await namespace.login(name, "alice", "one")));

  /** Uploads a file of NUL bytes. @returns the output of curl */
  async function upload(site: Site, name: string, bytes: number): Promise<string> {
    const { user, password } = site.login;
    const transfer = `curl -sS --ftp-create-dirs -u ${user}:${password} -T - ${url(site)}${name} 2>&1`;
    return await site.run(["bash", "-c", `head -c ${bytes} /dev/zero | ${transfer} || true`]);
  }

  const command = (site: Site, line: string): Promise<string> =>
    curl(site, "passive", "-Q", line, "-o", "/dev/null", url(site));

  async function storageReadyIs(name: string, reason: string): Promise<string> {
    return await eventually(`StorageReady of ${name} is ${reason}`, async () => {
      const found = conditionOf(await namespace.server(name), "StorageReady");
      assert.equal(found?.reason, reason, found?.message ?? "");
      return found?.message ?? "";
    });
  }

  /**
   * Starts a pod with another user ID and the claim mounted at /data.
   * @returns a function that runs shell commands in the pod
   */
  async function startConsumer(claimName: string): Promise<(script: string) => Promise<string>> {
    const name = `${claimName}-consumer`;
    await namespace.apply({
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name },
      spec: {
        terminationGracePeriodSeconds: 0,
        securityContext: {
          runAsNonRoot: true,
          runAsUser: 1000,
          runAsGroup: 1000,
          fsGroup: GROUP,
          fsGroupChangePolicy: "OnRootMismatch",
          seccompProfile: { type: "RuntimeDefault" },
        },
        containers: [
          {
            name: "consumer",
            image: BUSYBOX_IMAGE,
            securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
            volumeMounts: [{ name: "data", mountPath: "/data" }],
          },
        ],
        volumes: [{ name: "data", persistentVolumeClaim: { claimName } }],
      },
    });
    await namespace.kubectl(["wait", `pod/${name}`, "--for=condition=Ready", "--timeout=180s"]);
    return (script) => namespace.kubectl(["exec", name, "--", "sh", "-c", script]);
  }

  it("can be read, renamed and deleted by a pod of user 1000 in a shared group", async () => {
    await prepareVolume(namespace, "exchange", { owner: "0:0", mode: "0755" });
    await namespace.applyServer(
      "exchange",
      { alice: "one" },
      {
        ...onVolume("exchange"),
        files: { fileMode: "0660", directoryMode: "2770" },
        pod: { securityContext: { fsGroup: GROUP } },
      },
    );
    await namespace.waitReady("exchange");
    const site = await siteAt("exchange");
    for (const name of ["one", "two", "three"]) assert.equal(await upload(site, `inbox/${name}`, 5), "");
    const shell = await startConsumer("exchange");
    const modes = await shell("id -u; cd /data/alice && stat -c '%a %u %g' . inbox inbox/one");
    const [user, ...entries] = modes.trim().split("\n");
    assert.equal(user, "1000");
    assert.deepEqual(entries, [`2770 65532 ${GROUP}`, `2770 65532 ${GROUP}`, `660 65532 ${GROUP}`]);
    await shell(
      "cd /data/alice/inbox && wc -c <one && mv two done && rm three && echo more >>one && mkdir own",
    );
    const listing = await curl(site, "passive", "-l", `${url(site)}inbox/`);
    assert.deepEqual(listing.trim().split(/\r?\n/u).toSorted(), ["done", "one", "own"]);
    await command(site, "DELE inbox/one");
    await command(site, "RMD inbox/own");
  });

  it("are not served from a volume of another user until its user runs the engine", async () => {
    await prepareVolume(namespace, "foreign", { owner: "1000:2000", mode: "0755", type: "HostPath" });
    await namespace.applyServer("foreign", { alice: "one" }, onVolume("foreign"));
    const message = await storageReadyIs("foreign", "VolumeNotWritable");
    for (const part of [
      /the engine cannot create files in \S+ \(EACCES\)/u,
      /The engine runs as user 65532 and group 65532/u,
      /The volume belongs to user 1000 and group 2000, and has mode 0755\./u,
      /Set `spec\.pod\.securityContext\.runAsUser` to 1000\./u,
    ])
      assert.match(message, part);
    const server = await namespace.server("foreign");
    assert.equal(conditionOf(server, "Ready")?.reason, "VolumeNotWritable");
    assert.equal(server.status?.readyReplicas, 0);
    assert.equal(server.status?.version, BUILD.version);
    await namespace.patchSpec("foreign", { pod: { securityContext: { runAsUser: 1000 } } });
    await namespace.waitReady("foreign");
    assert.equal(await upload(await siteAt("foreign"), "file", 5), "");
  });

  it("are not served from a read-only volume until no account can change them", async () => {
    const folder = await prepareVolume(namespace, "archive", {
      owner: "65532:65532",
      mode: "2770",
      mountOptions: ["ro"],
    });
    await run("sh", [
      "-c",
      'mkdir -p "$0/alice" && echo old >"$0/alice/file" && chown -R 65532:65532 "$0"',
      folder,
    ]);
    await namespace.applyServer("archive", { alice: "one" }, onVolume("archive"));
    assert.match(await storageReadyIs("archive", "VolumeReadOnly"), /`List` and `Read`/u);
    await namespace.kubectl([
      "patch",
      "ftpserver",
      "archive",
      "--type=json",
      "-p",
      JSON.stringify([{ op: "add", path: "/spec/users/0/permissions", value: ["List", "Read"] }]),
    ]);
    await namespace.waitReady("archive");
    const site = await siteAt("archive");
    assert.equal(await curl(site, "passive", url(site, "file")), "old\n");
  });

  it("can be downloaded and deleted on a full volume, which StorageReady reports until it has space", async () => {
    await prepareVolume(namespace, "small", { node: API_NODE, folder: `${API_NODE}/${SMALL_VOLUME}` });
    await namespace.applyServer("small", { alice: "one" }, { ...onVolume("small"), ...OFTEN });
    await namespace.waitReady("small");
    const site = await siteAt("small");
    assert.equal(await upload(site, "kept", 5000), "");
    assert.match(await upload(site, "large", 4_000_000), /45[12]|426|Failed|Send failure/u);
    assert.match(await storageReadyIs("small", "VolumeFull"), /\(ENOSPC\)\. Uploads fail\. Downloads and/u);
    const server = await namespace.server("small");
    assert.equal(server.status?.readyReplicas, 1, "it serves");
    assert.equal((await curl(site, "passive", url(site, "kept"))).length, 5000);
    await command(site, "DELE large");
    await storageReadyIs("small", "ClaimBound");
    assert.equal(await upload(site, "next", 5000), "");
  });
});
