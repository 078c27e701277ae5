/** Tests install.yaml, install-namespaced.yaml and crds.yaml on a real API server. */
import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { after, before, describe, it } from "node:test";
import type { Manifest } from "../../../tools/release/chart.ts";
import { clusterManifest, crdManifest, namespacedManifest } from "../../../tools/release/manifests.ts";
import { documents } from "../../charts/helm.ts";
import { type ControlPlane, startControlPlane } from "../../cluster/control-plane.ts";
import { programFile } from "../../cluster/programs.ts";
import { run } from "../../cluster/run.ts";
import { makeTemporaryFolder } from "../../cluster/temporary.ts";
import { ROOT } from "./checkout.ts";

const DIGEST = `sha256:${"0123456789abcdef".repeat(4)}`;
const HELM = programFile("helm", "helm");
const PINNED = `ghcr.io/ftp-operator/ftp-operator@${DIGEST}`;
const options = { root: ROOT, helm: HELM, version: "1.2.3", image: { "image.digest": DIGEST } };

describe("the install manifests", () => {
  let cluster: ControlPlane;
  let folder: string;

  before(async () => {
    [cluster, folder] = await Promise.all([
      startControlPlane({ controllerManager: true }),
      makeTemporaryFolder(),
    ]);
    await writeFile(join(folder, "install.yaml"), await clusterManifest(options));
    await writeFile(join(folder, "install-namespaced.yaml"), await namespacedManifest(options));
    await writeFile(join(folder, "crds.yaml"), crdManifest(ROOT));
  });
  after(async () => {
    await cluster.stop();
  });

  const file = (name: string): string => join(folder, name);

  /** Returns the commands in the comment at the start of a manifest. */
  const commandsIn = async (name: string): Promise<string[]> => {
    const [head = ""] = (await readFile(file(name), "utf8")).split("\n---\n");
    return [...head.matchAll(/^# {3}(\S.*)$/gmu)].map(([, command = ""]) => command);
  };

  /** Runs a command from the comment at the start of a manifest. */
  const shell = async (command: string): Promise<string> => {
    const path = `${dirname(programFile("kube", "kubectl"))}:${process.env["PATH"]}`;
    const env = { ...process.env, PATH: path, KUBECONFIG: cluster.kubeconfig };
    return await run(["bash", "-euo", "pipefail", "-c", command], { cwd: folder, env });
  };

  const actions = (output: string): string[] => [
    ...new Set(
      output
        .trimEnd()
        .split("\n")
        .map((line) => line.split(" ").at(-1) ?? ""),
    ),
  ];

  it("start with the CRDs and the namespace, and contain no labels of Helm", async () => {
    for (const name of ["install.yaml", "install-namespaced.yaml"]) {
      const text = await readFile(file(name), "utf8");
      const kinds = documents(text).map(({ kind }) => kind);
      assert.deepEqual(kinds.slice(0, 3), [
        "CustomResourceDefinition",
        "CustomResourceDefinition",
        "Namespace",
      ]);
      assert.equal(kinds.at(-1), "Deployment");
      assert.doesNotMatch(text, /helm\.sh\/|managed-by: Helm/u);
    }
  });

  it("install.yaml changes nothing when client-side apply runs again", async () => {
    const [apply = ""] = await commandsIn("install.yaml");
    assert.deepEqual(actions(await shell(apply)), ["created"]);
    await shell(apply);
    // `kubectl diff` fails when it finds a difference.
    await shell("kubectl diff -f install.yaml");
    const deployment = JSON.parse(await shell("kubectl -n ftp-system get deployment ftp-operator -o json"));
    assert.equal(deployment.spec.template.spec.containers[0].image, PINNED);
    const namespace = JSON.parse(await shell("kubectl get namespace ftp-system -o json"));
    assert.equal(namespace.metadata.labels["pod-security.kubernetes.io/enforce"], "restricted");
    await shell(
      "kubectl wait --for=condition=Established crd --all --timeout=120s && kubectl get ftpservers -A",
    );
  });

  it("install.yaml can be applied server-side later", async () => {
    const output = await shell("kubectl apply --server-side --force-conflicts -f install.yaml");
    assert.deepEqual(actions(output), ["serverside-applied"]);
  });

  it("crds.yaml changes only labels", async () => {
    const output = await shell("kubectl apply --server-side --force-conflicts -f crds.yaml");
    assert.equal(output.trimEnd().split("\n").length, 2, output);
  });

  it("are removed by the documented command without the CRDs", async () => {
    const remove = (await commandsIn("install.yaml")).at(-1) ?? "";
    await shell(`${remove} --wait=false`);
    await shell("kubectl get crd ftpservers.ftp-operator.io ftpusers.ftp-operator.io");
    await shell("kubectl delete clusterrole,clusterrolebinding -l app.kubernetes.io/name=ftp-operator");
    await shell("kubectl wait --for=delete namespace/ftp-system --timeout=120s");
  });

  it("install-namespaced.yaml manages only the namespace of the documented command", async () => {
    const [apply = ""] = await commandsIn("install-namespaced.yaml");
    assert.match(apply, /^sed 's\/\S+\/team-a\/' /u);
    await shell("kubectl create namespace team-a");
    await shell(apply);
    const text = await shell(
      "kubectl get role,rolebinding -A -l app.kubernetes.io/name=ftp-operator -o json",
    );
    const roles: Manifest[] = JSON.parse(text).items;
    assert.deepEqual(
      roles.map(({ metadata }) => `${metadata.namespace}/${metadata.name}`).toSorted(),
      ["ftp-system/ftp-operator-leader-election", "team-a/ftp-operator"].flatMap((name) => [name, name]),
    );
    const deployment = JSON.parse(await shell("kubectl -n ftp-system get deployment ftp-operator -o json"));
    assert.ok(deployment.spec.template.spec.containers[0].args.includes("--namespaces=team-a"));
    const cluster = await shell(
      "kubectl get clusterrole,clusterrolebinding -l app.kubernetes.io/name=ftp-operator -o name",
    );
    assert.equal(cluster, "");
  });
});
