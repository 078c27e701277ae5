/**
 * Enforces NetworkPolicies: kube-network-policies accepts or drops the first packet of each connection from or to a
 * pod.
 */
import type { Daemons } from "../daemons.ts";
import { type Family, NETWORKS } from "../families.ts";
import { inNetwork, type Layout, type Node } from "../layout.ts";
import { programFile } from "../programs.ts";
import { run } from "../run.ts";
import type { NodeHandle } from "./node.ts";

const QUEUE = 100;
const START_TIMEOUT_MS = 60_000;

const daemonName = (node: Node): string => `network-policy-${node}`;

/**
 * Queues packets for kube-network-policies after the destination NAT for Services and before source NAT. Only packets
 * from or to pods on this node are queued, because packets have their final source address on the node of the pod.
 * Packets that the node sends, such as probes, are not queued. The kernel drops all queued packets while
 * kube-network-policies is not running.
 */
export async function queuePackets(layout: Layout, node: Node, family: Family): Promise<void> {
  const { iptables, podsOf } = NETWORKS[family];
  const known = ["-m", "conntrack", "!", "--ctstate", "ESTABLISHED,RELATED"];
  const foreign = ["-m", "addrtype", "!", "--src-type", "LOCAL"];
  for (const direction of ["-s", "-d"]) {
    const pods = [direction, podsOf[node]];
    const queue = ["-j", "NFQUEUE", "--queue-num", String(QUEUE)];
    const rule = ["-t", "mangle", "-A", "POSTROUTING", ...pods, ...known, ...foreign, ...queue];
    await run(inNetwork(layout, node, [iptables, "-w", ...rule]));
  }
}

export function startPolicyEngine(layout: Layout, daemons: Daemons, node: NodeHandle): void {
  const engine = programFile("kube", "kube-network-policies");
  const args = [`--kubeconfig=${layout.kubeconfig}`, `--node=${node.name}`, `--queue=${QUEUE}`];
  daemons.start(node.name, daemonName(node.name), node.inside([engine, ...args]));
}

/** Waits until kube-network-policies has read the policies and receives packets. */
export async function awaitPolicyEngine(layout: Layout, daemons: Daemons, node: Node): Promise<void> {
  const name = daemonName(node);
  const queues = inNetwork(layout, node, ["cat", "/proc/net/netfilter/nfnetlink_queue"]);
  await daemons.until(`${name} takes packets`, START_TIMEOUT_MS, name, async () => {
    const listening = (await run(queues))
      .split("\n")
      .some((line) => Number(line.trim().split(/\s+/)[0]) === QUEUE);
    if (!listening) throw new Error(`no process reads queue ${QUEUE}`);
  });
}
