/** Generates the ClusterServiceVersion from the chart, the CRDs and the examples in a checkout. */
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { ChartMetadata, Manifest } from "../chart.ts";
import { olmDeployment } from "./deployment.ts";
import { ownedCrd, readCrds } from "./descriptors.ts";
import { parseDocuments } from "../yaml.ts";
import { permissionsFrom } from "./permissions.ts";

export interface CsvOptions {
  readonly root: string;
  readonly chart: ChartMetadata;
  readonly version: string;
  /** Previous version. Undefined when there is no earlier release. */
  readonly replaces: string | undefined;
  readonly epoch: number;
  /** Chart objects for all namespaces, without Helm labels. */
  readonly clusterWide: readonly Manifest[];
  /** Chart objects for selected namespaces, without Helm labels. */
  readonly namespaced: readonly Manifest[];
}

const INSTALL_MODES = ["OwnNamespace", "SingleNamespace", "MultiNamespace", "AllNamespaces"];
const DOCUMENTED_EXAMPLE = "examples/basic.yaml";

export function clusterServiceVersion(options: CsvOptions): object {
  const { root, chart, version, replaces, clusterWide, namespaced } = options;
  const deployment = olmDeployment(only(clusterWide, "Deployment"));
  const { serviceAccountName, containers } = deployment.spec.template.spec;
  const [{ image }] = containers;
  const crds = readCrds(root).map(ownedCrd);
  return {
    apiVersion: "operators.coreos.com/v1alpha1",
    kind: "ClusterServiceVersion",
    metadata: {
      name: `${chart.name}.v${version}`,
      namespace: "placeholder",
      annotations: annotationsOf(options, image),
      labels: Object.fromEntries(
        ["os.linux", "arch.amd64", "arch.arm64"].map((name) => [`operatorframework.io/${name}`, "supported"]),
      ),
    },
    spec: {
      displayName: chart.name,
      description: descriptionOf(options),
      version,
      ...(replaces !== undefined && { replaces: `${chart.name}.v${replaces}` }),
      // Maturity level, derived from the CRD version.
      maturity: crds.some((crd) => crd.version.includes("alpha")) ? "alpha" : "stable",
      minKubeVersion: /\d+\.\d+\.\d+/u.exec(chart.kubeVersion)?.[0],
      keywords: chart.keywords,
      icon: [iconOf(root, chart)],
      links: [{ name: "Source code and documentation", url: chart.home }],
      provider: { name: chart.maintainers[0]?.name ?? chart.name, url: chart.home },
      maintainers: chart.maintainers.map(({ name, email }) => ({
        name,
        ...(email !== undefined && { email }),
      })),
      customresourcedefinitions: { owned: crds },
      installModes: INSTALL_MODES.map((type) => ({ type, supported: true })),
      install: {
        strategy: "deployment",
        spec: {
          ...permissionsFrom(clusterWide, namespaced, serviceAccountName),
          deployments: [deployment],
        },
      },
      relatedImages: [{ name: chart.name, image }],
    },
  };
}

function annotationsOf({ root, chart, epoch }: CsvOptions, image: string): Record<string, string> {
  return {
    "alm-examples": JSON.stringify(examplesIn(root), null, 2),
    capabilities: chart.annotations["artifacthub.io/operatorCapabilities"] ?? "Basic Install",
    categories: "Networking,Storage",
    certified: "false",
    containerImage: image,
    createdAt: new Date(epoch * 1000).toISOString(),
    description: chart.description,
    repository: chart.home,
    support: chart.maintainers[0]?.name ?? chart.name,
  };
}

/**
 * Returns the FtpServers and FtpUsers in the examples. The documented example comes first, because consoles offer the
 * first example of each kind.
 */
function examplesIn(root: string): Manifest[] {
  const files = globSync("examples/*.yaml", { cwd: root }).toSorted();
  return [DOCUMENTED_EXAMPLE, ...files.filter((file) => file !== DOCUMENTED_EXAMPLE)].flatMap((file) =>
    parseDocuments<Manifest>(readFileSync(join(root, file), "utf8")).filter(({ apiVersion }) =>
      apiVersion.startsWith("ftp-operator.io/"),
    ),
  );
}

function descriptionOf({ root, chart, version }: CsvOptions): string {
  const docs = `${chart.home}/blob/v${version}`;
  return [
    `${chart.description}.`,
    "## First server",
    `\`\`\`yaml\n${readFileSync(join(root, DOCUMENTED_EXAMPLE), "utf8").trimEnd()}\n\`\`\``,
    "## Documentation",
    `See the [README](${docs}/README.md), the [reference](${docs}/docs/reference/ftpserver.md) and [troubleshooting](${docs}/docs/operations/troubleshooting.md).`,
  ].join("\n\n");
}

/** Returns the icon. The icon URL in Chart.yaml points to a file in the project repository. */
function iconOf(root: string, chart: ChartMetadata): { base64data: string; mediatype: string } {
  const [, path] = /\/(docs\/images\/.+\.svg)$/u.exec(chart.icon) ?? [];
  if (path === undefined)
    throw new Error(`the icon of Chart.yaml is not an SVG file in docs/images: ${chart.icon}`);
  return { base64data: readFileSync(join(root, path)).toString("base64"), mediatype: "image/svg+xml" };
}

function only(objects: readonly Manifest[], kind: string): Manifest {
  const [object, ...others] = objects.filter((candidate) => candidate.kind === kind);
  if (object === undefined || others.length > 0) throw new Error(`the chart must render one ${kind}`);
  return object;
}
