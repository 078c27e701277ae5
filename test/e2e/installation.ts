import { join } from "node:path";
import type { Cluster } from "../cluster/full.ts";
import { type ProductImage, productImage } from "../cluster/images/product.ts";

const ROOT = join(import.meta.dirname, "../..");
const CHART = "charts/ftp-operator";

/** The cluster of this ring; not the demo's, which a developer may be looking at. */
export const PREFIX = process.env["E2E_PREFIX"] ?? "ftpope2e";
export const OPERATOR_NAMESPACE = "ftp-system";
export const RELEASE = "ftp-operator";

/** Builds the image where its inputs have changed, and puts it on both nodes. Returns the chart's values for it. */
export async function loadProduct(cluster: Cluster, say: (line: string) => void): Promise<string[]> {
  return await loadImage(cluster, await productImage(say));
}

/** The same with an image that is built already. */
export async function loadImage(
  cluster: Cluster,
  { archive, repository, tag }: Pick<ProductImage, "archive" | "repository" | "tag">,
): Promise<string[]> {
  await cluster.loadImage(archive);
  return ["--set", `image.repository=${repository}`, "--set-string", `image.tag=${tag}`];
}

/** Installs a release of the chart, or brings it to this state, and waits until it runs. */
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
    /** Whose chart it is. */
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
  await cluster.kubectl(["-n", namespace, "rollout", "status", "deployment", "--timeout=120s"]);
}
