import { join } from "node:path";
import type { Cluster } from "../cluster/full.ts";
import { type ProductImage, productImage } from "../cluster/images/product.ts";

const ROOT = join(import.meta.dirname, "../..");
const CHART = "charts/ftp-operator";

/** Name prefix of the cluster for end-to-end tests. The demo cluster has a different prefix. */
export const PREFIX = process.env["E2E_PREFIX"] ?? "ftpope2e";
export const OPERATOR_NAMESPACE = "ftp-system";
export const RELEASE = "ftp-operator";

/**
 * Builds the image if its inputs have changed, and loads the image on both nodes.
 * @returns the chart values for the image
 */
export async function loadProduct(cluster: Cluster, say: (line: string) => void): Promise<string[]> {
  return await loadImage(cluster, await productImage(say));
}

/** Loads an existing image on both nodes. @returns the chart values for the image */
export async function loadImage(
  cluster: Cluster,
  { archive, repository, tag }: Pick<ProductImage, "archive" | "repository" | "tag">,
): Promise<string[]> {
  await cluster.loadImage(archive);
  return ["--set", `image.repository=${repository}`, "--set-string", `image.tag=${tag}`];
}

/** Installs or upgrades a release of the chart. Waits until the operator is ready. */
export async function installChart(
  cluster: Cluster,
  {
    release,
    namespace,
    values,
    checkout = ROOT,
  }: {
    release: string;
    namespace: string;
    values: readonly string[];
    /** Checkout that contains the chart. Defaults to this checkout. */
    checkout?: string;
  },
): Promise<void> {
  await cluster.helm([
    "upgrade",
    "--install",
    release,
    join(checkout, CHART),
    "--namespace",
    namespace,
    "--create-namespace",
    ...values,
  ]);
  await cluster.kubectl(["-n", namespace, "rollout", "status", "deployment", "--timeout=300s"]);
}
