/** Runs the kubelet and kube-proxy on one node. */
import { writeFile } from "node:fs/promises";
import type { Daemons } from "../daemons.ts";
import { type Family, NETWORKS } from "../families.ts";
import type { Layout } from "../layout.ts";
import { programFile } from "../programs.ts";
import { containerdSocket } from "./containerd.ts";
import type { Credentials } from "./control.ts";
import { CLUSTER_DOMAIN, DNS_ADDRESS } from "./dns.ts";
import type { NodeHandle } from "./node.ts";

export async function startKubelet(
  layout: Layout,
  daemons: Daemons,
  node: NodeHandle,
  { authority, kubelets }: Credentials,
  families: readonly Family[],
): Promise<void> {
  const { name, folder } = node;
  const serving = kubelets.get(name);
  const config = {
    apiVersion: "kubelet.config.k8s.io/v1beta1",
    kind: "KubeletConfiguration",
    authentication: {
      anonymous: { enabled: false },
      webhook: { enabled: true },
      x509: { clientCAFile: authority.ca.certificate },
    },
    authorization: { mode: "Webhook" },
    tlsCertFile: serving?.certificate,
    tlsPrivateKeyFile: serving?.key,
    containerRuntimeEndpoint: `unix://${containerdSocket(node)}`,
    cgroupDriver: "cgroupfs",
    cgroupRoot: `/${layout.cgroup(name)}`,
    failCgroupV1: false,
    failSwapOn: false,
    podLogsDir: `${folder}/podlogs`,
    // Disables pod eviction and image deletion based on disk usage, because other programs share the disk of this
    // machine.
    imageGCHighThresholdPercent: 100,
    evictionHard: { "memory.available": "50Mi", "nodefs.available": "0%", "imagefs.available": "0%" },
    enforceNodeAllocatable: [],
    resolvConf: "",
    clusterDNS: [DNS_ADDRESS],
    clusterDomain: CLUSTER_DOMAIN,
  };
  const file = `${folder}/kubelet.json`;
  await writeFile(file, JSON.stringify(config, null, 2));
  const args = [
    `--kubeconfig=${layout.path(`${name}.kubeconfig`)}`,
    `--config=${file}`,
    `--node-ip=${families.map((family) => NETWORKS[family].hosts[name]).join()}`,
    `--hostname-override=${name}`,
    `--root-dir=${folder}/kubelet`,
    "--v=2",
  ];
  daemons.start(name, `kubelet-${name}`, node.inside([programFile("kube", "kubelet"), ...args]));
}

export async function startProxy(
  layout: Layout,
  daemons: Daemons,
  node: NodeHandle,
  families: readonly Family[],
): Promise<void> {
  const config = {
    apiVersion: "kubeproxy.config.k8s.io/v1alpha1",
    kind: "KubeProxyConfiguration",
    mode: "nftables",
    clusterCIDR: families.map((family) => NETWORKS[family].pods).join(),
    hostnameOverride: node.name,
    clientConnection: { kubeconfig: layout.kubeconfig },
    // The value 0 keeps the kernel settings, which apply to the entire machine.
    conntrack: { maxPerCore: 0, min: 0, tcpEstablishedTimeout: "0s", tcpCloseWaitTimeout: "0s" },
  };
  const file = `${node.folder}/kube-proxy.json`;
  await writeFile(file, JSON.stringify(config, null, 2));
  const name = `kube-proxy-${node.name}`;
  daemons.start(
    node.name,
    name,
    node.inside([programFile("kube", "kube-proxy"), `--config=${file}`, "--v=2"]),
  );
}
