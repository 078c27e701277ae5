/** The control plane of a full cluster. The processes run in the network namespace of the first node. */
import { mkdir } from "node:fs/promises";
import {
  apiServerArguments,
  type ApiServerSettings,
  etcdArguments,
  FRONT_PROXY_NAME,
  writeAuditPolicy,
} from "../apiserver.ts";
import type { Daemons } from "../daemons.ts";
import { type Family, NETWORKS } from "../families.ts";
import { API_NODE, API_PORT, API_SERVICE, hosts, type Layout, nodes } from "../layout.ts";
import { Authority, type KeyPair, writeKubeconfig } from "../pki.ts";
import { programFile } from "../programs.ts";
import type { NodeHandle } from "./node.ts";

const API_URL = `https://${hosts[API_NODE]}:${API_PORT}`;

export interface Credentials {
  readonly authority: Authority;
  readonly apiServer: KeyPair;
  readonly admin: KeyPair;
  readonly frontProxy: { readonly ca: KeyPair; readonly client: KeyPair };
  /** Certificate that the kubelet on each node uses as its serving certificate and client certificate. */
  readonly kubelets: ReadonlyMap<string, KeyPair>;
}

export async function createCredentials(layout: Layout): Promise<Credentials> {
  const pki = layout.path("pki");
  await mkdir(pki, { recursive: true });
  const [authority, frontProxy] = await Promise.all([
    Authority.create(pki),
    createFrontProxy(layout.path("pki", "front-proxy")),
  ]);
  const kubelet = async (node: (typeof nodes)[number]) => {
    const names = [`DNS:${node}`, `IP:${hosts[node]}`];
    const pair = await authority.issue(node, `/O=system:nodes/CN=system:node:${node}`, names);
    await writeKubeconfig(layout.path(`${node}.kubeconfig`), API_URL, authority.ca.certificate, pair);
    return [node, pair] as const;
  };
  const apiNames = [
    `IP:${hosts[API_NODE]}`,
    "IP:127.0.0.1",
    `IP:${API_SERVICE}`,
    "DNS:kubernetes.default.svc",
  ];
  const [apiServer, admin, ...kubelets] = await Promise.all([
    authority.issue("apiserver", "/CN=kube-apiserver", apiNames),
    authority.issue("admin", "/O=system:masters/CN=admin", ["DNS:admin"]),
    ...nodes.map(kubelet),
  ]);
  await writeKubeconfig(layout.kubeconfig, API_URL, authority.ca.certificate, admin);
  return { authority, apiServer, admin, frontProxy, kubelets: new Map(kubelets) };
}

/**
 * Creates the proxy client certificate with a separate authority, because certificates from this authority can
 * impersonate every user.
 */
async function createFrontProxy(folder: string): Promise<Credentials["frontProxy"]> {
  await mkdir(folder, { recursive: true });
  const authority = await Authority.create(folder);
  const client = await authority.issue("client", `/CN=${FRONT_PROXY_NAME}`, [`DNS:${FRONT_PROXY_NAME}`]);
  return { ca: authority.ca, client };
}

/** Starts etcd and the API server. Does not wait until the API server is ready. */
export async function startApiServer(
  layout: Layout,
  daemons: Daemons,
  node: NodeHandle,
  credentials: Credentials,
  families: readonly Family[],
): Promise<void> {
  const settings: ApiServerSettings = {
    etcd: {
      folder: layout.path("etcd"),
      clientUrl: "http://127.0.0.1:2379",
      peerUrl: "http://127.0.0.1:2380",
    },
    bindAddress: "0.0.0.0",
    advertiseAddress: hosts[API_NODE],
    port: API_PORT,
    serviceRange: families.map((family) => NETWORKS[family].services).join(),
    authority: credentials.authority,
    serving: credentials.apiServer,
    kubeletClient: credentials.admin,
    frontProxy: credentials.frontProxy,
    auditPolicy: layout.path("audit-policy.json"),
    auditLog: layout.auditLog,
  };
  await writeAuditPolicy(settings.auditPolicy);
  const start = (name: string, args: readonly string[]) =>
    daemons.start(node.name, name, node.inside([programFile("kube", name), ...args]));
  start("etcd", etcdArguments(settings));
  start("kube-apiserver", apiServerArguments(settings));
}

/**
 * Starts the controller manager and the scheduler. The API server must already be ready, because the controller manager
 * and the scheduler would otherwise exit.
 */
export function startControllers(
  layout: Layout,
  daemons: Daemons,
  node: NodeHandle,
  credentials: Credentials,
): void {
  const kubeconfig = `--kubeconfig=${layout.kubeconfig}`;
  const start = (name: string, args: readonly string[]) =>
    daemons.start(
      node.name,
      name,
      node.inside([programFile("kube", name), kubeconfig, "--leader-elect=false", ...args]),
    );
  const { authority } = credentials;
  start("kube-controller-manager", [
    `--service-account-private-key-file=${authority.serviceAccount.key}`,
    `--root-ca-file=${authority.ca.certificate}`,
    "--use-service-account-credentials",
    // The default synchronization period of 15 seconds would delay the autoscaling tests.
    "--horizontal-pod-autoscaler-sync-period=2s",
  ]);
  start("kube-scheduler", []);
}
