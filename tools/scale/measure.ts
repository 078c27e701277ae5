/**
 * Measures the time, memory and requests that the operator requires for many FtpServers. For comparison, measures the
 * same writes by a client without an operator.
 */
import { hashPassword } from "../../src/api/password-hash.ts";
import type { KubeObject } from "../../src/api/kubernetes.ts";
import { KubeClient } from "../../src/kube/client.ts";
import { type ControlPlane, startControlPlane } from "../../test/cluster/control-plane.ts";
import { installCrd } from "../../test/support/operator/running.ts";
import { appliedBy } from "./applied.ts";
import { type Memory, OperatorProcess, type OperatorProgram } from "./operator-process.ts";
import {
  countByVerb,
  endOf,
  isChildWrite,
  isStatusWrite,
  isWrite,
  operatorRequests,
  RUN_MANAGER,
} from "./requests.ts";
import { createAll, ftpServers, namespaces, userSecrets, writeAll } from "./servers.ts";

const CHILD_KINDS: readonly [apiVersion: string, kind: string][] = [
  ["v1", "Secret"],
  ["v1", "Service"],
  ["v1", "ServiceAccount"],
  ["apps/v1", "StatefulSet"],
  ["networking.k8s.io/v1", "NetworkPolicy"],
  ["policy/v1", "PodDisruptionBudget"],
];
const MANAGED = "app.kubernetes.io/managed-by=ftp-operator";
/** Node port range for 5,000 LoadBalancer Services, each with 12 node ports. */
const NODE_PORTS = "1024-65535";
const PAGE_SIZE = 500;
const PROGRESS_MILLISECONDS = 5000;
const PASSWORD = "correct horse battery staple";

export interface ScaleOptions {
  readonly servers: number;
  /** Whether the user Secrets contain hashes, or passwords that the operator must hash. */
  readonly passwords: "Hashed" | "Plain";
  /** See {@link OperatorProgram}. */
  readonly main: string;
  readonly nodeOptions?: readonly string[];
  readonly say: (line: string) => void;
}

/** Results of one operator. */
export interface OperatorFindings {
  /** Time in seconds from the creation of the first FtpServer to the last write of a child object. */
  readonly seconds: number;
  /** Time in seconds from the creation of the first FtpServer to the last status write. */
  readonly statusSeconds: number;
  /** CPU time in seconds that the operator uses until all objects are written. */
  readonly cpuSeconds: number;
  /** Requests until all objects are written, and requests after the restart, as counted by {@link countByVerb}. */
  readonly requests: ReadonlyMap<string, number>;
  readonly restartRequests: ReadonlyMap<string, number>;
  /**
   * Verbs and URIs of the writes after an operator restart. The list should be empty, because no FtpServer has changed.
   */
  readonly restartWrites: readonly string[];
  /** See {@link OperatorProcess.longestResponseSeconds}. Includes the restart. */
  readonly longestResponseSeconds: number;
  readonly memory: Memory;
  readonly restartMemory: Memory;
  /** Child objects with exactly the fields that the operator applied. */
  readonly children: readonly KubeObject[];
}

/** Creates FtpServers while an operator runs, and then restarts the operator. */
export async function measureOperator(options: ScaleOptions): Promise<OperatorFindings> {
  const { servers, say, main, nodeOptions = [] } = options;
  await using cleanup = new AsyncDisposableStack();
  const { plane, client } = await prepare(options, cleanup);
  const program: OperatorProgram = { main, nodeOptions, plane };

  const first = cleanup.use(await OperatorProcess.start(program));
  const startedAt = Date.now();
  await createAll(client, ftpServers(servers));
  await first.settled(servers, progressOf(`${servers}: first run`, say));
  const requests = operatorRequests(plane.auditLog);
  const seconds = (endOf(requests.filter(isChildWrite)) - startedAt) / 1000;
  const statusSeconds = (endOf(requests.filter(isStatusWrite)) - startedAt) / 1000;
  const cpuSeconds = (await first.metrics()).get("process_cpu_seconds_total") ?? Number.NaN;
  const memory = await first.memory();
  await first.stop();

  const before = operatorRequests(plane.auditLog).length;
  const second = cleanup.use(await OperatorProcess.start(program));
  await second.settled(servers, progressOf(`${servers}: restart`, say));
  const restartMemory = await second.memory();
  await second.stop();
  const restarted = operatorRequests(plane.auditLog).slice(before);
  return {
    seconds,
    statusSeconds,
    cpuSeconds,
    longestResponseSeconds: Math.max(first.longestResponseSeconds, second.longestResponseSeconds),
    memory,
    restartMemory,
    requests: countByVerb(requests),
    restartRequests: countByVerb(restarted),
    restartWrites: restarted.filter(isWrite).map(({ verb, requestURI }) => `${verb} ${requestURI}`),
    children: await appliedChildren(client),
  };
}

/**
 * Returns the time in seconds that a client requires to write the FtpServers and their child objects without an
 * operator.
 */
export async function measureRawWrites(
  options: ScaleOptions,
  children: readonly KubeObject[],
): Promise<number> {
  options.say(`${options.servers}: the same objects without an operator`);
  await using cleanup = new AsyncDisposableStack();
  const { client } = await prepare(options, cleanup);
  const startedAt = performance.now();
  await createAll(client, ftpServers(options.servers));
  await writeAll(children, (child) => client.apply(child));
  return (performance.now() - startedAt) / 1000;
}

/** Starts a control plane with the CRDs, namespaces and Secrets. */
async function prepare(
  { servers, passwords, say }: ScaleOptions,
  cleanup: AsyncDisposableStack,
): Promise<{ plane: ControlPlane; client: KubeClient }> {
  const plane = cleanup.use(await startControlPlane({ nodePorts: NODE_PORTS }));
  await installCrd(plane);
  const client = new KubeClient({ fieldManager: RUN_MANAGER, kubeconfig: plane.kubeconfig });
  cleanup.defer(() => client.close());
  say(`${servers}: creating namespaces and Secrets`);
  await createAll(client, namespaces(servers));
  const password = passwords === "Hashed" ? await hashPassword(PASSWORD) : PASSWORD;
  await createAll(client, userSecrets(servers, password));
  return { plane, client };
}

/** Returns the child objects with exactly the fields that the operator applied. */
async function appliedChildren(client: KubeClient): Promise<KubeObject[]> {
  const children: KubeObject[] = [];
  for (const [apiVersion, kind] of CHILD_KINDS) {
    let next: string | undefined;
    do {
      const paging = { limit: PAGE_SIZE, ...(next !== undefined && { continue: next }) };
      const page = await client.list<KubeObject>({ apiVersion, kind, labelSelector: MANAGED }, paging);
      for (const item of page.items ?? [])
        children.push(...appliedBy("ftp-operator", { ...item, apiVersion, kind }));
      next = page.metadata.continue === "" ? undefined : page.metadata.continue;
    } while (next !== undefined);
  }
  return children;
}

/** Prints the progress of a phase, at most once every 5 seconds. */
function progressOf(phase: string, say: (line: string) => void): (done: number, waiting: number) => void {
  let printedAt = Number.NEGATIVE_INFINITY;
  return (done, waiting) => {
    if (performance.now() - printedAt < PROGRESS_MILLISECONDS) return;
    printedAt = performance.now();
    say(`${phase}: ${done} reconciles, ${waiting} FtpServers waiting`);
  };
}
