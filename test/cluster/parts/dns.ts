/**
 * Cluster DNS that resolves only the names in a folder of hosts files. The only Service with a DNS name is
 * `kubernetes`. Tests add names with `Cluster.setNames`.
 */
import { mkdir, rename, writeFile } from "node:fs/promises";
import type { Daemons } from "../daemons.ts";
import { API_NODE, API_SERVICE, hosts, type Layout } from "../layout.ts";
import { inTemporaryFolder } from "../temporary.ts";
import type { NodeHandle } from "./node.ts";

/** Address of the DNS server. */
export const DNS_ADDRESS = hosts[API_NODE];
export const CLUSTER_DOMAIN = "cluster.local";

/** Addresses of each name. */
export type Names = Readonly<Record<string, string | readonly string[]>>;

export async function startDns(layout: Layout, daemons: Daemons, node: NodeHandle): Promise<void> {
  await mkdir(layout.path("dns"));
  await writeNames(layout, "cluster", { [`kubernetes.default.svc.${CLUSTER_DOMAIN}`]: API_SERVICE });
  const args = [
    "--keep-in-foreground",
    "--log-facility=-",
    "--user=root",
    "--pid-file=",
    "--conf-file=/dev/null",
    "--no-resolv",
    "--no-hosts",
    "--local=/#/",
    "--bind-interfaces",
    `--listen-address=${DNS_ADDRESS}`,
    `--hostsdir=${layout.path("dns")}`,
  ];
  daemons.start(node.name, "dnsmasq", node.inside(["dnsmasq", ...args]));
}

/** Replaces a group of names. dnsmasq detects changes in the folder. */
export async function writeNames(layout: Layout, group: string, names: Names): Promise<void> {
  const lines = Object.entries(names).flatMap(([name, addresses]) =>
    [addresses].flat().map((address) => `${address} ${name}\n`),
  );
  // The file is renamed into the folder after it is complete, because dnsmasq would also read an incomplete file.
  await inTemporaryFolder(async (folder) => {
    const file = `${folder}/names`;
    await writeFile(file, lines.join(""));
    await rename(file, layout.path("dns", group));
  });
}
