/** A real Kubernetes API on 127.0.0.1 for tests: etcd and kube-apiserver, no root, no namespaces, ready in about three seconds. */
import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, existsSync, openSync } from "node:fs";
import { mkdir, readFile, rm } from "node:fs/promises";
import { createServer, type Server } from "node:net";
import { delimiter, join } from "node:path";
import { apiServerArguments, type ApiServerSettings, etcdArguments, writeAuditPolicy } from "./apiserver.ts";
import { Authority, writeKubeconfig } from "./pki.ts";
import { programFile } from "./programs.ts";
import { endWithUs, lastLines, run } from "./run.ts";
import { makeTemporaryFolder } from "./temporary.ts";
import { GiveUp, messageOf, waitUntil } from "./wait.ts";

const READY_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 10_000;
const START_ATTEMPTS = 3;
const LOG_LINES_SHOWN = 15;
/** Owner references are collected and namespaces end; no StatefulSet or Deployment is acted upon, so tests set their status. */
const CONTROLLERS = [
  "garbage-collector-controller",
  "namespace-controller",
  "serviceaccount-controller",
  "endpointslice-controller",
];

export interface ControlPlaneOptions {
  /** Also run kube-controller-manager, with the controllers that collect garbage; default false. */
  readonly controllerManager?: boolean;
}

export interface ControlPlane extends AsyncDisposable {
  /** `https://127.0.0.1:port` */
  readonly url: string;
  /** Path of a kubeconfig with system:masters rights. */
  readonly kubeconfig: string;
  /** Paths of PEM files: the authority's certificate, and the administrator's certificate and key. */
  readonly ca: string;
  readonly clientCertificate: string;
  readonly clientKey: string;
  /** Path of the audit log: one JSON object a line, level Metadata, stage ResponseComplete and later. */
  readonly auditLog: string;
  /** Runs kubectl as administrator and returns what it prints; rejects with its complaint. */
  readonly kubectl: (args: readonly string[], stdin?: string) => Promise<string>;
  /** Ends all processes, API server before etcd, and removes the folder. Twice is fine. */
  readonly stop: () => Promise<void>;
}

/**
 * Starts a control plane of its own in a temporary folder.
 * @throws Error that shows the last lines of the log of what failed.
 */
export async function startControlPlane(options: ControlPlaneOptions = {}): Promise<ControlPlane> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await startOnFreePorts(options);
    } catch (error) {
      // Another process may take a port between our looking and the server's binding.
      if (attempt === START_ATTEMPTS || !messageOf(error).includes("address already in use")) throw error;
    }
  }
}

async function startOnFreePorts(options: ControlPlaneOptions): Promise<ControlPlane> {
  const folder = await makeTemporaryFolder();
  const processes = new Processes(folder);
  try {
    return await start(folder, processes, options);
  } catch (error) {
    await processes.stop();
    throw error;
  }
}

async function start(
  folder: string,
  processes: Processes,
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
  const settings: ApiServerSettings = {
    etcd: {
      folder: join(folder, "etcd"),
      clientUrl: `http://127.0.0.1:${clientPort}`,
      peerUrl: `http://127.0.0.1:${peerPort}`,
    },
    bindAddress: "127.0.0.1",
    advertiseAddress: "127.0.0.1",
    port,
    serviceRange: "198.19.0.0/16",
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
  // Without controllers nobody makes service accounts, and a Pod would be refused for want of one.
  const admission = options.controllerManager ? [] : ["--disable-admission-plugins=ServiceAccount"];
  processes.start("kube-apiserver", [...apiServerArguments(settings), `--cert-dir=${pki}`, ...admission]);
  await processes.ready(() => kubectl(["get", "--raw=/readyz"]));
  await processes.ready(() => kubectl(["get", "namespace", "default"]));
  if (options.controllerManager) {
    processes.start("kube-controller-manager", controllerManagerArguments(kubeconfig, authority));
    await processes.ready(() => kubectl(["get", "serviceaccount", "default"]));
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

/** KUBEBUILDER_ASSETS names a folder with kube-apiserver, etcd and kubectl, as for controller-runtime's envtest; else ours. */
function controlPlaneProgram(name: string): string {
  const assets = process.env["KUBEBUILDER_ASSETS"];
  const path = assets && join(assets, name);
  return path && existsSync(path) ? path : programFile("kube", name);
}

/** Ports of 127.0.0.1 that were free a moment ago, all different. */
async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(Array.from({ length: count }, listenAnywhere));
  const ports = servers.map((server) => portOf(server));
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

function portOf(server: Server): number {
  const address = server.address();
  if (typeof address !== "object" || !address) throw new Error("a TCP server has a port");
  return address.port;
}

function listenAnywhere(): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer().once("error", reject);
    server.listen(0, "127.0.0.1", () => resolve(server));
  });
}

/** The processes of one control plane, in the order they were started. */
class Processes {
  readonly #folder: string;
  readonly #started: { name: string; child: ChildProcess; log: string; ended: Promise<void> }[] = [];

  constructor(folder: string) {
    this.#folder = folder;
  }

  start(name: string, args: readonly string[]): void {
    const log = join(this.#folder, `${name}.log`);
    const output = openSync(log, "a");
    const [command = "", ...rest] = dyingWithUs([controlPlaneProgram(name), ...args]);
    const child = spawn(command, rest, { stdio: ["ignore", output, output] });
    closeSync(output);
    endWithUs(child);
    const ended = new Promise<void>((resolve) => {
      child.once("close", () => resolve());
      child.once("error", () => resolve());
    });
    // A test that forgets stop() must still be able to end.
    child.unref();
    this.#started.push({ name, child, log, ended });
  }

  /** Repeats a probe until it passes; gives up at once when a process has ended. */
  async ready(probe: () => Promise<unknown>): Promise<void> {
    try {
      await waitUntil("the API server is ready", READY_TIMEOUT_MS, async () => {
        const dead = this.#started.find(({ child }) => child.exitCode !== null || child.signalCode !== null);
        if (dead)
          throw new GiveUp(`${dead.name} has ended (${dead.child.exitCode ?? dead.child.signalCode})`);
        await probe();
      });
    } catch (error) {
      throw new Error(`${messageOf(error)}\n${await this.#logs()}`, { cause: error });
    }
  }

  /** Ends the newest first: an API server whose etcd is gone hangs. */
  async stop(): Promise<void> {
    for (const { child, ended } of this.#started.toReversed()) {
      child.ref();
      child.kill("SIGTERM");
      const timer = setTimeout(() => child.kill("SIGKILL"), STOP_TIMEOUT_MS);
      await ended;
      clearTimeout(timer);
    }
    this.#started.length = 0;
    await rm(this.#folder, { recursive: true, force: true });
  }

  async #logs(): Promise<string> {
    const tails = this.#started.map(async ({ name, log }) => {
      return `--- last lines of ${name}:\n${lastLines(await readFile(log, "utf8"), LOG_LINES_SHOWN)}`;
    });
    return (await Promise.all(tails)).join("\n");
  }
}

/** setpriv, where it is installed, lets the kernel end the process when ours dies, however it dies. */
function dyingWithUs(argv: readonly string[]): string[] {
  const folders = (process.env["PATH"] ?? "").split(delimiter);
  const known = folders.some((folder) => existsSync(join(folder, "setpriv")));
  return known ? ["setpriv", "--pdeathsig", "KILL", ...argv] : [...argv];
}
