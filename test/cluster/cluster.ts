/** A handle on a running full cluster, for end-to-end tests, the demo and the command line. */
import { type Family, NETWORKS } from "./families.ts";
import { API_NODE, type Host, hosts, inNetwork, type Layout, nodes } from "./layout.ts";
import { importImage } from "./parts/containerd.ts";
import { type Names, writeNames } from "./parts/dns.ts";
import { programFile } from "./programs.ts";
import { finish, type Finished, run, type RunOptions } from "./run.ts";

export interface Cluster {
  readonly prefix: string;
  /** Folder of this cluster's files; logs are in `logs/` below it. */
  readonly folder: string;
  /** Address families of the nodes, pods, Services and clients; IPv4 is the primary one. */
  readonly families: readonly Family[];
  /** IPv4 addresses of the nodes n1 and n2 and of the outside clients client and other. */
  readonly hosts: typeof hosts;
  /** Their IPv6 addresses; unused unless `families` names IPv6. */
  readonly hosts6: typeof NETWORKS.IPv6.hosts;
  /** Path of a kubeconfig with system:masters rights, good inside the hosts' networks. */
  readonly kubeconfig: string;
  /** Path of the API server's audit log: one JSON object a line, level Metadata. */
  readonly auditLog: string;
  /** The command that runs another in a host's network, for whoever wants to spawn it himself. */
  readonly command: (host: Host, argv: readonly string[]) => string[];
  /** Runs a command in a host's network and returns what it prints. @throws CommandError */
  readonly exec: (host: Host, argv: readonly string[], options?: RunOptions) => Promise<string>;
  /** The same, for commands that may fail: gives exit code and both outputs. */
  readonly attempt: (host: Host, argv: readonly string[], options?: RunOptions) => Promise<Finished>;
  /** Runs kubectl as administrator. @throws CommandError */
  readonly kubectl: (args: readonly string[], stdin?: string) => Promise<string>;
  /** Runs helm as administrator. @throws CommandError */
  readonly helm: (args: readonly string[], stdin?: string) => Promise<string>;
  /** Replaces the names that pods can look up, but for `kubernetes.default.svc`; for instance `{"ftp.example.test": "198.51.100.2"}`. */
  readonly setNames: (names: Names) => Promise<void>;
  /** Imports an OCI archive into both nodes. */
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

/** Environment in which kubectl and helm act on this cluster and keep their files in its folder. */
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
