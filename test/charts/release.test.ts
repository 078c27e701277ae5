/** Tests releases with other names, and the chart as a dependency of another chart. */
import assert from "node:assert/strict";
import { mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { it, test } from "node:test";
import { makeTemporaryFolder } from "../cluster/temporary.ts";
import { CHART, documents, helm, one, type Rendered } from "./helm.ts";

const LONGEST_RELEASE = 53;
const LONGEST_LABEL = 63;
const LONGEST_NAME = 253;

const EVERYTHING = {
  operator: { replicas: 2 },
  metrics: {
    serviceMonitor: { enabled: true },
    podMonitor: { enabled: true },
    prometheusRule: { enabled: true },
    dashboard: { enabled: true },
  },
};

function release(name: string): Rendered[] {
  const args = ["template", name, CHART, "--namespace", "ftp-system", "-f", "-"];
  const { status, stdout, stderr } = helm(args, EVERYTHING);
  assert.equal(status, 0, stderr);
  return documents(stdout);
}

for (const length of [42, 43, LONGEST_RELEASE]) {
  it(`a release name of ${length} letters results in valid names and labels`, () => {
    for (const { kind, metadata } of release("r".repeat(length))) {
      const most = kind === "Service" || kind === "FtpServer" ? LONGEST_LABEL : LONGEST_NAME;
      assert.ok(metadata.name.length <= most, `${kind} ${metadata.name}`);
      assert.match(metadata.name, /[a-z0-9]$/, kind);
      for (const [label, value] of Object.entries(metadata.labels ?? {}))
        assert.ok(value.length <= LONGEST_LABEL, `${label} of ${kind}: ${value}`);
    }
  });
}

test("a release with a short name has full object names", () => {
  const name = `${"r".repeat(42)}-ftp-operator`;
  assert.equal(one(release("r".repeat(42)), "Service").metadata.name, `${name}-metrics`);
  assert.equal(one(release("r".repeat(42)), "Deployment").metadata.name, name);
});

/** Renders a parent chart with the given values. */
async function renderParent(values: object): Promise<Rendered[]> {
  const parent = await makeTemporaryFolder();
  const dependency = { name: "ftp-operator", version: ">=0.0.0", condition: "ftp-operator.enabled" };
  const chart = { apiVersion: "v2", name: "parent", version: "1.0.0", dependencies: [dependency] };
  await mkdir(join(parent, "charts"));
  await writeFile(join(parent, "Chart.yaml"), JSON.stringify(chart));
  await symlink(CHART, join(parent, "charts/ftp-operator"));
  const { status, stdout, stderr } = helm(["template", "rel", parent, "-f", "-"], values);
  assert.equal(status, 0, stderr);
  return documents(stdout);
}

test("the condition of a parent chart enables and disables the operator", async () => {
  const deployments = async (enabled: boolean): Promise<number> => {
    const objects = await renderParent({ "ftp-operator": { enabled } });
    return objects.filter(({ kind }) => kind === "Deployment").length;
  };
  assert.deepEqual([await deployments(true), await deployments(false)], [1, 0]);
});

test("global values of a parent chart apply to the operator, and its other values are ignored", async () => {
  const global = { imageRegistry: "mirror.example.com", imagePullSecrets: ["mirror"], storageClass: "fast" };
  const { spec } = one(await renderParent({ global }), "Deployment")["spec"].template;
  assert.match(spec.containers[0].image, /^mirror\.example\.com\/ftp-operator\/ftp-operator:/);
  assert.deepEqual(spec.imagePullSecrets, [{ name: "mirror" }]);
});
