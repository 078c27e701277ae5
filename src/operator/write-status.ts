import type { FtpServer, FtpServerStatus } from "../api/ftpserver.generated.ts";
import type { KubeObject, ObjectKey } from "../api/kubernetes.ts";
import { API_VERSION, KIND, USER_KIND } from "../api/names.ts";
import { canonicalJson } from "../common/json.ts";
import { wholeSeconds } from "../common/times.ts";
import { KubeError } from "../kube/errors.ts";
import { keyOf } from "../kube/store.ts";
import { changedOnly, orphanStatus, type UserStatus } from "../plan/conditions/user-status.ts";
import { accountsOf, type ObserveDependencies } from "./observe.ts";

type StatusDependencies = Pick<ObserveDependencies, "client" | "expectations">;

/** Writes the status of an FtpServer when the status differs from the observed status. */
export async function writeServerStatus(
  dependencies: StatusDependencies,
  server: FtpServer,
  status: FtpServerStatus,
  signal: AbortSignal,
): Promise<void> {
  if (canonicalJson(server.status) === canonicalJson(status)) return;
  const { name, namespace = "" } = server.metadata;
  const applied = { apiVersion: API_VERSION, kind: KIND, metadata: { name, namespace }, status };
  await applyStatus(dependencies, keyOf(server), applied, signal);
}

/** Writes the statuses of FtpUsers that reference an FtpServer. */
export async function writeUserStatuses(
  dependencies: StatusDependencies,
  server: ObjectKey,
  statuses: readonly UserStatus[],
  signal: AbortSignal,
): Promise<void> {
  for (const { user, status } of statuses) {
    const { name, namespace = "" } = user.metadata;
    const applied = { apiVersion: API_VERSION, kind: USER_KIND, metadata: { name, namespace }, status };
    await applyStatus(dependencies, server, applied, signal);
  }
}

/** Writes the statuses of FtpUsers whose FtpServer does not exist. */
export async function writeOrphanStatuses(
  dependencies: StatusDependencies & Pick<ObserveDependencies, "informers">,
  server: ObjectKey,
  signal: AbortSignal,
): Promise<void> {
  const users = accountsOf(server, dependencies);
  const now = wholeSeconds(dependencies.client.clock.now());
  const statuses = users.map((user) => orphanStatus(user, server, now));
  await writeUserStatuses(dependencies, server, changedOnly(statuses), signal);
}

async function applyStatus(
  { client, expectations }: StatusDependencies,
  server: ObjectKey,
  object: KubeObject,
  signal: AbortSignal,
): Promise<void> {
  try {
    expectations.record(server, await client.applyStatus(object, { signal }), performance.now());
  } catch (error) {
    // The object was deleted after the start of the reconcile.
    if (!(error instanceof KubeError) || error.reason !== "NotFound") throw error;
  }
}
