import { PERMISSIONS } from "../../api/engine-config.ts";
import type { FtpUser } from "../../api/ftpuser.generated.ts";
import { formatTable } from "../table.ts";
import { accountLock } from "../../plan/accounts/account-state.ts";
import { askPods } from "../cluster/ask-pods.ts";
import { KubectlError } from "../cluster/kubectl.ts";
import type { ServerView } from "../cluster/ftp-server-client.ts";

/** Prints the accounts of a server: those of its spec, and FtpUsers as far as one may read them. @returns the exit code 0 */
export async function showUsers(server: ServerView): Promise<number> {
  const sessionsOf = await sessionCounts(server);
  const now = Date.now();
  const own = server.object.spec.users.map(({ name, homeDirectory = `/${name}`, permissions, ...user }) => [
    name,
    "spec.users",
    homeDirectory,
    permissionsText(permissions),
    accountLock(user, now) ?? "",
    sessionsOf(name),
  ]);
  const others = (await ftpUsersOf(server)).map(({ metadata, spec, status }) => {
    const loginName = spec.loginName ?? metadata.name;
    const ready = status?.conditions?.find(({ type }) => type === "Ready");
    return [
      loginName,
      `FtpUser ${metadata.namespace}/${metadata.name}`,
      status?.homeDirectory ?? "",
      permissionsText(spec.permissions),
      accountLock(spec, now) ?? (ready?.status === "True" ? "" : (ready?.reason ?? "Unknown")),
      sessionsOf(loginName),
    ];
  });
  process.stdout.write(
    formatTable(["USER", "FROM", "HOME", "PERMISSIONS", "PROBLEM", "SESSIONS"], [...own, ...others]),
  );
  return 0;
}

/** Counts the sessions of a user; a question mark where a pod keeps silent, as the user may have more in there. */
async function sessionCounts(server: ServerView): Promise<(user: string) => string> {
  const { byPod, isComplete } = await askPods(await server.pods(), (pod) => server.sessionsOf(pod));
  const open = Map.groupBy(byPod.values().toArray().flat(), ({ user = "" }) => user);
  return (user) => (isComplete ? String(open.get(user)?.length ?? 0) : "?");
}

function permissionsText(permissions: readonly string[]): string {
  return permissions.length === PERMISSIONS.length ? "all" : permissions.join(",");
}

async function ftpUsersOf(server: ServerView): Promise<FtpUser[]> {
  const { name, namespace } = server.object.metadata;
  try {
    const items = await listFtpUsers(server);
    return items.filter(
      ({ metadata, spec: { serverRef } }) =>
        serverRef.name === name && (serverRef.namespace ?? metadata.namespace) === namespace,
    );
  } catch (error) {
    if (!(error instanceof KubectlError)) throw error;
    process.stderr.write(`FtpUsers are not shown: ${error.message}\n`);
    return [];
  }
}

/** Those of all namespaces, or of the server's own for who may see no more. @throws KubectlError */
async function listFtpUsers({ kubectl, object }: ServerView): Promise<FtpUser[]> {
  const list = async (...scope: string[]): Promise<FtpUser[]> =>
    (await kubectl.get<{ items: FtpUser[] }>("ftpusers.ftp-operator.io", ...scope)).items;
  try {
    return await list("--all-namespaces");
  } catch (error) {
    if (!(error instanceof KubectlError) || error.reason !== "Forbidden") throw error;
    const items = await list();
    process.stderr.write(`FtpUsers of namespace ${object.metadata.namespace} only: ${error.message}\n`);
    return items;
  }
}
