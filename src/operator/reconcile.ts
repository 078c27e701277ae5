import type { FtpServer, FtpServerStatus } from "../api/ftpserver.generated.ts";
import type { ObjectKey } from "../api/kubernetes.ts";
import { API_VERSION, KIND } from "../api/names.ts";
import type { Outcome, Reconcile, ReconcileContext } from "../kube/controller.ts";
import { isNamespaceEnding, KubeError } from "../kube/errors.ts";
import type { EventRecorder } from "../kube/event-recorder.ts";
import { keyOf } from "../kube/store.ts";
import { canonicalJson } from "../common/canonical-json.ts";
import type { Rejection } from "../plan/model/observed.ts";
import { type Plan, plan } from "../plan/plan.ts";
import { applyPlan } from "./apply.ts";
import { writeOrphanStatuses, writeUserStatuses } from "./write-status.ts";
import type { EngineReportPoller } from "./engine-report-poller.ts";
import type { ReachabilityProber } from "./reachability-prober.ts";
import { observe, type ObserveDependencies } from "./observe.ts";
import { EXPECTATION_TIMEOUT_MILLISECONDS } from "./expectation-cache.ts";

export interface ReconcilerDependencies extends ObserveDependencies {
  events: EventRecorder;
  reachability: Pick<ReachabilityProber, "outcome" | "want" | "forget">;
  reports: Pick<EngineReportPoller, "outcomes" | "want" | "forget">;
}

/** What nobody tells: a quota grows, an admission rule goes, an object of somebody else that has a child's name goes. */
const UNTOLD_RETRY_SECONDS = 30;

/** What is known of FtpServers from one round to the next. A restart may forget it. */
interface Memory {
  /** What the API server refused in the last round. */
  readonly refusals: Map<ObjectKey, readonly Rejection[]>;
  /** Servers whose last round left the status to the next. */
  readonly statusDue: Set<ObjectKey>;
}

/** The reconcile of one FtpServer: observe, plan, apply, write the status. */
export function createReconciler(dependencies: ReconcilerDependencies): Reconcile {
  const memory: Memory = { refusals: new Map(), statusDue: new Set() };
  return async (key, context) => {
    const server = dependencies.informers.servers.get(key);
    try {
      if (server === undefined || server.metadata.deletionTimestamp !== undefined) {
        await forget(dependencies, memory, key, context.signal);
        return { type: "Done" };
      }
      return await reconcile(dependencies, memory, server, context);
    } catch (error) {
      // The FtpServer goes, too; its turn has only not come yet.
      if (isNamespaceEnding(error)) return { type: "Done" };
      throw error;
    }
  };
}

/** The garbage collector removes the children: they name their owner. */
async function forget(
  dependencies: ReconcilerDependencies,
  { refusals, statusDue }: Memory,
  key: ObjectKey,
  signal: AbortSignal,
): Promise<void> {
  dependencies.written.forget(key);
  refusals.delete(key);
  statusDue.delete(key);
  dependencies.reachability.forget(key);
  dependencies.reports.forget(key);
  await writeOrphanStatuses(dependencies, key, signal);
}

/**
 * One round. One that has changed something leaves the status to the next, behind the other servers that wait: an API server takes
 * as long for the status of an FtpServer as for all of its children, and clients wait for the children. No two rounds in a row do.
 */
async function reconcile(
  dependencies: ReconcilerDependencies,
  { refusals, statusDue }: Memory,
  server: FtpServer,
  { signal, log }: ReconcileContext,
): Promise<Outcome> {
  const key = keyOf(server);
  const current = dependencies.written.overlay(key, KIND, [server], performance.now())[0] ?? server;
  const before = refusals.get(key) ?? [];
  const observed = await observe(current, before, dependencies, signal);
  const planned = plan(observed);
  const round = { plan: planned, known: Object.values(observed.children).flat() };
  const { refusals: refused, changes, isNameTaken } = await applyPlan(dependencies, key, round, signal);
  if (changes.length > 0) log.info({ changes }, "brought the world nearer to the spec");
  if (refused.length > 0 && canonicalJson(refused) !== canonicalJson(before))
    log.warn({ refused }, "the API server refuses changes");
  const isOutdated = isNameTaken || changes.length + refused.length + before.length > 0;
  if (refused.length > 0) refusals.set(key, refused);
  else refusals.delete(key);
  if (isOutdated && refused.length === 0 && !statusDue.has(key)) {
    statusDue.add(key);
    return { type: "Requeue" };
  }
  statusDue.delete(key);
  // The status tells of the world as it is now, so that one change is one write of it.
  const told = isOutdated ? plan(await observe(current, refused, dependencies, signal)) : planned;
  await tell(dependencies, current, told, signal);
  return comeAgain(told, {
    isRejected: refused.length > 0,
    hasPendingWrites: dependencies.written.hasPendingWrites(key),
  });
}

/** What no watch tells brings a server back, too. */
function comeAgain(
  { isBlocked, requeueAfterSeconds = Infinity }: Plan,
  { isRejected, hasPendingWrites }: { isRejected: boolean; hasPendingWrites: boolean },
): Outcome {
  const seconds = Math.min(
    isBlocked || isRejected ? UNTOLD_RETRY_SECONDS : Infinity,
    // No watch shows the object of somebody else that blocks.
    hasPendingWrites && !isBlocked ? EXPECTATION_TIMEOUT_MILLISECONDS / 1000 : Infinity,
    requeueAfterSeconds,
  );
  return seconds === Infinity ? { type: "Done" } : { type: "RequeueAfter", seconds };
}

/** Statuses, events and the check that a status asks for. */
async function tell(
  dependencies: ReconcilerDependencies,
  server: FtpServer,
  { status, userStatuses, reachability, reports, events }: Plan,
  signal: AbortSignal,
): Promise<void> {
  const key = keyOf(server);
  await writeStatus(dependencies, key, server, status, signal);
  await writeUserStatuses(dependencies, key, userStatuses, signal);
  dependencies.reachability.want(key, reachability, isReachable(server));
  if (reports !== undefined) dependencies.reports.want(key, reports);
  await Promise.all(events.map((event) => dependencies.events.record(server, event)));
}

function isReachable({ status }: FtpServer): boolean {
  return status?.conditions?.find(({ type }) => type === "PassiveReachable")?.status === "True";
}

async function writeStatus(
  { client, written }: ReconcilerDependencies,
  key: ObjectKey,
  server: FtpServer,
  status: FtpServerStatus,
  signal: AbortSignal,
): Promise<void> {
  if (canonicalJson(server.status) === canonicalJson(status)) return;
  const { name, namespace = "" } = server.metadata;
  const applied = { apiVersion: API_VERSION, kind: KIND, metadata: { name, namespace }, status };
  try {
    written.remember(key, [await client.applyStatus(applied, { signal })], performance.now());
  } catch (error) {
    if (!(error instanceof KubeError) || error.reason !== "NotFound") throw error;
  }
}
