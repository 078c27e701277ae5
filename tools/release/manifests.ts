/**
 * Generates install.yaml, install-namespaced.yaml and crds.yaml, which contain the chart objects for `kubectl apply`.
 */
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type Manifest, OPERATOR_NAMESPACE, renderChart } from "./chart.ts";
import { toYaml } from "./yaml.ts";

/**
 * Watched namespace in install-namespaced.yaml. The documented sed command replaces the name of this namespace. No
 * other word in the file may contain the name.
 */
const SERVED_NAMESPACE = "ftp-servers";

/** Kinds in dependency order. Other kinds are last. */
const ORDER = [
  "CustomResourceDefinition",
  "Namespace",
  "ServiceAccount",
  "ClusterRole",
  "ClusterRoleBinding",
  "Role",
  "RoleBinding",
  "NetworkPolicy",
  "Service",
];

const HELM_LABELS: ReadonlySet<string> = new Set(["helm.sh/chart", "app.kubernetes.io/managed-by"]);

export interface ManifestOptions {
  readonly root: string;
  readonly helm: string;
  readonly version: string;
  /** Chart values that select the image. */
  readonly image: Readonly<Record<string, unknown>>;
}

/** Returns the manifest of an operator that watches all namespaces. */
export async function clusterManifest(options: ManifestOptions): Promise<string> {
  const objects = await installedObjects(options, {});
  return `${head(options.version, "manages FtpServers in all namespaces", [
    "Install or upgrade:",
    "  kubectl apply -f install.yaml",
  ])}${documentsOf(objects)}`;
}

/** Returns the manifest of an operator that watches one namespace and has no permissions in other namespaces. */
export async function namespacedManifest(options: ManifestOptions): Promise<string> {
  const values = { "watch.namespaces": [SERVED_NAMESPACE], "rbac.aggregateToUserRoles": false };
  const objects = await installedObjects(options, values);
  return `${head(options.version, `manages FtpServers in namespace ${SERVED_NAMESPACE} only`, [
    `Install or upgrade. The namespace ${SERVED_NAMESPACE} must exist. To use another namespace, for example team-a, replace its name:`,
    `  sed 's/${SERVED_NAMESPACE}/team-a/' install-namespaced.yaml | kubectl apply -f -`,
    "The operator cannot read Node objects. For Services with the external traffic policy Cluster, add the networks of the nodes to the",
    "arguments of the Deployment, for example --node-addresses=192.0.2.0/24.",
  ])}${documentsOf(objects)}`;
}

/** Returns the CRDs in a checkout. */
export function crdManifest(root: string): string {
  const files = globSync("crds/*.yaml", { cwd: root }).toSorted();
  return files.map((file) => `---\n${readFileSync(join(root, file), "utf8").trimEnd()}\n`).join("");
}

/** Returns a chart object without Helm labels and annotations. */
export function withoutHelm<T>(value: T): T {
  const clean: T = JSON.parse(JSON.stringify(value), (key, child: unknown) => {
    if ((key !== "labels" && key !== "annotations") || typeof child !== "object") return child;
    const kept = Object.entries(child ?? {}).filter(
      ([name]) => !HELM_LABELS.has(name) && !name.startsWith("helm.sh/"),
    );
    return kept.length === 0 ? undefined : Object.fromEntries(kept);
  });
  return clean;
}

async function installedObjects(
  { root, helm, image }: ManifestOptions,
  values: Readonly<Record<string, unknown>>,
): Promise<Manifest[]> {
  const rendered = await renderChart(root, helm, { ...image, ...values });
  return [...rendered.map((object) => withoutHelm(object)), operatorNamespace()].toSorted(
    (a, b) => rank(a) - rank(b),
  );
}

function rank({ kind }: Manifest): number {
  return ORDER.includes(kind) ? ORDER.indexOf(kind) : ORDER.length;
}

/** Returns the Namespace object for the operator. The namespace enforces the strictest Pod Security Standard. */
function operatorNamespace(): Manifest {
  const modes = ["enforce", "audit", "warn"];
  const labels = Object.fromEntries(
    modes.map((mode) => [`pod-security.kubernetes.io/${mode}`, "restricted"]),
  );
  return { apiVersion: "v1", kind: "Namespace", metadata: { name: OPERATOR_NAMESPACE, labels } };
}

function head(version: string, scope: string, usage: readonly string[]): string {
  const lines = [
    `ftp-operator ${version}: CRDs, namespace ${OPERATOR_NAMESPACE}, permissions and an operator that ${scope}.`,
    "Generated from the Helm chart, which has values for other settings.",
    "",
    ...usage,
    "",
    "Remove the operator, but keep the CRDs, FtpServers and their pods:",
    `  kubectl delete namespace ${OPERATOR_NAMESPACE}`,
    "`kubectl delete -f` with this file also deletes the CRDs and therefore all FtpServers and FtpUsers in the cluster.",
  ];
  return lines
    .map((line) => `# ${line}`.trimEnd())
    .join("\n")
    .concat("\n");
}

function documentsOf(objects: readonly Manifest[]): string {
  return objects.map((object) => `---\n${toYaml(object)}`).join("");
}
