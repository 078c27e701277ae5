import type { ObjectKey } from "../api/kubernetes.ts";
import { API_VERSION, USER_KIND } from "../api/names.ts";
import { KubeError } from "../kube/errors.ts";
import { wholeSeconds } from "../common/times.ts";
import { changedOnly, orphanStatus, type UserStatus } from "../plan/accounts/user-status.ts";
import { accountsOf, type ObserveDependencies } from "./observe.ts";

type UserStatusDependencies = Pick<ObserveDependencies, "client" | "informers" | "written">;

/** FtpUsers may come before their server, and stay after it. */
export async function writeOrphanStatuses(
  dependencies: UserStatusDependencies,
  key: ObjectKey,
  signal: AbortSignal,
): Promise<void> {
  const [namespace = "", name = ""] = key.split("/");
  const users = accountsOf({ metadata: { namespace, name } }, dependencies);
  const now = wholeSeconds(dependencies.client.clock.now());
  const statuses = users.map((user) => orphanStatus(user, key, now));
  await writeUserStatuses(dependencies, key, changedOnly(statuses), signal);
}

export async function writeUserStatuses(
  { client, written }: UserStatusDependencies,
  key: ObjectKey,
  statuses: readonly UserStatus[],
  signal: AbortSignal,
): Promise<void> {
  for (const { user, status } of statuses) {
    const { name, namespace = "" } = user.metadata;
    const applied = { apiVersion: API_VERSION, kind: USER_KIND, metadata: { name, namespace }, status };
    try {
      written.remember(key, [await client.applyStatus(applied, { signal })], performance.now());
    } catch (error) {
      if (!(error instanceof KubeError) || error.reason !== "NotFound") throw error;
    }
  }
}
