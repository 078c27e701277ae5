/**
 * Tests which objects and files remain after an FtpServer or a pod is deleted. Files on volumes remain after a pod is
 * deleted. The claim of a deleted FtpServer remains if `spec.storage.persistentVolumeClaim.whenDeleted` is `Retain`.
 */
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { CLIENTS } from "../support/clients/clients.ts";
import { answering, siteOf } from "./outside.ts";
import { eventually, timed, TestNamespace } from "./test-namespace.ts";

const CHILDREN =
  "services,statefulsets,pods,networkpolicies,poddisruptionbudgets,secrets,serviceaccounts,endpointslices";

const template = (accessMode: string, whenDeleted: string) => ({
  storage: {
    type: "PersistentVolumeClaim",
    persistentVolumeClaim: { create: { accessModes: [accessMode], size: "1Gi" }, whenDeleted },
  },
});

describe("a volume", () => {
  let namespace: TestNamespace;
  let file: string;
  const content = randomBytes(1_000_003);
  const [curl] = CLIENTS;

  before(async () => {
    file = join(await mkdtemp(join(tmpdir(), "ftp-operator-e2e-")), "kept.bin");
    namespace = await TestNamespace.create("e2e-volumes");
  });

  after(async () => {
    await namespace?.remove();
    await rm(join(file, ".."), { recursive: true });
  });

  const site = async (name: string) =>
    siteOf(namespace, await answering(namespace, await namespace.login(name, "alice", "one")));

  async function upload(name: string): Promise<void> {
    await writeFile(file, content);
    await curl?.upload?.(await site(name), "passive", file);
  }

  async function assertKept(name: string): Promise<void> {
    await writeFile(file, "");
    await curl?.download(await site(name), "passive", file);
    assert.ok((await readFile(file)).equals(content), "the file is as it was");
  }

  /**
   * Deletes an FtpServer and waits until all its child objects except claims are deleted.
   * @returns the names of the remaining claims
   */
  async function remove(name: string): Promise<string[]> {
    await namespace.kubectl(["delete", "ftpserver", name]);
    await timed(`everything of ${name} is gone`, () =>
      eventually(`everything of ${name} is gone`, async () => {
        const left = await namespace.list(CHILDREN, "-l", `app.kubernetes.io/instance=${name}`);
        assert.deepEqual(
          left.map(({ kind, metadata }) => `${kind}/${metadata.name}`),
          [],
        );
      }),
    );
    return (await namespace.list("persistentvolumeclaims"))
      .filter(({ metadata }) => metadata.deletionTimestamp === undefined)
      .map(({ metadata }) => metadata.name);
  }

  it("keeps files when the pod or the FtpServer is deleted, for a new FtpServer", async () => {
    await namespace.applyServer("kept", { alice: "one" }, template("ReadWriteOnce", "Retain"));
    await namespace.waitReady("kept");
    await upload("kept");
    const [pod = ""] = await namespace.pods("kept");
    const before = await namespace.get("pod", pod);
    await namespace.kubectl(["delete", "pod", pod]);
    await eventually("another pod", async () => {
      const [now = ""] = await namespace.pods("kept");
      assert.notEqual((await namespace.get("pod", now)).metadata.uid, before.metadata.uid);
    });
    await namespace.waitReady("kept");
    await assertKept("kept");
    const [last = ""] = await namespace.pods("kept");
    const serving = (await namespace.log(last)).find(({ msg }) => msg === "serving");
    assert.equal(serving?.["copies"], "Kernel", "as the image's Node can call the C library");
    assert.deepEqual(await remove("kept"), ["kept-data"]);
    await namespace.applyServer("kept", { alice: "one" }, template("ReadWriteOnce", "Retain"));
    await namespace.waitReady("kept");
    await assertKept("kept");
    await remove("kept");
    await namespace.kubectl(["delete", "pvc", "kept-data"]);
  });

  it("is deleted with the FtpServer when whenDeleted is Delete", async () => {
    await namespace.applyServer("gone", { alice: "one" }, template("ReadWriteOnce", "Delete"));
    await namespace.waitReady("gone");
    await upload("gone");
    await remove("gone");
    await eventually("the claim is gone", async () =>
      assert.deepEqual(await namespace.list("persistentvolumeclaims"), []),
    );
  });

  it("with ReadWriteMany has the same files in all replicas", async () => {
    const passive = { portRange: { first: 50_000, last: 50_029 } };
    await namespace.applyServer(
      "shared",
      { alice: "one" },
      { replicas: 2, passive, ...template("ReadWriteMany", "Delete") },
    );
    await namespace.waitReady("shared");
    await upload("shared");
    for (let count = 0; count < 8; count++) await assertKept("shared");
    const pods = await namespace.pods("shared");
    const downloads = await Promise.all(
      pods.map(
        async (pod) =>
          (await namespace.transfers(pod)).filter(({ direction }) => direction === "Download").length,
      ),
    );
    assert.equal(
      downloads.reduce((sum, count) => sum + count, 0),
      8,
    );
    await remove("shared");
  });
});
