/**
 * Writes the OLM bundle (https://olm.operatorframework.io/docs/tasks/creating-operator-bundle/) as an archive that can
 * be used as an image build context.
 */
import { globSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { type Entry, writeTarGz } from "../archive.ts";
import { chartMetadata, type Manifest, renderChart } from "../chart.ts";
import { withoutHelm } from "../manifests.ts";
import { toYaml } from "../yaml.ts";
import { clusterServiceVersion } from "./cluster-service-version.ts";

export interface BundleOptions {
  readonly root: string;
  readonly helm: string;
  readonly version: string;
  readonly replaces: string | undefined;
  readonly epoch: number;
  /** Chart values that select the image. */
  readonly image: Readonly<Record<string, unknown>>;
  /** Path of the archive. */
  readonly file: string;
}

/** Channel for versions without support, because the API is alpha. OLM recommends this channel name. */
const CHANNEL = "candidate";

/**
 * Chart objects that OLM installs in addition to the Deployment. Only the newest OLM versions accept a NetworkPolicy.
 */
const EXTRA_KINDS: ReadonlySet<string> = new Set(["Service"]);

export async function writeBundle(options: BundleOptions): Promise<void> {
  const { root, helm, image, epoch, file } = options;
  const chart = chartMetadata(root);
  const [clusterWide, namespaced] = await Promise.all([
    renderChart(root, helm, { ...image, "crds.enabled": false }),
    renderChart(root, helm, { ...image, "crds.enabled": false, "watch.namespaces": ["placeholder"] }),
  ]);
  const csv = clusterServiceVersion({
    ...options,
    chart,
    clusterWide: clusterWide.map((object) => withoutHelm(object)),
    namespaced: namespaced.map((object) => withoutHelm(object)),
  });
  const labels = bundleLabels(chart.name);
  const entries: Entry[] = [
    yaml(`manifests/${chart.name}.clusterserviceversion.yaml`, csv),
    yaml("metadata/annotations.yaml", { annotations: labels }),
    ...(await crdEntries(root)),
    ...clusterWide.filter(({ kind }) => EXTRA_KINDS.has(kind)).map(extraEntry),
    { name: "bundle.Dockerfile", content: Buffer.from(dockerfile(labels)) },
  ];
  await writeTarGz(file, entries, epoch);
}

async function crdEntries(root: string): Promise<Entry[]> {
  const files = globSync("crds/*.yaml", { cwd: root });
  return await Promise.all(
    files.map(async (file) => ({
      name: `bundle/manifests/${basename(file)}`,
      content: await readFile(join(root, file)),
    })),
  );
}

/** Returns the file for an object. The file contains no namespace, because OLM sets the namespace. */
function extraEntry(object: Manifest): Entry {
  const { namespace: _, ...metadata } = object.metadata;
  const name = `${metadata.name}.${object.kind.toLowerCase()}.yaml`;
  return yaml(`manifests/${name}`, withoutHelm({ ...object, metadata }));
}

function yaml(path: string, value: object): Entry {
  return { name: `bundle/${path}`, content: Buffer.from(toYaml(value)) };
}

function bundleLabels(packageName: string): Record<string, string> {
  const prefix = "operators.operatorframework.io.bundle";
  return {
    [`${prefix}.mediatype.v1`]: "registry+v1",
    [`${prefix}.manifests.v1`]: "manifests/",
    [`${prefix}.metadata.v1`]: "metadata/",
    [`${prefix}.package.v1`]: packageName,
    [`${prefix}.channels.v1`]: CHANNEL,
    [`${prefix}.channel.default.v1`]: CHANNEL,
  };
}

function dockerfile(labels: Readonly<Record<string, string>>): string {
  const lines = Object.entries(labels).map(([name, value]) => `LABEL ${name}=${value}`);
  return [
    "FROM scratch",
    ...lines,
    "COPY bundle/manifests /manifests/",
    "COPY bundle/metadata /metadata/",
    "",
  ].join("\n");
}
