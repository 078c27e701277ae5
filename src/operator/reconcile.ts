import type { FtpServer, FtpServerStatus } from "../api/ftpserver.generated.ts";
import type { ObjectKey } from "../api/kubernetes.ts";
import { API_VERSION, KIND } from "../api/names.ts";
import type { Outcome, Reconcile } from "../kube/controller.ts";
import { isNamespaceEnding, KubeError } from "../kube/errors.ts";
import type { EventRecorder } from "../kube/events.ts";
import { canonicalJson } from "../plan/hash.ts";
import type { Refusal } from "../plan/observed.ts";
import { plan } from "../plan/plan.ts";

import { applyPlan } from "./apply.ts";
import { tellOrphans, writeUserStatuses } from "./user-status.ts";
import type { ReachabilityChecks } from "./reachability.ts";
import { observe, type ObserveDependencies } from "./observe.ts";

export interface ReconcilerDependencies extends ObserveDependencies {
  events: EventRecorder;
  reachability: Pick<ReachabilityChecks, "outcome" | "want" | "forget">;
}

/** What nobody tells: a quota grows, an admission rule goes, an object of somebody else that has a child's name goes. */
const UNTOLD_RETRY_SECONDS = 30;

/** The reconcile of one FtpServer: observe, plan, apply, write the status. */
export function createReconciler(dependencies: ReconcilerDependencies): Reconcile {
  const refusals = new Map<ObjectKey, Refusal[]>();

  const reconcile: Reconcile = async (key, { signal, log }): Promise<Outcome> => {
    const server = dependencies.world.servers.get(key);
    if (server === undefined || server.metadata.deletionTimestamp !== undefined) {
      // The garbage collector removes the children: they name their owner.
      dependencies.written.forget(key);
      refusals.delete(key);
      dependencies.reachability.forget(key);
      await tellOrphans(dependencies, key, signal);
      return { type: "Done" };
    }
    const current = dependencies.written.overlay(key, KIND, [server], performance.now())[0] ?? server;
    const observed = await observe(current, refusals.get(key) ?? [], dependencies, signal);
    const planned = plan(observed);
    const round = { plan: planned, known: Object.values(observed.children).flat() };
    const refused = await applyPlan(dependencies, key, round, signal);
    const changes = summarize(planned);
    if (changes.length > refused.length) log.info({ changes }, "brought the world nearer to the spec");
    // The status tells of the world as it is now, so that one change is one write of it.
    const isOutdated = changes.length > 0 || refusals.has(key);
    if (refused.length > 0) refusals.set(key, refused);
    else refusals.delete(key);
    const told = isOutdated ? plan(await observe(current, refused, dependencies, signal)) : planned;
    await writeStatus(dependencies, key, current, told.status, signal);
    await writeUserStatuses(dependencies, key, told.userStatuses, signal);
    dependencies.reachability.want(key, told.reachability, isReachable(current));
    await Promise.all(told.events.map((event) => dependencies.events.record(current, event)));
    const isWaiting = refused.length > 0 || told.isBlocked;
    return isWaiting ? { type: "RequeueAfter", seconds: UNTOLD_RETRY_SECONDS } : { type: "Done" };
  };

  return async (key, context) => {
    try {
      return await reconcile(key, context);
    } catch (error) {
      // The FtpServer goes, too; its turn has only not come yet.
      if (isNamespaceEnding(error)) return { type: "Done" };
      throw error;
    }
  };
}

function isReachable({ status }: FtpServer): boolean {
  return status?.conditions?.find(({ type }) => type === "PassiveReachable")?.status === "True";
}

function summarize({ apply, delete: deleted, touchPods }: ReturnType<typeof plan>): string[] {
  return [
    ...apply.map(({ kind, metadata }) => `apply ${kind} ${metadata.name}`),
    ...deleted.map(({ ref }) => `delete ${ref.kind} ${ref.name}`),
    ...touchPods.map(({ ref }) => `touch Pod ${ref.name}`),
  ];
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
