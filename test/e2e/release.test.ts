/**
 * Tests each installation method for a release on a cluster without ftp-operator. Uses the release files and the image
 * that this run has built.
 */
import assert from "node:assert/strict";
import { mkdir, readFile, rm, symlink } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { documents, type Rendered } from "../charts/helm.ts";
import { programFile } from "../cluster/programs.ts";
import { run } from "../cluster/run.ts";
import { makeTemporaryFolder } from "../cluster/temporary.ts";
import { createCheckout } from "../tools/release/checkout.ts";
import { installChart, loadProduct, OPERATOR_NAMESPACE, RELEASE } from "./installation.ts";
import { answering, clientNamed, roundTrip, siteOf } from "./outside.ts";
import { eventually, TestNamespace } from "./test-namespace.ts";

const OLM_NAMESPACE = "e2e-olm-operators";
const CRDS = ["crd/ftpservers.ftp-operator.io", "crd/ftpusers.ftp-operator.io"];

describe("a release on a cluster", () => {
  let namespace: TestNamespace;
  let other: TestNamespace;
  let parent: string;
  /** Path of dist/release/. */
  let folder: string;
  let version: string;
  let imageValues: string[];
  let reference: string;

  before(async () => {
    parent = await makeTemporaryFolder();
    [namespace, other] = [
      await TestNamespace.create("e2e-release"),
      await TestNamespace.create("e2e-release-other"),
    ];
    imageValues = await loadProduct(namespace.cluster, () => undefined);
    const [repository, tag] = imageValues.filter((value) => value.startsWith("image."));
    reference = `${repository?.split("=")[1]}:${tag?.split("=")[1]}`;
    const checkout = await createCheckout(join(parent, "checkout"));
    version = checkout.next;
    const { code, stderr } = await checkout.release("build", version);
    assert.equal(code, 0, stderr);
    folder = join(checkout.folder, "dist/release");
    await namespace.cluster.helm(["uninstall", RELEASE, "--namespace", OPERATOR_NAMESPACE, "--wait"]);
    await removeCrds();
  });
  after(async () => {
    const { cluster } = namespace;
    await namespace.remove();
    await other.remove();
    await cluster.kubectl(["delete", "namespace", OPERATOR_NAMESPACE, OLM_NAMESPACE, "--ignore-not-found"]);
    await cluster.kubectl([
      "delete",
      "clusterrole,clusterrolebinding",
      "-l",
      `app.kubernetes.io/name=${RELEASE}`,
    ]);
    await removeCrds();
    await installChart(cluster, { release: RELEASE, namespace: OPERATOR_NAMESPACE, values: imageValues });
    await rm(parent, { recursive: true });
  });

  /**
   * Deletes the CRDs and thereby all FtpServers, and waits until no pod remains. After this cleanup, the next
   * installation starts without objects.
   */
  const removeCrds = async (): Promise<void> => {
    await namespace.cluster.kubectl(["delete", ...CRDS, "--ignore-not-found", "--timeout=300s"]);
    await eventually("no server is left", async () => {
      assert.deepEqual(await Promise.all([namespace, other].map((each) => each.list("pods"))), [[], []]);
    });
  };
  const withImage = (text: string): string =>
    text.replaceAll(`ghcr.io/ftp-operator/ftp-operator:${version}`, reference);
  const apply = async (text: string): Promise<void> => {
    assert.ok(text.includes(`ghcr.io/ftp-operator/ftp-operator:${version}`));
    await namespace.cluster.kubectl(["apply", "-f", "-"], withImage(text));
    await operatorRuns(OPERATOR_NAMESPACE);
  };
  const operatorRuns = async (where: string): Promise<void> => {
    const wait = ["rollout", "status", `deployment/${RELEASE}`, "--timeout=300s"];
    await namespace.cluster.kubectl(["-n", where, ...wait]);
  };
  /** Creates an FtpServer and transfers a file. */
  const transfer = async (): Promise<void> => {
    await namespace.applyServer("demo", { alice: "one" });
    await namespace.waitReady("demo");
    await transferAgain();
  };
  const transferAgain = async (): Promise<void> => {
    const site = siteOf(namespace, await answering(namespace, await namespace.login("demo", "alice", "one")));
    await roundTrip(clientNamed("curl"), site, "passive", parent);
  };

  it("is installed by helm from the chart package", async () => {
    const chart = join(folder, `ftp-operator-${version}.tgz`);
    const target = ["--namespace", OPERATOR_NAMESPACE, "--create-namespace"];
    await namespace.cluster.helm(["install", RELEASE, chart, ...target, ...imageValues]);
    await operatorRuns(OPERATOR_NAMESPACE);
    await transfer();
    await namespace.cluster.helm(["uninstall", RELEASE, "--namespace", OPERATOR_NAMESPACE, "--wait"]);
    await removeCrds();
  });

  it("is installed by kubectl apply, is shown by the plugin, and keeps the FtpServers when it is removed", async () => {
    await apply(await readFile(join(folder, "install.yaml"), "utf8"));
    await transfer();
    const { stdout, stderr } = await ftpsrv("status", "demo");
    assert.match(stdout, /^FtpServer +e2e-release\/demo, Ready$/mu, stderr);
    await namespace.cluster.kubectl(["delete", "namespace", OPERATOR_NAMESPACE, "--timeout=300s"]);
    await transferAgain();
    await namespace.cluster.kubectl([
      "delete",
      "clusterrole,clusterrolebinding",
      "-l",
      `app.kubernetes.io/name=${RELEASE}`,
    ]);
    await removeCrds();
  });

  /** Runs the plugin from its archive. PATH contains only links to the plugin, kubectl and readlink. */
  const ftpsrv = async (...args: string[]): Promise<{ stdout: string; stderr: string }> => {
    const [store, bin] = [join(parent, "plugin"), join(parent, "bin")];
    await Promise.all([mkdir(store), mkdir(bin)]);
    await run(["tar", "-xzf", join(folder, `kubectl-ftpsrv-v${version}-linux-amd64.tar.gz`), "-C", store]);
    await symlink(join(store, "kubectl-ftpsrv"), join(bin, "kubectl-ftpsrv"));
    await symlink("/usr/bin/readlink", join(bin, "readlink"));
    await symlink(programFile("kube", "kubectl"), join(bin, "kubectl"));
    const env = [
      "/usr/bin/env",
      "-i",
      `PATH=${bin}`,
      `HOME=${parent}`,
      `KUBECONFIG=${namespace.cluster.kubeconfig}`,
    ];
    const command = [...env, "kubectl", "ftpsrv", "--namespace", namespace.name, ...args];
    return await namespace.outside("client", command, { timeout: 60_000 });
  };

  it("serves one namespace with install-namespaced.yaml after the documented replacement", async () => {
    const file = join(folder, "install-namespaced.yaml");
    await apply(await run(["sed", `s/ftp-servers/${namespace.name}/`, file]));
    await other.applyServer("demo", { alice: "one" });
    await transfer();
    assert.equal((await other.server("demo")).status, undefined);
    await namespace.cluster.kubectl(["delete", "namespace", OPERATOR_NAMESPACE, "--timeout=300s"]);
    await removeCrds();
  });

  it("runs with the permissions of the OLM bundle, in all namespaces and in one", async () => {
    const bundle = join(parent, "bundle");
    await mkdir(bundle);
    await run(["tar", "-xzf", join(folder, `ftp-operator-olm-bundle-${version}.tar.gz`), "-C", bundle]);
    const read = async (name: string): Promise<string> =>
      await readFile(join(bundle, "bundle/manifests", name), "utf8");
    const csv = documents(withImage(await read("ftp-operator.clusterserviceversion.yaml")))[0]!;
    for (const crd of CRDS)
      await namespace.cluster.kubectl(["create", "-f", "-"], await read(`${crd.slice(4)}.yaml`));
    for (const target of ["", namespace.name]) {
      await namespace.cluster.kubectl(["delete", "clusterrolebinding", "e2e-olm", "--ignore-not-found"]);
      const objects = asOlm(csv, OLM_NAMESPACE, target);
      await namespace.cluster.kubectl(
        ["apply", "-f", "-"],
        JSON.stringify({ apiVersion: "v1", kind: "List", items: objects }),
      );
      await operatorRuns(OLM_NAMESPACE);
      await transfer();
      // In the second loop iteration, the operator has permissions in only one namespace.
      if (target !== "") await other.applyServer("demo", { alice: "one" });
      await namespace.kubectl(["delete", "ftpserver", "demo"]);
      await eventually("its pods are gone", async () => assert.deepEqual(await namespace.pods("demo"), []));
    }
    assert.equal((await other.server("demo")).status, undefined);
  });
});

/**
 * Returns the objects that OLM creates for a ClusterServiceVersion. The permissions apply in the namespaces of the
 * operator and of its OperatorGroup. When the OperatorGroup selects all namespaces, the permissions apply in all
 * namespaces. The annotation contains the selected namespaces.
 */
function asOlm(csv: Rendered, namespace: string, target: string): object[] {
  const { permissions, clusterPermissions, deployments } = csv["spec"].install.spec;
  const [{ name, spec }] = deployments;
  const [{ serviceAccountName, rules }] = permissions;
  spec.template.metadata.annotations = { "olm.targetNamespaces": target };
  const rbac = "rbac.authorization.k8s.io/v1";
  const labels = { "app.kubernetes.io/name": RELEASE };
  const subjects = [{ kind: "ServiceAccount", name: serviceAccountName, namespace }];
  const roleRef = (role: string): object => ({
    apiGroup: "rbac.authorization.k8s.io",
    kind: "ClusterRole",
    name: role,
  });
  const bind = (role: string, scope: string): object => ({
    apiVersion: rbac,
    kind: scope === "" ? "ClusterRoleBinding" : "RoleBinding",
    metadata: { name: role, labels, ...(scope !== "" && { namespace: scope }) },
    roleRef: roleRef(role),
    subjects,
  });
  return [
    { apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } },
    { apiVersion: "v1", kind: "ServiceAccount", metadata: { name: serviceAccountName, namespace } },
    { apiVersion: rbac, kind: "ClusterRole", metadata: { name: "e2e-olm", labels }, rules },
    {
      apiVersion: rbac,
      kind: "ClusterRole",
      metadata: { name: "e2e-olm-cluster", labels },
      rules: clusterPermissions[0].rules,
    },
    bind("e2e-olm-cluster", ""),
    ...(target === "" ? [bind("e2e-olm", "")] : [bind("e2e-olm", target), bind("e2e-olm", namespace)]),
    { apiVersion: "apps/v1", kind: "Deployment", metadata: { name, namespace }, spec },
  ];
}
