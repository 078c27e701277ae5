/** Pod networking and NetworkPolicy: Calico's CNI plugin and its policy engine Felix. */
import { copyFile, mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import type { Daemons } from "../daemons.ts";
import { type Layout, POD_RANGE, podRanges } from "../layout.ts";
import { programFile } from "../programs.ts";
import type { Credentials } from "./control.ts";
import type { NodeHandle } from "./node.ts";

const HEALTH_PORT = 9099;
/** Where Debian's containernetworking-plugins are. */
const CNI_PLUGINS = "/usr/lib/cni";

/** The custom resource definitions, to be applied before `calicoObjects`. */
export const calicoDefinitions = (): string => programFile("calico", "crd");

/** What Felix and the plugin expect in the API before the first pod: their roles, bindings and Calico's own objects. */
export async function calicoObjects(): Promise<string> {
  const published = await readFile(programFile("calico", "calico.yaml"), "utf8");
  const roles = selectRoles(published, ["calico-node", "calico-cni-plugin"]);
  const objects = [
    {
      apiVersion: "crd.projectcalico.org/v1",
      kind: "ClusterInformation",
      metadata: { name: "default" },
      spec: { datastoreReady: true, clusterType: "k8s", calicoVersion: "v3.28.5" },
    },
    {
      // Pods reach the outside clients, who know no way to a pod's address, with their node's address.
      apiVersion: "crd.projectcalico.org/v1",
      kind: "IPPool",
      metadata: { name: "pods" },
      spec: { cidr: POD_RANGE, natOutgoing: true, ipipMode: "Never", vxlanMode: "Never" },
    },
    binding("calico-node"),
    binding("calico-cni-plugin"),
  ];
  return [...roles, ...objects.map((object) => JSON.stringify(object))].join("\n---\n");
}

/** The ClusterRoles of these names out of a file of many YAML documents, as they are written there. */
export function selectRoles(manifest: string, names: readonly string[]): string[] {
  return manifest.split(/^---$/m).filter((document) => {
    const name = /^ {2}name: (.*)$/m.exec(document)?.[1];
    return /^kind: ClusterRole$/m.test(document) && name !== undefined && names.includes(name);
  });
}

function binding(name: string): object {
  const group = "rbac.authorization.k8s.io";
  return {
    apiVersion: `${group}/v1`,
    kind: "ClusterRoleBinding",
    metadata: { name },
    roleRef: { apiGroup: group, kind: "ClusterRole", name },
    subjects: [{ apiGroup: group, kind: "User", name }],
  };
}

/** Puts the CNI plugins and their configuration where containerd looks for them. */
export async function configurePodNetwork(
  layout: Layout,
  node: NodeHandle,
  credentials: Credentials,
): Promise<void> {
  const { name, folder } = node;
  await mkdir(`${folder}/cni/bin`, { recursive: true });
  await mkdir(`${folder}/cni/net.d`, { recursive: true });
  for (const plugin of ["loopback", "host-local", "portmap"]) {
    await symlink(`${CNI_PLUGINS}/${plugin}`, `${folder}/cni/bin/${plugin}`);
  }
  await copyFile(programFile("calico", "calico"), `${folder}/cni/bin/calico`);
  const calico = {
    type: "calico",
    log_level: "info",
    log_file_path: layout.log(`cni-${name}`),
    datastore_type: "kubernetes",
    nodename: name,
    nodename_file_optional: true,
    mtu: 1500,
    ipam: { type: "host-local", subnet: podRanges[name], dataDir: `${folder}/cni/data` },
    policy: { type: "k8s" },
    kubernetes: { kubeconfig: credentials.calicoPlugin },
  };
  const portmap = { type: "portmap", snat: true, capabilities: { portMappings: true } };
  const list = { name: "pods", cniVersion: "0.3.1", plugins: [calico, portmap] };
  await writeFile(`${folder}/cni/net.d/10-calico.conflist`, JSON.stringify(list, null, 2));
}

const felixSettings = {
  DATASTORETYPE: "kubernetes",
  IPTABLESBACKEND: "nft",
  DEFAULTENDPOINTTOHOSTACTION: "ACCEPT",
  IPV6SUPPORT: "false",
  IPINIPENABLED: "false",
  VXLANENABLED: "false",
  WIREGUARDENABLED: "false",
  BPFENABLED: "false",
  XDPENABLED: "false",
  USAGEREPORTINGENABLED: "false",
  LOGSEVERITYSCREEN: "info",
  LOGFILEPATH: "none",
  LOGSEVERITYFILE: "none",
  LOGSEVERITYSYS: "none",
  HEALTHENABLED: "true",
  HEALTHHOST: "127.0.0.1",
  HEALTHPORT: String(HEALTH_PORT),
};

/** Starts the policy engine; it is ready when `felixHealthUrl` answers 204 inside the node. */
export function startFelix(daemons: Daemons, node: NodeHandle, credentials: Credentials): void {
  const settings = { ...felixSettings, FELIXHOSTNAME: node.name };
  const environment = Object.entries(settings).map(([name, value]) => `FELIX_${name}=${value}`);
  const felix = [programFile("calico", "calico-felix"), `--config-file=${node.folder}/felix.cfg`];
  daemons.start(
    node.name,
    `felix-${node.name}`,
    node.inside(["env", `KUBECONFIG=${credentials.calicoNode}`, ...environment, ...felix]),
  );
}

export const felixHealthUrl = `http://127.0.0.1:${HEALTH_PORT}/readiness`;
