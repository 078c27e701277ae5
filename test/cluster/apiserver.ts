/** Command lines of etcd and kube-apiserver for both kinds of test cluster. */
import { writeFile } from "node:fs/promises";
import type { Authority, KeyPair } from "./pki.ts";

export interface ApiServerSettings {
  readonly etcd: { readonly folder: string; readonly clientUrl: string; readonly peerUrl: string };
  readonly bindAddress: string;
  readonly advertiseAddress: string;
  readonly port: number;
  readonly serviceRange: string;
  readonly authority: Authority;
  readonly serving: KeyPair;
  /** Administrator certificate that the API server presents to kubelets. */
  readonly kubeletClient: KeyPair;
  /**
   * Certificates for API aggregation: the proxy client certificate of the API server, and the certificate of its
   * issuer.
   */
  readonly frontProxy?: { readonly ca: KeyPair; readonly client: KeyPair };
  readonly auditPolicy: string;
  readonly auditLog: string;
}

/** Common name of the proxy client certificate of the API server. */
export const FRONT_PROXY_NAME = "front-proxy-client";

/** Audit policy that writes one line for each completed request, without request and response bodies. */
export async function writeAuditPolicy(file: string): Promise<void> {
  const policy = {
    apiVersion: "audit.k8s.io/v1",
    kind: "Policy",
    omitStages: ["RequestReceived"],
    rules: [{ level: "Metadata" }],
  };
  await writeFile(file, JSON.stringify(policy));
}

export function etcdArguments({ etcd }: ApiServerSettings): string[] {
  return [
    `--data-dir=${etcd.folder}`,
    `--listen-client-urls=${etcd.clientUrl}`,
    `--advertise-client-urls=${etcd.clientUrl}`,
    `--listen-peer-urls=${etcd.peerUrl}`,
    `--initial-advertise-peer-urls=${etcd.peerUrl}`,
    `--initial-cluster=default=${etcd.peerUrl}`,
    // Writes to etcd need no fsync, because the data is deleted with the cluster.
    "--unsafe-no-fsync",
  ];
}

export function apiServerArguments(settings: ApiServerSettings): string[] {
  const { authority, serving, kubeletClient } = settings;
  return [
    `--etcd-servers=${settings.etcd.clientUrl}`,
    `--bind-address=${settings.bindAddress}`,
    `--advertise-address=${settings.advertiseAddress}`,
    `--secure-port=${settings.port}`,
    `--service-cluster-ip-range=${settings.serviceRange}`,
    `--tls-cert-file=${serving.certificate}`,
    `--tls-private-key-file=${serving.key}`,
    `--client-ca-file=${authority.ca.certificate}`,
    "--authorization-mode=Node,RBAC",
    "--service-account-issuer=https://kubernetes.default.svc",
    `--service-account-key-file=${authority.serviceAccount.publicKey}`,
    `--service-account-signing-key-file=${authority.serviceAccount.key}`,
    `--kubelet-client-certificate=${kubeletClient.certificate}`,
    `--kubelet-client-key=${kubeletClient.key}`,
    `--kubelet-certificate-authority=${authority.ca.certificate}`,
    // With node names, the API server would need DNS to connect to kubelets.
    "--kubelet-preferred-address-types=InternalIP",
    "--allow-privileged=true",
    `--audit-policy-file=${settings.auditPolicy}`,
    `--audit-log-path=${settings.auditLog}`,
    "--audit-log-format=json",
    // Size limit in megabytes. The limit is so large that the log is not rotated during tests.
    "--audit-log-maxsize=4096",
    ...aggregationArguments(settings),
  ];
}

/**
 * Returns the flags for API aggregation. With these flags, the API server adds headers that identify the user to each
 * request that it forwards to an extension API server.
 */
function aggregationArguments({ frontProxy }: ApiServerSettings): string[] {
  if (!frontProxy) return [];
  return [
    `--requestheader-client-ca-file=${frontProxy.ca.certificate}`,
    `--requestheader-allowed-names=${FRONT_PROXY_NAME}`,
    "--requestheader-username-headers=X-Remote-User",
    "--requestheader-group-headers=X-Remote-Group",
    "--requestheader-extra-headers-prefix=X-Remote-Extra-",
    `--proxy-client-cert-file=${frontProxy.client.certificate}`,
    `--proxy-client-key-file=${frontProxy.client.key}`,
  ];
}
