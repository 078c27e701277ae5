import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { KubeConfig } from "@kubernetes/client-node";
import { KubeError } from "./errors.ts";

/** URL and credentials of the API server. */
export interface Access {
  /** Base URL without a trailing slash. */
  url: string;
  /** TLS options for node:tls. */
  tls: { ca?: Buffer; cert?: Buffer; key?: Buffer; servername?: string; rejectUnauthorized?: boolean };
  /** Value of the `Authorization` header. */
  authorization: string | undefined;
}

/**
 * Time in milliseconds after which the operator reads credentials again. The kubelet renews the token of a pod long
 * before the token expires.
 */
const ACCESS_LIFETIME_MILLISECONDS = 60_000;

/**
 * Reads credentials from the same sources as kubectl. Reads the credentials again after one minute, or after the API
 * server has rejected the credentials.
 */
export class Credentials {
  readonly #file: string | undefined;
  #access: Promise<Access> | undefined;
  /** Result of the last successful read. */
  #current: Access | undefined;
  #readAt = 0;

  /**
   * @param file path of a kubeconfig file. Defaults to `$KUBECONFIG`, `~/.kube/config`, or the service account of the
   *   pod.
   */
  constructor(file?: string) {
    this.#file = file;
  }

  current(): Promise<Access> {
    const now = performance.now();
    if (this.#access === undefined || now - this.#readAt > ACCESS_LIFETIME_MILLISECONDS) {
      const access = readAccess(this.#file);
      this.#readAt = now;
      this.#access = access;
      // Failures are not cached, because the kubeconfig file can be incomplete while another program writes the file.
      access.then(
        (read) => (this.#current = read),
        () => {
          if (this.#access === access) this.#access = undefined;
        },
      );
    }
    return this.#access;
  }

  /**
   * Discards the cached credentials, unless they are newer than `rejected`. The next call reads the credentials again.
   */
  expire(rejected: Access): void {
    if (this.#current === rejected) this.#access = undefined;
  }
}

async function readAccess(file: string | undefined): Promise<Access> {
  return (hasKubeconfig(file) ? undefined : await inClusterAccess()) ?? (await fromKubeconfig(file));
}

/**
 * Returns whether the path of a kubeconfig file is configured, or whether such a file exists at kubectl's default path.
 */
function hasKubeconfig(file: string | undefined): boolean {
  const named = file ?? process.env["KUBECONFIG"];
  const { HOME } = process.env;
  return named !== undefined || (HOME !== undefined && existsSync(join(HOME, ".kube/config")));
}

async function fromKubeconfig(file: string | undefined): Promise<Access> {
  const library = await import("@kubernetes/client-node");
  const config = new library.KubeConfig();
  if (file === undefined) config.loadFromDefault();
  else config.loadFromFile(file);
  const cluster = config.getCurrentCluster();
  if (cluster === null)
    throw new KubeError("Unauthorized", "the current context of the kubeconfig has no cluster");
  const options: Parameters<KubeConfig["applyToHTTPSOptions"]>[0] = {};
  await config.applyToHTTPSOptions(options);
  const { ca, cert, key, rejectUnauthorized } = options;
  const authorization = authorizationOf(options);
  return {
    url: cluster.server.replace(/\/+$/, ""),
    tls: {
      ...(Buffer.isBuffer(ca) && { ca }),
      ...(Buffer.isBuffer(cert) && { cert }),
      ...(Buffer.isBuffer(key) && { key }),
      ...(cluster.tlsServerName !== undefined && { servername: cluster.tlsServerName }),
      ...(rejectUnauthorized !== undefined && { rejectUnauthorized }),
    },
    authorization,
  };
}

function authorizationOf({
  headers,
  auth,
}: {
  headers?: object | readonly string[];
  auth?: string | null;
}): string | undefined {
  if (auth) return `Basic ${Buffer.from(auth).toString("base64")}`;
  const found = Object.entries(headers ?? {}).find(([name]) => name.toLowerCase() === "authorization");
  return found === undefined ? undefined : String(found[1]);
}

const SERVICE_ACCOUNT_FOLDER = "/var/run/secrets/kubernetes.io/serviceaccount";

/** Returns the namespace of the pod that runs this program. Returns undefined outside a pod. */
export async function inClusterNamespace(folder = SERVICE_ACCOUNT_FOLDER): Promise<string | undefined> {
  const text = await readFile(join(folder, "namespace"), "utf8").catch(() => "");
  return text.trim() === "" ? undefined : text.trim();
}

/**
 * Returns the API server URL and the credentials of the pod's service account. Returns undefined outside a pod.
 *
 * Does not use the Kubernetes client library, because its models for all kinds use 50 MB of memory.
 */
export async function inClusterAccess(folder = SERVICE_ACCOUNT_FOLDER): Promise<Access | undefined> {
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
