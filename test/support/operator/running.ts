import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { setTimeout as sleep } from "node:timers/promises";
import { pino } from "pino";
import type { OperatorOptions } from "../../../src/operator/options.ts";
import { operate } from "../../../src/operator/run.ts";
import { type AuditEvent, readAuditLog } from "../../cluster/audit.ts";
import type { ControlPlane } from "../../cluster/control-plane.ts";
import { untilCrdsEstablished } from "../../cluster/established-crds.ts";

const CRDS = fileURLToPath(new URL("../../../crds", import.meta.url));
const POLL_MILLISECONDS = 50;
/** Maximum time in milliseconds to wait for a state. The garbage collector discovers a new kind within 30 seconds. */
const PATIENCE_MILLISECONDS = 60_000;

/** Operator in this process, connected to a control plane. */
export interface RunningOperator {
  /** Stops the operator as if the process had received SIGTERM. Resolves to the exit code. */
  stop(): Promise<number>;
}

/** Starts the operator. The operator writes logs only when the environment variable LOG_LEVEL is set. */
export function startOperator(plane: ControlPlane, options: Partial<OperatorOptions> = {}): RunningOperator {
  const ending = new AbortController();
  const running = operate(
    {
      engineImage: "ftp-operator:test",
      imagePullPolicy: "IfNotPresent",
      nodeAddresses: [],
      leaderElectionName: "ftp-operator",
      leaderElectionLeaseDuration: 15,
      leaderElectionRenewDeadline: 10,
      leaderElectionRetryPeriod: 2,
      reachabilityChecks: false,
      workers: 4,
      metricsPort: 0,
      logLevel: "Info",
      kubeconfig: plane.kubeconfig,
      ...options,
    },
    pino({ level: process.env["LOG_LEVEL"] ?? "silent" }),
    ending.signal,
  );
  return {
    stop: () => {
      ending.abort();
      return running;
    },
  };
}

/** Installs the CRDs and waits until the API server serves the new kinds. */
export async function installCrd(plane: ControlPlane): Promise<void> {
  await plane.kubectl(["apply", "--server-side", "-f", CRDS]);
  await untilCrdsEstablished(plane);
}

/** Calls `probe` until it resolves. @throws Error after a time limit, with the last error from `probe` */
export async function eventually<T>(what: string, probe: () => Promise<T>): Promise<T> {
  const deadline = performance.now() + PATIENCE_MILLISECONDS;
  for (;;) {
    try {
      return await probe();
    } catch (error) {
      if (performance.now() > deadline) throw new Error(`${what}: ${String(error)}`, { cause: error });
      await sleep(POLL_MILLISECONDS);
    }
  }
}

/** Returns one object as parsed JSON. */
export async function getJson(plane: ControlPlane, ...args: string[]): Promise<any> {
  return JSON.parse(await plane.kubectl(["get", ...args, "-o", "json"]));
}

const WRITES: ReadonlySet<string> = new Set(["create", "update", "patch", "delete", "deletecollection"]);

/** Returns the operator writes in the audit log of the API server, except writes to Leases. */
export function writesOf(plane: ControlPlane): AuditEvent[] {
  return readAuditLog(plane.auditLog).filter(
    ({ verb, userAgent, stage, objectRef }) =>
      stage === "ResponseComplete" &&
      WRITES.has(verb) &&
      userAgent === "ftp-operator" &&
      objectRef?.resource !== "leases",
  );
}

/**
 * Waits until the operator writes no object for the given time. The operator writes events after the status that they
 * describe. A test that has read a status must therefore wait before it calls `assertQuiet`.
 */
export const untilQuiet = (plane: ControlPlane, milliseconds = 1000): Promise<void> =>
  eventually("the operator is idle", () => assertQuiet(plane, milliseconds));

/** Fails when the operator writes an object within the given time. */
export async function assertQuiet(plane: ControlPlane, milliseconds: number): Promise<void> {
  const before = writesOf(plane).length;
  await sleep(milliseconds);
  const after = writesOf(plane).slice(before);
  assert.deepEqual(
    after.map(({ verb, requestURI }) => `${verb} ${requestURI}`),
    [],
  );
}
