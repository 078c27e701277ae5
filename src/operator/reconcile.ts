import type { FtpServer } from "../api/ftpserver.generated.ts";
import type { ObjectKey } from "../api/kubernetes.ts";
import { canonicalJson } from "../common/json.ts";
import type { Outcome, Reconcile, ReconcileContext } from "../kube/controller.ts";
import { isNamespaceTerminating } from "../kube/errors.ts";
import type { EventRecorder } from "../kube/event-recorder.ts";
import { keyOf } from "../kube/store.ts";
import type { Rejection } from "../plan/model/observed.ts";
import { type Plan, plan } from "../plan/plan.ts";
import { applyPlan, type Applied } from "./apply.ts";
import type { EngineReportPoller } from "./engine-report-poller.ts";
import { EXPECTATION_TIMEOUT_MILLISECONDS } from "./expectation-cache.ts";
import { observe, type ObserveDependencies } from "./observe.ts";
import type { ReachabilityProber } from "./reachability-prober.ts";
import { writeOrphanStatuses, writeServerStatus, writeUserStatuses } from "./write-status.ts";

export interface ReconcilerDependencies extends ObserveDependencies {
  events: Pick<EventRecorder, "record">;
  prober: Pick<ReachabilityProber, "outcome" | "schedule" | "forget">;
  poller: Pick<EngineReportPoller, "outcomes" | "schedule" | "forget">;
}

/**
 * Delay in seconds before the next reconcile after a rejected write or a blocked plan. No watch event reports a larger
 * quota or a removed admission rule.
 */
const BLOCKED_RETRY_SECONDS = 30;

/**
 * State that one reconcile of an FtpServer keeps for the next reconcile. The loss of this state at a restart has no
 * effect on FtpServers.
 */
interface ReconcileState {
  /** Writes that the API server rejected. */
  readonly rejections: Map<ObjectKey, readonly Rejection[]>;
  /** FtpServers whose status write the last reconcile deferred to the next reconcile. */
  readonly deferredStatus: Set<ObjectKey>;
}

export function createReconciler(dependencies: ReconcilerDependencies): Reconcile {
  const state: ReconcileState = { rejections: new Map(), deferredStatus: new Set() };
  return async (key, context) => {
    const server = dependencies.informers.servers.get(key);
    try {
      if (server !== undefined && server.metadata.deletionTimestamp === undefined)
        return await reconcile(dependencies, state, server, context);
      await forget(dependencies, state, key, context.signal);
      return { type: "Done" };
    } catch (error) {
      // The FtpServer will be deleted together with its namespace.
      if (isNamespaceTerminating(error)) return { type: "Done" };
      throw error;
    }
  };
}

/** Observes the cluster, plans the next step, applies the plan, and writes the planned status. */
async function reconcile(
  dependencies: ReconcilerDependencies,
  state: ReconcileState,
  cached: FtpServer,
  { signal, log }: ReconcileContext,
): Promise<Outcome> {
  const { expectations, events, prober, poller } = dependencies;
  const key = keyOf(cached);
  const previous = state.rejections.get(key) ?? [];

  const observed = await observe(cached, previous, dependencies, signal);
  const planned = plan(observed);
  const known = Object.values(observed.children).flat();
  const applied = await applyPlan(dependencies, key, { plan: planned, known }, signal);

  const { changes, rejections } = applied;
  const areRejectionsNew = canonicalJson(rejections) !== canonicalJson(previous);
  if (rejections.length > 0) state.rejections.set(key, rejections);
  else state.rejections.delete(key);
  if (changes.length > 0) log.info({ changes }, "applied changes");
  if (rejections.length > 0 && areRejectionsNew) log.warn({ rejections }, "API server rejected changes");
  if (deferStatus(state, key, applied, areRejectionsNew)) return { type: "Requeue" };

  const { server } = observed;
  await writeServerStatus(dependencies, server, planned.status, signal);
  await writeUserStatuses(dependencies, key, planned.userStatuses, signal);
  prober.schedule(key, planned.reachability, isReachable(server));
  if (planned.reports !== undefined) poller.schedule(key, planned.reports);
  await Promise.all(planned.events.map((event) => events.record(server, event)));
  return requeue(planned, {
    isRejected: rejections.length > 0,
    isPending: expectations.hasPendingWrites(key),
  });
}

/**
 * Returns whether to defer the status write to the next reconcile, which observes the changes of the current reconcile.
 * The operator reconciles other waiting FtpServers first. One status write costs the API server as much as the writes
 * of all child objects. Clients can connect before the operator writes the status. The operator never defers the status
 * write of an FtpServer twice in a row.
 */
function deferStatus(
  { deferredStatus }: ReconcileState,
  key: ObjectKey,
  { changes, isNameTaken }: Applied,
  areRejectionsNew: boolean,
): boolean {
  const isOutdated = changes.length > 0 || isNameTaken || areRejectionsNew;
  if (isOutdated && !deferredStatus.has(key)) {
    deferredStatus.add(key);
    return true;
  }
  deferredStatus.delete(key);
  return false;
}

/** Returns when to reconcile again without a watch event. */
function requeue(
  { isBlocked, requeueAfterSeconds = Infinity }: Plan,
  { isRejected, isPending }: { isRejected: boolean; isPending: boolean },
): Outcome {
  const seconds = Math.min(
    isBlocked || isRejected ? BLOCKED_RETRY_SECONDS : Infinity,
    // While the plan is blocked, the expectations contain the blocking object, which no watch event will show.
    isPending && !isBlocked ? EXPECTATION_TIMEOUT_MILLISECONDS / 1000 : Infinity,
    requeueAfterSeconds,
  );
  return seconds === Infinity ? { type: "Done" } : { type: "RequeueAfter", seconds };
}

/**
 * Removes the state of a deleted FtpServer. Kubernetes deletes the children, because their owner references contain the
 * FtpServer.
 */
async function forget(
  dependencies: ReconcilerDependencies,
  { rejections, deferredStatus }: ReconcileState,
  key: ObjectKey,
  signal: AbortSignal,
): Promise<void> {
  dependencies.expectations.forgetServer(key);
  rejections.delete(key);
  deferredStatus.delete(key);
  dependencies.prober.forget(key);
  dependencies.poller.forget(key);
  await writeOrphanStatuses(dependencies, key, signal);
}

function isReachable({ status }: FtpServer): boolean {
  return status?.conditions?.find(({ type }) => type === "PassiveReachable")?.status === "True";
}
