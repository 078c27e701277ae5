/** Gives the end-to-end tests, the demo and the command line access to a running full cluster. */
import { type Family, NETWORKS } from "./families.ts";
import { API_NODE, type Host, hosts, inNetwork, type Layout, nodes } from "./layout.ts";
import { importImage } from "./parts/containerd.ts";
import { type Names, writeNames } from "./parts/dns.ts";
import { programFile } from "./programs.ts";
import { finish, type Finished, run, type RunOptions } from "./run.ts";

export interface Cluster {
  readonly prefix: string;
  /** Folder of this cluster, with logs in the subfolder `logs/`. */
  readonly folder: string;
  /** IP families of nodes, pods, Services and clients. IPv4 is the primary family. */
  readonly families: readonly Family[];
  /** IPv4 addresses of the nodes `n1` and `n2` and of the outside hosts `client` and `other`. */
  readonly hosts: typeof hosts;
  /** IPv6 addresses of the hosts, used only if `families` contains IPv6. */
  readonly hosts6: typeof NETWORKS.IPv6.hosts;
  /** Path of an administrator kubeconfig that works in the network namespaces of the hosts. */
  readonly kubeconfig: string;
  /** Path of the API server audit log, which contains one JSON object per line, at level `Metadata`. */
  readonly auditLog: string;
  /** Returns a command that runs the given command in the network namespace of a host. */
  readonly command: (host: Host, argv: readonly string[]) => string[];
  /** Runs a command in the network namespace of a host and returns its output. @throws CommandError */
  readonly exec: (host: Host, argv: readonly string[], options?: RunOptions) => Promise<string>;
  /** Runs a command in the network namespace of a host. @returns exit code, standard output and standard error */
  readonly attempt: (host: Host, argv: readonly string[], options?: RunOptions) => Promise<Finished>;
  /** Runs kubectl as administrator. @throws CommandError */
  readonly kubectl: (args: readonly string[], stdin?: string) => Promise<string>;
  /** Runs helm as administrator. @throws CommandError */
  readonly helm: (args: readonly string[], stdin?: string) => Promise<string>;
  /**
   * Replaces all DNS names in the cluster except `kubernetes.default.svc`. Example: `{"ftp.example.test":
   * "198.51.100.2"}`.
   */
  readonly setNames: (names: Names) => Promise<void>;
  /** Imports an OCI archive on both nodes. */
  readonly loadImage: (archive: string) => Promise<void>;
}

export function handle(layout: Layout, families: readonly Family[]): Cluster {
  const exec = (host: Host, argv: readonly string[], options?: RunOptions) =>
    run(inNetwork(layout, host, argv), options);
  const administrator = (argv: readonly string[], stdin?: string) =>
    exec(API_NODE, argv, { env: administratorEnvironment(layout), ...(stdin !== undefined && { stdin }) });
  return {
    prefix: layout.prefix,
    folder: layout.folder,
    families,
    hosts,
    hosts6: NETWORKS.IPv6.hosts,
    kubeconfig: layout.kubeconfig,
    auditLog: layout.auditLog,
    command: (host, argv) => inNetwork(layout, host, argv),
    exec,
    attempt: (host, argv, options) => finish(inNetwork(layout, host, argv), options),
    kubectl: (args, stdin) => administrator([programFile("kube", "kubectl"), ...args], stdin),
    helm: (args, stdin) => administrator([programFile("helm", "helm"), ...args], stdin),
    setNames: (names) => writeNames(layout, "tests", names),
    loadImage: async (archive) => {
      await Promise.all(nodes.map((node) => importImage(layout, node, archive)));
    },
  };
}

/** Returns the environment variables that configure kubectl and helm for this cluster. */
export function administratorEnvironment(layout: Layout): NodeJS.ProcessEnv {
  return {
    ...process.env,
    KUBECONFIG: layout.kubeconfig,
    KUBECACHEDIR: layout.path("kubectl-cache"),
    HELM_CACHE_HOME: layout.path("helm", "cache"),
    HELM_CONFIG_HOME: layout.path("helm", "config"),
    HELM_DATA_HOME: layout.path("helm", "data"),
  };
}
