/** Defines the IP families of a full cluster, and the networks in each family. */
import { finish } from "./run.ts";

export type Family = "IPv4" | "IPv6";

interface FamilyNetworks {
  /** Addresses of the nodes and of the outside hosts in one network. */
  readonly hosts: Readonly<Record<"n1" | "n2" | "client" | "other", string>>;
  /** Prefix length of the host network. */
  readonly hostPrefix: number;
  readonly pods: string;
  /** Subnet of `pods` for each node, which assigns its pod addresses from this subnet. */
  readonly podsOf: Readonly<Record<"n1" | "n2", string>>;
  readonly services: string;
  /** Addresses that the load balancer can assign. */
  readonly balancer: string;
  readonly anywhere: string;
  /** Name of the family in nftables. */
  readonly nftables: "ip" | "ip6";
  readonly iptables: string;
  readonly forwarding: string;
}

/**
 * Networks for documentation and benchmarks (RFC 5737, RFC 2544, RFC 3849). No real host uses addresses from these
 * networks.
 */
export const NETWORKS = {
  IPv4: {
    hosts: { n1: "198.51.100.11", n2: "198.51.100.12", client: "198.51.100.2", other: "198.51.100.3" },
    hostPrefix: 24,
    pods: "198.18.0.0/16",
    podsOf: { n1: "198.18.1.0/24", n2: "198.18.2.0/24" },
    services: "198.19.0.0/16",
    balancer: "198.51.100.192/28",
    anywhere: "0.0.0.0/0",
    nftables: "ip",
    iptables: "iptables-nft",
    forwarding: "net.ipv4.ip_forward",
  },
  IPv6: {
    hosts: {
      n1: "2001:db8:51::11",
      n2: "2001:db8:51::12",
      client: "2001:db8:51::2",
      other: "2001:db8:51::3",
    },
    hostPrefix: 64,
    pods: "2001:db8:18::/48",
    podsOf: { n1: "2001:db8:18:1::/64", n2: "2001:db8:18:2::/64" },
    services: "2001:db8:19::/112",
    balancer: "2001:db8:51::c0/124",
    anywhere: "::/0",
    nftables: "ip6",
    iptables: "ip6tables-nft",
    forwarding: "net.ipv6.conf.all.forwarding",
  },
} as const satisfies Readonly<Record<Family, FamilyNetworks>>;

/**
 * Shell script that tests whether the commands for a dual-stack cluster succeed. When the shell exits, the kernel
 * removes the network namespace of the shell.
 */
const TRY_IPV6 = `
set -e
echo 0 > /proc/sys/net/ipv6/conf/all/disable_ipv6
ip link set lo up
ip address add 2001:db8::1/128 dev lo
nft 'add table ip6 probe; add chain ip6 probe nat { type nat hook postrouting priority 0; }'
ip6tables-nft --table mangle --append POSTROUTING --jump NFQUEUE --queue-num 1
`;

export interface UsableFamilies {
  /** Supported IP families. IPv4 is first because it is the primary family of the cluster. */
  readonly families: readonly Family[];
  /** Reason why IPv6 is not supported. */
  readonly reason?: string;
}

/** Returns the IP families that the kernel of this machine supports for a cluster. Requires root. */
export async function usableFamilies(): Promise<UsableFamilies> {
  const { code, stderr } = await finish(["unshare", "--net", "sh", "-c", TRY_IPV6]);
  if (code === 0) return { families: ["IPv4", "IPv6"] };
  const [reason = `the probe ended with ${code}`] = stderr.trim().split("\n");
  return { families: ["IPv4"], reason };
}
