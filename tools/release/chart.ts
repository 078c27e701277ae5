/** Reads, renders and packages the chart in a checkout. */
import { existsSync, readFileSync } from "node:fs";
import { utimes, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { build } from "../../test/cluster/build.ts";
import { programFile, programsFor } from "../../test/cluster/programs.ts";
import { type Change, changesIn } from "./changelog.ts";
import { output } from "./command.ts";
import { ReleaseError } from "./release-error.ts";
import { isPrerelease } from "./version.ts";
import { parseDocuments, toYaml, yamlToJson } from "./yaml.ts";

const FOLDER = "charts/ftp-operator";
/** Operator namespace that the manifests and the documentation use. */
export const OPERATOR_NAMESPACE = "ftp-system";
/** Release name. The release name equals the chart name, so that object names contain this name only once. */
const RELEASE = "ftp-operator";

/** Fields in Chart.yaml that the release tools read. */
export interface ChartMetadata {
  readonly name: string;
  readonly description: string;
  readonly version: string;
  /** For example `>=1.31.0-0`. */
  readonly kubeVersion: string;
  readonly home: string;
  readonly icon: string;
  readonly keywords: readonly string[];
  readonly maintainers: readonly { readonly name: string; readonly email?: string; readonly url?: string }[];
  readonly annotations: Readonly<Record<string, string>>;
}

/** A Kubernetes object. */
export interface Manifest {
  apiVersion: string;
  kind: string;
  metadata: {
    name: string;
    namespace?: string;
    labels?: Record<string, string>;
    annotations?: Record<string, string>;
  };
  /** A Role or ClusterRole with its rules. */
  rules?: Rule[];
  /** Role of a binding. */
  roleRef?: { name: string };
  spec?: unknown;
  [field: string]: unknown;
}

/** A permission rule in a Role or ClusterRole. */
export interface Rule {
  apiGroups: string[];
  resources: string[];
  verbs: string[];
  resourceNames?: string[];
}

export function chartMetadata(root: string): ChartMetadata {
  const chart: ChartMetadata = JSON.parse(yamlToJson(readFileSync(join(root, FOLDER, "Chart.yaml"), "utf8")));
  return chart;
}

/** Returns the project URL, for example https://github.com/ftp-operator/ftp-operator. */
export function homeOf(root: string): string {
  return chartMetadata(root).home;
}

/**
 * Returns the path of Helm 4: the value of the environment variable HELM, a program in PATH, or the Helm binary of the
 * test cluster. Builds the Helm binary of the test cluster if necessary. Helm 3 is not supported, because it writes the
 * current time into the chart package.
 * @throws ReleaseError when Helm cannot be built
 */
export async function findHelm(say: (line: string) => void): Promise<string> {
  const named = process.env["HELM"];
  if (named !== undefined && named !== "") return named;
  const folders = (process.env["PATH"] ?? "").split(delimiter);
  for (const file of folders.map((folder) => join(folder, "helm"))) if (await isHelm4(file)) return file;
  try {
    const programs = programsFor("control-plane").filter(({ name }) => name === "helm");
    await build(programs, say);
    return programFile("helm", "helm");
  } catch (error) {
    throw new ReleaseError(
      `helm is not in PATH and cannot be built: ${error instanceof Error ? error.message : String(error)}`,
      "make setup TASKS=test    # installs Go; or install Helm 4 and set HELM to its path",
    );
  }
}

async function isHelm4(file: string): Promise<boolean> {
  if (!existsSync(file)) return false;
  const version = await output(file, ["version", "--template", "{{.Version}}"]).catch(() => "");
  return version.startsWith("v4.");
}

/** Renders the chart in a checkout without the test hooks. */
export async function renderChart(
  root: string,
  helm: string,
  values: Readonly<Record<string, unknown>>,
): Promise<Manifest[]> {
  // With `--set-json`, commas and dots need no escaping.
  const settings = Object.entries(values).flatMap(([name, value]) => [
    "--set-json",
    `${name}=${JSON.stringify(value)}`,
  ]);
  const args = ["template", RELEASE, join(root, FOLDER), "--namespace", OPERATOR_NAMESPACE, "--no-hooks"];
  return parseDocuments<Manifest>(await output(helm, [...args, ...settings]));
}

/**
 * Packages the chart in a checkout. Writes the changes in the changelog section to the Artifact Hub annotations of the
 * chart.
 */
export async function packageChart(
  root: string,
  helm: string,
  folder: string,
  { section, epoch }: { readonly section: string; readonly epoch: number },
): Promise<void> {
  const file = join(root, FOLDER, "Chart.yaml");
  const chart = chartMetadata(root);
  const annotations = { ...chart.annotations, ...releaseAnnotations(chart.version, changesIn(section)) };
  await writeFile(file, toYaml({ ...chart, annotations }));
  await utimes(file, epoch, epoch);
  await output(helm, ["package", join(root, FOLDER), "--destination", folder]);
}

/** https://artifacthub.io/docs/topics/annotations/helm/ */
function releaseAnnotations(version: string, changes: readonly Change[]): Record<string, string> {
  const entries = changes.map(({ kind, text }) => ({ kind: kind.toLowerCase(), description: text }));
  return {
    "artifacthub.io/changes": toYaml(entries),
    "artifacthub.io/prerelease": String(isPrerelease(version)),
    "artifacthub.io/containsSecurityUpdates": String(changes.some(({ kind }) => kind === "Security")),
  };
}
