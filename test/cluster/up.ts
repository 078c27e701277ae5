/** Starts a full cluster. */
import { mkdir } from "node:fs/promises";
import { type Cluster, handle } from "./cluster.ts";
import { Daemons } from "./daemons.ts";
import { remove } from "./down.ts";
import { type Family, usableFamilies } from "./families.ts";
import { clusterImages, BUSYBOX_IMAGE } from "./images/scratch.ts";
import { API_NODE, type Layout, nodes } from "./layout.ts";
import { createCgroups } from "./parts/cgroups.ts";
import { importImage, startContainerd } from "./parts/containerd.ts";
import { createCredentials, type Credentials, startApiServer, startControllers } from "./parts/control.ts";
import { startDns } from "./parts/dns.ts";
import { startKubelet, startProxy } from "./parts/kubelet.ts";
import { metallbObjects, metallbPool } from "./parts/metallb.ts";
import { createNetwork } from "./parts/network.ts";
import { awaitPolicyEngine, queuePackets, startPolicyEngine } from "./parts/network-policy.ts";
import { createNode, type NodeHandle } from "./parts/node.ts";
import { configurePodNetwork } from "./parts/pod-network.ts";
import { writeVolumes } from "./parts/storage.ts";
import { writeRecord } from "./record.ts";

const API_TIMEOUT_MS = 60_000;
const NODE_TIMEOUT_MS = 60_000;
const BALANCER_TIMEOUT_MS = 120_000;

/** Removes an earlier cluster with the same prefix, and then starts a cluster. */
export async function bringUp(layout: Layout, say: (line: string) => void): Promise<Cluster> {
  const step = timed(say);
  const daemons = new Daemons(layout);
  const { families, reason } = await usableFamilies();
  if (reason !== undefined)
    say(`note: the cluster has no IPv6, because this kernel does not support it: ${reason}`);
  const cluster = handle(layout, families);

  await step("remove an earlier cluster", () => remove(layout));
  const [credentials, archives] = await step("create networks, cgroups, certificates and images", () =>
    Promise.all([prepare(layout, families), clusterImages()]),
  );
  const handles = await step("start the API server and containerd on two nodes", () =>
    startFoundation(layout, daemons, credentials, archives, families),
  );
  await step("wait for the API server", () => awaitApi(cluster, daemons));
  await step("start controllers, kubelets and kube-proxies", () =>
    startKubernetes(layout, daemons, cluster, handles, credentials),
  );
  await step("wait for the nodes", () => awaitNodes(cluster, daemons));
  await step("wait for NetworkPolicy", () => awaitPolicy(layout, daemons));
  await step("wait for the load balancer", () => awaitBalancer(cluster, daemons));
  await writeRecord(layout, daemons.started, families);
  return cluster;
}

async function prepare(layout: Layout, families: readonly Family[]): Promise<Credentials> {
  await mkdir(layout.path("logs"), { recursive: true });
  const [credentials] = await Promise.all([
    createCredentials(layout),
    createNetwork(layout, families),
    createCgroups(layout),
  ]);
  return credentials;
}

async function startFoundation(
  layout: Layout,
  daemons: Daemons,
  credentials: Credentials,
  archives: readonly string[],
  families: readonly Family[],
): Promise<NodeHandle[]> {
  const handles = await Promise.all(nodes.map((name) => createNode(layout, daemons, name)));
  const [first] = handles;
  if (first) {
    await startApiServer(layout, daemons, first, credentials, families);
    await startDns(layout, daemons, first);
  }
  await Promise.all(
    handles.map(async (node) => {
      await configurePodNetwork(layout, node, families);
      for (const family of families) await queuePackets(layout, node.name, family);
      await startContainerd(daemons, node, BUSYBOX_IMAGE);
      for (const archive of archives) await importImage(layout, node.name, archive);
    }),
  );
  return handles;
}

async function awaitApi(cluster: Cluster, daemons: Daemons): Promise<void> {
  await daemons.until("the API server is ready", API_TIMEOUT_MS, "kube-apiserver", () => {
    return cluster.kubectl(["get", "--raw=/readyz"]);
  });
}

async function startKubernetes(
  layout: Layout,
  daemons: Daemons,
  cluster: Cluster,
  handles: readonly NodeHandle[],
  credentials: Credentials,
): Promise<void> {
  const [first] = handles;
  if (first) startControllers(layout, daemons, first, credentials);
  const objects = ["-f", "-", "-f", await writeVolumes(layout)];
  await cluster.kubectl(["apply", "--server-side", ...objects], await metallbObjects());
  for (const node of handles) {
    await startKubelet(layout, daemons, node, credentials, cluster.families);
    await startProxy(layout, daemons, node, cluster.families);
    startPolicyEngine(layout, daemons, node);
  }
}

async function awaitNodes(cluster: Cluster, daemons: Daemons): Promise<void> {
  const names = nodes.map((name) => `node/${name}`);
  await daemons.until("both nodes are Ready", NODE_TIMEOUT_MS, `kubelet-${nodes.at(-1)}`, () => {
    return cluster.kubectl(["wait", "--for=condition=Ready", ...names, "--timeout=5s"]);
  });
}

async function awaitPolicy(layout: Layout, daemons: Daemons): Promise<void> {
  for (const node of nodes) await awaitPolicyEngine(layout, daemons, node);
}

async function awaitBalancer(cluster: Cluster, daemons: Daemons): Promise<void> {
  const workloads = ["deployment/controller", "daemonset/speaker"];
  for (const workload of workloads) {
    await daemons.until(`MetalLB's ${workload} is ready`, BALANCER_TIMEOUT_MS, `kubelet-${API_NODE}`, () => {
      return cluster.kubectl(["-n", "metallb-system", "rollout", "status", workload, "--timeout=10s"]);
    });
  }
  // The API server rejects the pool until the MetalLB webhook responds. A kubelet updates the webhook certificate in
  // the pod once a minute and after each change to the pod.
  const touch = ["annotate", "pods", "--selector=component=controller", "--overwrite"];
  await daemons.until(
    "MetalLB accepts its address pool",
    BALANCER_TIMEOUT_MS,
    `kubelet-${API_NODE}`,
    async () => {
      await cluster.kubectl(["-n", "metallb-system", ...touch, `touched=${Date.now()}`]);
      await cluster.kubectl(["apply", "-f", "-"], metallbPool(cluster.families));
    },
  );
}

/** Runs a step and prints its duration. */
function timed(say: (line: string) => void) {
  return async <T>(title: string, work: () => Promise<T>): Promise<T> => {
    const start = Date.now();
    const tell = (outcome: string) =>
      say(`${((Date.now() - start) / 1000).toFixed(1).padStart(6)} s  ${title}${outcome}`);
    try {
      const result = await work();
      tell("");
      return result;
    } catch (error) {
      tell(": FAILED");
      throw error;
    }
  };
}
