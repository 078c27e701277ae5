/** Compares the ClusterServiceVersion with the chart. */
import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { chartMetadata, type Manifest, renderChart } from "../../../tools/release/chart.ts";
import { withoutHelm } from "../../../tools/release/manifests.ts";
import { clusterServiceVersion } from "../../../tools/release/olm/cluster-service-version.ts";
import { one } from "../../charts/helm.ts";
import { startControlPlane } from "../../cluster/control-plane.ts";
import { programFile } from "../../cluster/programs.ts";
import { ROOT } from "./checkout.ts";

const DIGEST = `sha256:${"0123456789abcdef".repeat(4)}`;
const IMAGE = `ghcr.io/ftp-operator/ftp-operator@${DIGEST}`;

describe("the ClusterServiceVersion", () => {
  let clusterWide: Manifest[];
  let csv: any;

  before(async () => {
    const values = { "image.digest": DIGEST };
    const render = async (more: object): Promise<Manifest[]> =>
      (await renderChart(ROOT, programFile("helm", "helm"), { ...values, ...more })).map((object) =>
        withoutHelm(object),
      );
    clusterWide = await render({});
    csv = clusterServiceVersion({
      root: ROOT,
      chart: chartMetadata(ROOT),
      version: "1.2.3",
      replaces: "1.2.2",
      epoch: 1_700_000_000,
      clusterWide,
      namespaced: await render({ "watch.namespaces": ["placeholder"] }),
    });
  });

  it("has its version, the previous version and the image digest", () => {
    assert.equal(csv.metadata.name, "ftp-operator.v1.2.3");
    assert.equal(csv.spec.replaces, "ftp-operator.v1.2.2");
    assert.equal(csv.metadata.annotations.containerImage, IMAGE);
    assert.deepEqual(csv.spec.relatedImages, [{ name: "ftp-operator", image: IMAGE }]);
    const [container] = csv.spec.install.spec.deployments[0].spec.template.spec.containers;
    assert.equal(container.image, IMAGE);
    assert.ok(container.args.includes(`--engine-image=${IMAGE}`));
  });

  it("grants only the rules of the roles in the chart", () => {
    const { permissions, clusterPermissions } = csv.spec.install.spec;
    const granted = [...permissions, ...clusterPermissions].flatMap(({ rules }) => rules);
    const isBound = ({ metadata }: Manifest): boolean =>
      clusterWide.some(({ roleRef }) => roleRef?.name === metadata.name);
    const chart = clusterWide.filter(isBound).flatMap(({ rules = [] }) => rules);
    const sorted = (rules: object[]): string[] => rules.map((rule) => JSON.stringify(rule)).toSorted();
    assert.deepEqual(sorted(granted), sorted(chart));
    const resources = clusterPermissions.flatMap(({ rules }: any) =>
      rules.flatMap((rule: any) => rule.resources),
    );
    assert.deepEqual(
      resources.toSorted(),
      ["namespaces", "nodes"],
      "resources that need cluster-wide permissions in all install modes",
    );
  });

  it("has the Deployment of the chart, with namespaces from OLM", () => {
    const [{ spec }] = csv.spec.install.spec.deployments;
    const [container] = spec.template.spec.containers;
    const [original] = one(clusterWide, "Deployment")["spec"].template.spec.containers;
    const changed = container.args.filter((argument: string) => !original.args.includes(argument));
    assert.deepEqual(changed, [
      "--leader-election-namespace=$(OPERATOR_NAMESPACE)",
      "--namespaces=$(TARGET_NAMESPACES)",
    ]);
    const { args: _, env: __, ...rest } = container;
    const { args: ___, env: ____, ...originalRest } = original;
    assert.deepEqual(rest, originalRest);
  });

  it("describes each field of the CRDs and has an icon, an example of each kind, and a minimum Kubernetes version", () => {
    const { owned } = csv.spec.customresourcedefinitions;
    assert.deepEqual(
      owned.map(({ kind, version }: any) => `${kind} ${version}`),
      ["FtpServer v1alpha1", "FtpUser v1alpha1"],
    );
    for (const { specDescriptors, statusDescriptors } of owned) {
      for (const { path, description } of [...specDescriptors, ...statusDescriptors])
        assert.ok(description?.length > 10, path);
    }
    const examples: Manifest[] = JSON.parse(csv.metadata.annotations["alm-examples"]);
    assert.deepEqual([...new Set(examples.map(({ kind }) => kind))].toSorted(), ["FtpServer", "FtpUser"]);
    assert.match(Buffer.from(csv.spec.icon[0].base64data, "base64").toString(), /<svg /u);
    assert.match(csv.spec.minKubeVersion, /^1\.\d+\.0$/u);
  });

  it("has a Deployment and rules that an API server accepts", async () => {
    await using cluster = await startControlPlane();
    const { deployments, permissions, clusterPermissions } = csv.spec.install.spec;
    const [{ name, spec, label }] = deployments;
    const objects = [
      {
        apiVersion: "apps/v1",
        kind: "Deployment",
        metadata: { name, labels: label, namespace: "default" },
        spec,
      },
      ...[...permissions, ...clusterPermissions].map(({ rules }: any, index) => ({
        apiVersion: "rbac.authorization.k8s.io/v1",
        kind: "ClusterRole",
        metadata: { name: `olm-${index}` },
        rules,
      })),
    ];
    const list = JSON.stringify({ apiVersion: "v1", kind: "List", items: objects });
    const output = await cluster.kubectl(["create", "--validate=strict", "-f", "-"], list);
    assert.equal(output.match(/ created$/gmu)?.length, objects.length);
  });
});
