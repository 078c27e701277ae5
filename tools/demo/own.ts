import { stat } from "node:fs/promises";
import { type Cluster, ensureCluster, openCluster } from "../../test/cluster/full.ts";
import { type ProductImage, productImage } from "../../test/cluster/images/product.ts";
import { NETWORKS } from "../../test/cluster/families.ts";
import { DEFAULT_PREFIX } from "../../test/cluster/layout.ts";
import { requirePreconditions } from "../../test/cluster/preconditions.ts";
import type { World } from "./world.ts";

const CLUSTER_COMMAND = "node_modules/.bin/node test/cluster/main.ts";

/** Opens the cluster in each call, so that `ownCluster` can be called before the cluster starts. */
function cluster(): Cluster {
  return openCluster(DEFAULT_PREFIX);
}

/** Returns the cluster that `make cluster-up` starts. The FTP client runs on the external host `client`. */
export function ownCluster(): World {
  let productBuild: Promise<ProductImage> | undefined;
  return {
    outlook: [
      "Starts a Kubernetes cluster of two nodes in network namespaces on this machine, with a load balancer and an external client.",
      "The demo changes nothing outside its own namespaces, its cgroups and ~/.cache/ftp-operator. It requires root.",
    ],
    up: async (progress) => {
      // Checks the preconditions before the build, which takes several minutes.
      await requirePreconditions("demo");
      // The image build and the cluster start run concurrently, because starting the cluster takes little CPU time. The
      // step that requires the image reports a failed build.
      productBuild = productImage();
      productBuild.catch(() => {});
      const { hosts, families } = await ensureCluster(DEFAULT_PREFIX, progress);
      const kinds = families.includes("IPv6")
        ? "IPv4 and IPv6"
        : "IPv4 only: this kernel does not support IPv6";
      return `nodes ${hosts.n1} and ${hosts.n2}, load balancer ${NETWORKS.IPv4.balancer}, outside client ${hosts.client}; ${kinds}`;
    },
    image: async (progress) => {
      const { archive, ...image } = await (productBuild ?? productImage(progress));
      progress("loading the image into both nodes");
      await cluster().loadImage(archive);
      return { ...image, summary: `${image.reference}, ${await size(archive)} as an archive` };
    },
    kubectl: (args, stdin) => cluster().kubectl(args, stdin),
    helm: (args) => cluster().helm(args),
    kubectlCommand: `${CLUSTER_COMMAND} kubectl`,
    outside: (argv) => cluster().command("client", argv),
    outsideCommand: (command) => `${CLUSTER_COMMAND} exec client ${command}`,
    tearDown: ["make cluster-down"],
  };
}

async function size(file: string): Promise<string> {
  return `${((await stat(file)).size / 1e6).toFixed(0)} MB`;
}
