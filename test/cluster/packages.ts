/** Debian packages that a full cluster and its end-to-end tests need. */
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { runInteractive } from "./run.ts";

/** From package to a file or command of it that we use. */
const needed: Readonly<Record<string, string>> = {
  buildah: "buildah",
  // The package called busybox has the program, too, but one that needs libraries.
  "busybox-static": "/usr/share/doc/busybox-static",
  "ca-certificates": "/etc/ssl/certs/ca-certificates.crt",
  conntrack: "conntrack",
  containerd: "containerd",
  "containernetworking-plugins": "/usr/lib/cni/host-local",
  curl: "curl",
  "dnsmasq-base": "dnsmasq",
  haproxy: "haproxy",
  iproute2: "ip",
  ipset: "ipset",
  iptables: "iptables-nft",
  lftp: "lftp",
  nftables: "nft",
  openssl: "openssl",
  procps: "sysctl",
  python3: "python3",
  runc: "runc",
  wget: "wget",
};

/** What some tests do without, and skip themselves. */
const helpful: Readonly<Record<string, string>> = {
  "lua5.1": "lua5.1",
  prometheus: "promtool",
  rclone: "rclone",
};

/** The packages of which nothing is installed. */
export function missingPackages(
  isInstalled: (file: string) => boolean = isOnThisMachine,
  packages = needed,
): string[] {
  return Object.entries(packages)
    .filter(([, file]) => !isInstalled(file))
    .map(([name]) => name);
}

/** @throws Error with the line that installs what is missing. */
export function requirePackages(): void {
  const missing = missingPackages();
  if (missing.length > 0) {
    throw new Error(
      `programs are missing; on Debian: apt-get install --no-install-recommends ${missing.join(" ")}`,
    );
  }
}

/** Installs what is missing, with Debian's own tools. Needs root. */
export async function installPackages(say: (line: string) => void): Promise<void> {
  const missing = missingPackages(undefined, { ...needed, ...helpful });
  if (missing.length === 0) return;
  say(`installing ${missing.join(" ")}`);
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  const commands = [
    ["apt-get", "update", "-q"],
    ["apt-get", "install", "-q", "-y", "--no-install-recommends", ...missing],
  ];
  for (const command of commands) {
    const code = await runInteractive(command, env);
    if (code !== 0) throw new Error(`${command.join(" ")} ended with ${code}`);
  }
  // Where services start on installation, containerd's would be one: clusters run their own, and it harms nothing.
  requirePackages();
}

/** Administrators' programs are not in every user's PATH. */
const ADMINISTRATOR_FOLDERS = ["/usr/local/sbin", "/usr/sbin", "/sbin"];

function isOnThisMachine(file: string): boolean {
  if (file.startsWith("/")) return existsSync(file);
  const folders = [...(process.env["PATH"] ?? "").split(delimiter), ...ADMINISTRATOR_FOLDERS];
  return folders.some((folder) => existsSync(join(folder, file)));
}
