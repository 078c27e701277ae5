import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, it } from "node:test";
import { load } from "js-yaml";
import type { KubeObject } from "../../../src/api/kubernetes.ts";
import { readConfigSecret } from "../../../src/plan/desired/config-secret.ts";
import type { Secret } from "../../../src/plan/model/objects.ts";
import { inTemporaryFolder } from "../../cluster/temporary.ts";
import { documents } from "../../charts/helm.ts";
import { ftpOperator } from "../../support/cli/command-line.ts";

const EXAMPLES = join(import.meta.dirname, "../../../examples");

async function rendered(...args: string[]): Promise<KubeObject[]> {
  return documents((await ftpOperator(["render", ...args])).stdout);
}

function isSecret(object: KubeObject): object is Secret {
  return object.kind === "Secret";
}

/** Returns the names of fields whose value is null, "", {} or []. */
function emptyFields(value: unknown): string[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => {
    const isEmpty =
      inner === null || inner === "" || (typeof inner === "object" && Object.keys(inner).length === 0);
    return isEmpty ? [name] : emptyFields(inner);
  });
}

describe("ftp-operator render", () => {
  it("prints all children, with users whose Secrets are in the manifests", async () => {
    const objects = await rendered(
      "-f",
      join(EXAMPLES, "basic.yaml"),
      "-n",
      "team",
      "--engine-image",
      "mine:1",
    );
    assert.deepEqual(
      objects.map(({ kind, metadata: { name, namespace } }) => `${kind} ${namespace}/${name}`),
      [
        "ServiceAccount team/demo",
        "Secret team/demo-config",
        "NetworkPolicy team/demo",
        "Service team/demo",
        "PodDisruptionBudget team/demo",
        "StatefulSet team/demo-a",
      ],
    );
    const [alice] = readConfigSecret(objects.find(isSecret))?.users ?? [];
    assert.equal(alice?.name, "alice");
    assert.match(alice.passwordHash ?? "", /^\$scrypt\$/);
    assert.match(JSON.stringify(objects), /"image":"mine:1"/);
    assert.doesNotMatch(JSON.stringify(objects), /change-me/);
  });

  it("reads several files and standard input, and prints JSON", async () => {
    const server = load(readFileSync(join(EXAMPLES, "basic.yaml"), "utf8").split("---")[0] ?? "");
    const secret = {
      kind: "Secret",
      apiVersion: "v1",
      metadata: { name: "alice" },
      data: { password: "b25l" },
    };
    await inTemporaryFolder(async (folder) => {
      const file = join(folder, "list.json");
      await writeFile(file, JSON.stringify({ apiVersion: "v1", kind: "List", items: [secret] }));
      const args = ["render", "-f", "-", "-f", file, "--output", "json"];
      const { stdout, stderr, code } = await ftpOperator(args, JSON.stringify(server));
      assert.deepEqual([code, stderr], [0, ""]);
      assert.equal(JSON.parse(stdout).items.length, 6);
    });
  });

  it("warns about missing Secrets and prints the objects", async () => {
    const { code, stdout, stderr } = await ftpOperator(["render", "-f", join(EXAMPLES, "ftps.yaml")]);
    assert.equal(code, 0);
    assert.match(stderr, /UsersReady \(SecretNotFound\): Secret `alice`/);
    assert.match(stderr, /TLSReady \(SecretNotFound\): Secret `ftps-certificate`/);
    assert.doesNotMatch(stderr, /StorageReady/);
    assert.match(stdout, /kind: StatefulSet/);
  });

  it("warns about a claim of additional storage, without which the operator starts no pod", async () => {
    const claim = { type: "PersistentVolumeClaim", persistentVolumeClaim: { claimName: "orders" } };
    const manifest = {
      apiVersion: "ftp-operator.io/v1alpha1",
      kind: "FtpServer",
      metadata: { name: "mounts" },
      spec: { anonymous: { mode: "ReadOnly" }, additionalStorage: [{ name: "inbox", ...claim }] },
    };
    const { code, stdout, stderr } = await ftpOperator(["render", "-f", "-"], JSON.stringify(manifest));
    assert.equal(code, 0);
    assert.match(stderr, /StorageReady \(ClaimNotFound\): PersistentVolumeClaim `orders` .*\(name `inbox`\)/);
    assert.doesNotMatch(stdout, /kind: StatefulSet/);
  });

  it("rejects what the API server would reject, with one line for each violation", async () => {
    const manifest = {
      apiVersion: "ftp-operator.io/v1alpha1",
      kind: "FtpServer",
      metadata: { name: "wrong" },
      spec: { replica: 2, passive: { portRange: { first: 50009, last: 50000 } } },
    };
    const { code, stdout, stderr } = await ftpOperator(["render", "-f", "-"], JSON.stringify(manifest));
    assert.deepEqual([code, stdout], [2, ""]);
    assert.match(stderr, /^error: -: FtpServer wrong: spec\.replica: unknown field$/m);
  });

  it("prints no empty field except emptyDir", async () => {
    for (const file of globSync("*.yaml", { cwd: EXAMPLES })) {
      const objects = await rendered("-f", join(EXAMPLES, file));
      const empty = objects.flatMap(emptyFields).filter((name) => name !== "emptyDir");
      assert.deepEqual(empty, [], file);
    }
  });

  it("admits the operator pods to the metrics port with both options", async () => {
    const file = ["render", "-f", join(EXAMPLES, "basic.yaml")];
    const both = ["--operator-namespace", "ftp-system", "--operator-labels", "app=operator"];
    const { stdout } = await ftpOperator([...file, ...both]);
    assert.match(stdout, /kubernetes\.io\/metadata\.name: ftp-system/);
    assert.match(stdout, /app: operator/);
    const { code, stderr } = await ftpOperator([...file, "--operator-namespace", "ftp-system"]);
    assert.equal(code, 2);
    assert.match(stderr, /--operator-namespace and --operator-labels must be used together\nhint: set both/);
  });

  it("renders every example", async () => {
    const files = globSync("*.yaml", { cwd: EXAMPLES });
    assert.ok(files.length > 5);
    for (const file of files) {
      const { code, stderr } = await ftpOperator(["render", "-f", join(EXAMPLES, file)]);
      assert.equal(code, 0, stderr);
    }
  });
});
