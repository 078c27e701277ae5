import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { setTimeout as sleep } from "node:timers/promises";
import { pino } from "pino";
import type { OperatorOptions } from "../../../src/operator/options.ts";
import { operate } from "../../../src/operator/run.ts";
import { type AuditEvent, readAuditLog } from "../../cluster/audit.ts";
import type { ControlPlane } from "../../cluster/control-plane.ts";

const CRDS = fileURLToPath(new URL("../../../crds", import.meta.url));
const POLL_MILLISECONDS = 50;
/** The garbage collector learns of a new kind within 30 s. */
const PATIENCE_MILLISECONDS = 60_000;

/** An operator of this process, at work on a control plane. */
export interface RunningOperator {
  /** Ends it as SIGTERM does; gives its exit code. */
  stop(): Promise<number>;
}

/** Starts the real operator on a control plane; it logs nothing unless LOG_LEVEL says so. */
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

/** Makes the API server know FtpServers and FtpUsers. */
export async function installCrd(plane: ControlPlane): Promise<void> {
  await plane.kubectl(["apply", "--server-side", "-f", CRDS]);
  await plane.kubectl([
    "wait",
    "--for=condition=Established",
    "crd/ftpservers.ftp-operator.io",
    "crd/ftpusers.ftp-operator.io",
    "--timeout=20s",
  ]);
}

/** Looks again and again until a probe gives something; shows the last complaint when it never does. */
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

/** One object as JSON. */
export async function getJson(plane: ControlPlane, ...args: string[]): Promise<any> {
  return JSON.parse(await plane.kubectl(["get", ...args, "-o", "json"]));
}

const WRITES: ReadonlySet<string> = new Set(["create", "update", "patch", "delete", "deletecollection"]);

/** What an operator has written, by the API server's own audit log; leases and events not counted. */
export function writesOf(plane: ControlPlane): AuditEvent[] {
  return readAuditLog(plane.auditLog).filter(
    ({ verb, userAgent, stage, objectRef }) =>
      stage === "ResponseComplete" &&
      WRITES.has(verb) &&
      userAgent === "ftp-operator" &&
      objectRef?.resource !== "leases",
  );
}

/** Fails unless nothing is written for a while. */
export async function assertQuiet(plane: ControlPlane, milliseconds: number): Promise<void> {
  const before = writesOf(plane).length;
  await sleep(milliseconds);
  const after = writesOf(plane).slice(before);
  assert.deepEqual(
    after.map(({ verb, requestURI }) => `${verb} ${requestURI}`),
    [],
  );
}
