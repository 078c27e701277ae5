/** Network namespaces of all hosts, joined by a bridge that lies in a namespace of its own. */
import {
  type Host,
  hostNames,
  hosts,
  inNetwork,
  type Layout,
  namespaceOwners,
  type NamespaceOwner,
  type Node,
  nodes,
  podRanges,
} from "../layout.ts";
import { run } from "../run.ts";

export async function createNetwork(layout: Layout): Promise<void> {
  await run(["ip", "netns", "add", layout.namespace("lan")]);
  await ip(layout, "lan", ["link add br0 type bridge", "link set br0 up"]);
  await Promise.all(hostNames.map((host) => createHost(layout, host)));
  for (const node of nodes) await routeNode(layout, node);
}

async function createHost(layout: Layout, host: Host): Promise<void> {
  const namespace = layout.namespace(host);
  await run(["ip", "netns", "add", namespace]);
  await ip(layout, "lan", [
    `link add to-${host} type veth peer name eth0 netns ${namespace}`,
    `link set to-${host} master br0 up`,
  ]);
  await ip(layout, host, ["link set lo up", `addr add ${hosts[host]}/24 dev eth0`, "link set eth0 up"]);
}

/** Nodes forward for their pods and know where the other node's pods are. */
async function routeNode(layout: Layout, node: Node): Promise<void> {
  const peers = nodes.filter((peer) => peer !== node);
  // kubelet wants a default route; nobody answers behind this one.
  const routes = peers.map((peer) => `route add ${podRanges[peer]} via ${hosts[peer]}`);
  await ip(layout, node, [`route add default via ${hosts.client}`, ...routes]);
  await run(inNetwork(layout, node, ["sysctl", "-qw", "net.ipv4.ip_forward=1"]));
}

/** Several ip commands in one process. */
async function ip(layout: Layout, host: NamespaceOwner, commands: readonly string[]): Promise<void> {
  await run(inNetwork(layout, host, ["ip", "-batch", "-"]), { stdin: `${commands.join("\n")}\n` });
}

export async function removeNetwork(layout: Layout): Promise<void> {
  const existing = await run(["ip", "netns", "list"]);
  const names = new Set(existing.split("\n").map((line) => line.split(" ")[0]));
  for (const host of namespaceOwners) {
    const namespace = layout.namespace(host);
    if (names.has(namespace)) await run(["ip", "netns", "delete", namespace]);
  }
}
