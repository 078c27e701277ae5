import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Access } from "./credentials.ts";

const FOLDER = "/var/run/secrets/kubernetes.io/serviceaccount";

/** Returns the namespace of the pod that this program runs in; undefined outside of a pod. */
export async function inClusterNamespace(folder = FOLDER): Promise<string | undefined> {
  const text = await readFile(join(folder, "namespace"), "utf8").catch(() => "");
  return text.trim() === "" ? undefined : text.trim();
}

/**
 * What Kubernetes gives a pod to reach the API server: two variables and two files, which kubelet renews. The client library reads
 * them, too, but takes fifty megabytes of memory with its models of every kind.
 * @returns undefined outside of a pod
 */
export async function inClusterAccess(folder = FOLDER): Promise<Access | undefined> {
  const { KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: port } = process.env;
  if (host === undefined || port === undefined) return undefined;
  try {
    const [ca, token] = await Promise.all([
      readFile(join(folder, "ca.crt")),
      readFile(join(folder, "token"), "utf8"),
    ]);
    const url = `https://${host.includes(":") ? `[${host}]` : host}:${port}`;
    return { url, tls: { ca }, authorization: `Bearer ${token.trim()}` };
  } catch {
    return undefined;
  }
}
