/**
 * A Kubernetes API server on 127.0.0.1 for tests. etcd and kube-apiserver run without root and start within 4 seconds.
 */
import { once } from "node:events";
import { mkdir, readFile } from "node:fs/promises";
import type { IncomingMessage } from "node:http";
import { request } from "node:https";
import { join } from "node:path";
import { apiServerArguments, type ApiServerSettings, etcdArguments, writeAuditPolicy } from "./apiserver.ts";
import { controlPlaneProgram, ControlPlaneProcesses } from "./control-plane-processes.ts";
import { type Family, NETWORKS } from "./families.ts";
import { freePorts } from "./free-ports.ts";
import { Authority, type KeyPair, writeKubeconfig } from "./pki.ts";
import { run } from "./run.ts";
import { makeTemporaryFolder } from "./temporary.ts";
import { messageOf } from "./wait.ts";

const START_ATTEMPTS = 3;
/**
 * Controllers that delete dependent objects, and the content of deleted namespaces. No controller acts on StatefulSets
 * and Deployments, so tests set their status.
 */
const CONTROLLERS = [
  "garbage-collector-controller",
  "namespace-controller",
  "serviceaccount-controller",
  "endpointslice-controller",
];

export interface ControlPlaneOptions {
  /** Whether to run kube-controller-manager with the garbage collection controllers. Defaults to false. */
  readonly controllerManager?: boolean;
  /**
   * Node port range in the format `FIRST-LAST`. The default range of kube-apiserver has 2,768 ports, enough for 230
   * Services with 10 passive ports each.
   */
  readonly nodePorts?: string;
  /** IP families of Services, with the primary family first. Defaults to IPv4. */
  readonly families?: readonly Family[];
}

export interface ControlPlane extends AsyncDisposable {
  /** `https://127.0.0.1:port` */
  readonly url: string;
  /** Path of an administrator kubeconfig. */
  readonly kubeconfig: string;
  /**
   * Paths of PEM files that contain the authority certificate, the administrator certificate and the administrator key.
   */
  readonly ca: string;
  readonly clientCertificate: string;
  readonly clientKey: string;
  /**
   * Path of the audit log, which contains one JSON object per line, at level `Metadata` and without the stage
   * `RequestReceived`.
   */
  readonly auditLog: string;
  /** Runs kubectl as administrator and returns its output. @throws CommandError */
  readonly kubectl: (args: readonly string[], stdin?: string) => Promise<string>;
  /** Ends the API server, then etcd, and removes the folder. A second call has no effect. */
  readonly stop: () => Promise<void>;
}

/**
 * Starts a control plane in a temporary folder.
 * @throws Error with the last log lines of the failed process
 */
export async function startControlPlane(options: ControlPlaneOptions = {}): Promise<ControlPlane> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await startOnFreePorts(options);
    } catch (error) {
      // After freePorts() returns and before the API server starts, another process can bind one of the ports.
      if (attempt === START_ATTEMPTS || !messageOf(error).includes("address already in use")) throw error;
    }
  }
}

async function startOnFreePorts(options: ControlPlaneOptions): Promise<ControlPlane> {
  const folder = await makeTemporaryFolder();
  const processes = new ControlPlaneProcesses(folder);
  try {
    return await start(folder, processes, options);
  } catch (error) {
    await processes.stop();
    throw error;
  }
}

async function start(
  folder: string,
  processes: ControlPlaneProcesses,
  options: ControlPlaneOptions,
): Promise<ControlPlane> {
  const [port = 0, clientPort, peerPort] = await freePorts(3);
  const url = `https://127.0.0.1:${port}`;
  const kubeconfig = join(folder, "admin.kubeconfig");
  const pki = join(folder, "pki");
  await mkdir(pki);
  const authority = await Authority.create(pki);
  const [serving, admin] = await Promise.all([
    authority.issue("apiserver", "/CN=kube-apiserver", ["IP:127.0.0.1", "DNS:localhost"]),
    authority.issue("admin", "/O=system:masters/CN=admin", ["DNS:admin"]),
  ]);
  const families = options.families ?? ["IPv4"];
  const settings: ApiServerSettings = {
    etcd: {
      folder: join(folder, "etcd"),
      clientUrl: `http://127.0.0.1:${clientPort}`,
      peerUrl: `http://127.0.0.1:${peerPort}`,
    },
    bindAddress: "127.0.0.1",
    advertiseAddress: "127.0.0.1",
    port,
    serviceRange: families.map((family) => NETWORKS[family].services).join(),
    authority,
    serving,
    kubeletClient: admin,
    auditPolicy: join(folder, "audit-policy.json"),
    auditLog: join(folder, "audit.log"),
  };
  await Promise.all([
    writeAuditPolicy(settings.auditPolicy),
    writeKubeconfig(kubeconfig, url, authority.ca.certificate, admin),
  ]);
  const kubectl = (args: readonly string[], stdin?: string) =>
    run(
      [controlPlaneProgram("kubectl"), `--kubeconfig=${kubeconfig}`, ...args],
      stdin === undefined ? {} : { stdin },
    );

  processes.start("etcd", etcdArguments(settings));
  // Without controllers, no default service accounts exist, so the API server would reject pods.
  const admission = options.controllerManager ? [] : ["--disable-admission-plugins=ServiceAccount"];
  const nodePorts = options.nodePorts === undefined ? [] : [`--service-node-port-range=${options.nodePorts}`];
  const more = [`--cert-dir=${pki}`, ...admission, ...nodePorts];
  processes.start("kube-apiserver", [...apiServerArguments(settings), ...more]);
  const get = await client(url, authority, admin);
  await processes.ready(() => get("/readyz"));
  await processes.ready(() => get("/api/v1/namespaces/default"));
  if (options.controllerManager) {
    processes.start("kube-controller-manager", controllerManagerArguments(kubeconfig, authority));
    await processes.ready(() => get("/api/v1/namespaces/default/serviceaccounts/default"));
  }
  const stop = () => processes.stop();
  return {
    url,
    kubeconfig,
    ca: authority.ca.certificate,
    clientCertificate: admin.certificate,
    clientKey: admin.key,
    auditLog: settings.auditLog,
    kubectl,
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

/**
 * Sends a GET request as administrator. A kubectl command would take 0.5 seconds.
 * @throws Error unless the status is 200
 */
async function client(
  url: string,
  { ca }: Authority,
  pair: KeyPair,
): Promise<(path: string) => Promise<void>> {
  const files = [ca.certificate, pair.certificate, pair.key].map((file) => readFile(file));
  const [authority, cert, key] = await Promise.all(files);
  const options = { ca: authority, cert, key, agent: false };
  return async (path) => {
    const [response]: IncomingMessage[] = await once(request(url + path, options).end(), "response");
    response?.resume();
    if (response?.statusCode !== 200) throw new Error(`GET ${path}: ${response?.statusCode}`);
  };
}

function controllerManagerArguments(kubeconfig: string, authority: Authority): string[] {
  return [
    `--kubeconfig=${kubeconfig}`,
    `--controllers=${CONTROLLERS.join(",")}`,
    `--service-account-private-key-file=${authority.serviceAccount.key}`,
    `--root-ca-file=${authority.ca.certificate}`,
    "--use-service-account-credentials",
    "--leader-elect=false",
    "--secure-port=0",
  ];
}
