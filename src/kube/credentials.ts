import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { KubeConfig } from "@kubernetes/client-node";
import { KubeError } from "./errors.ts";

/** How the API server is reached and who we are to it. */
export interface Access {
  /** Base URL, without a slash at the end. */
  url: string;
  /** Options of node:tls. */
  tls: { ca?: Buffer; cert?: Buffer; key?: Buffer; servername?: string; rejectUnauthorized?: boolean };
  /** Value of the Authorization header. */
  authorization: string | undefined;
}

/** Tokens of pods live for an hour and are renewed on disk well before. */
const ACCESS_LIFETIME_MILLISECONDS = 60_000;

/** Reads credentials the way kubectl does, and again once a minute or when they were refused. */
export class Credentials {
  readonly #file: string | undefined;
  #access: Promise<Access> | undefined;
  /** The last ones read. */
  #current: Access | undefined;
  #readAt = 0;

  /** @param file path of a kubeconfig; undefined: $KUBECONFIG, ~/.kube/config, or the pod's own service account */
  constructor(file?: string) {
    this.#file = file;
  }

  current(): Promise<Access> {
    const now = performance.now();
    if (this.#access === undefined || now - this.#readAt > ACCESS_LIFETIME_MILLISECONDS) {
      const access = readAccess(this.#file);
      this.#readAt = now;
      this.#access = access;
      // A file caught half written must not be remembered.
      access.then(
        (read) => (this.#current = read),
        () => {
          if (this.#access === access) this.#access = undefined;
        },
      );
    }
    return this.#access;
  }

  /** These were refused; the next call reads them anew, unless that has happened already. */
  expire(refused: Access): void {
    if (this.#current === refused) this.#access = undefined;
  }
}

async function readAccess(file: string | undefined): Promise<Access> {
  return (isPod(file) ? await inClusterAccess() : undefined) ?? (await fromKubeconfig(file));
}

/** Nobody has named a kubeconfig, and none lies where kubectl would look for it. */
function isPod(file: string | undefined): boolean {
  const named = file ?? process.env["KUBECONFIG"];
  const { HOME } = process.env;
  return named === undefined && (HOME === undefined || !existsSync(join(HOME, ".kube/config")));
}

async function fromKubeconfig(file: string | undefined): Promise<Access> {
  const library = await import("@kubernetes/client-node");
  const config = new library.KubeConfig();
  if (file === undefined) config.loadFromDefault();
  else config.loadFromFile(file);
  const cluster = config.getCurrentCluster();
  if (cluster === null)
    throw new KubeError("Unauthorized", "the kubeconfig names no cluster in its current context");
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

/** Returns the namespace of the pod that this program runs in; undefined outside of a pod. */
export async function inClusterNamespace(folder = SERVICE_ACCOUNT_FOLDER): Promise<string | undefined> {
  const text = await readFile(join(folder, "namespace"), "utf8").catch(() => "");
  return text.trim() === "" ? undefined : text.trim();
}

/**
 * What Kubernetes gives a pod to reach the API server: two variables and two files, which kubelet renews. The client library reads
 * them, too, but takes fifty megabytes of memory with its models of every kind.
 * @returns undefined outside of a pod
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
