import { PERMISSIONS } from "../api/engine-config.ts";
import type { FtpUser } from "../api/ftpuser.generated.ts";
import { formatTable } from "../cli/table.ts";
import { askPods } from "./ask-pods.ts";
import { type Kubectl, KubectlError } from "./kubectl.ts";
import type { ServerView } from "./server.ts";

/** Prints the accounts of a server: those of its spec, and FtpUsers as far as one may read them. @returns the exit code 0 */
export async function showUsers(server: ServerView): Promise<number> {
  const { kubectl, object } = server;
  const { byPod } = await askPods(await server.pods(), (pod) => server.sessionsOf(pod));
  const open = Map.groupBy(byPod.values().toArray().flat(), ({ user = "" }) => user);
  const sessionsOf = (user: string): string => String(open.get(user)?.length ?? 0);
  const own = object.spec.users.map(({ name, homeDirectory = `/${name}`, permissions }) => [
    name,
    "spec.users",
    homeDirectory,
    permissionsText(permissions),
    "",
    sessionsOf(name),
  ]);
  const others = (await ftpUsersOf(kubectl, object.metadata)).map(({ metadata, spec, status }) => {
    const loginName = spec.loginName ?? metadata.name;
    const ready = status?.conditions?.find(({ type }) => type === "Ready");
    return [
      loginName,
      `FtpUser ${metadata.namespace}/${metadata.name}`,
      status?.homeDirectory ?? "",
      permissionsText(spec.permissions),
      ready?.status === "True" ? "" : (ready?.reason ?? "Unknown"),
      sessionsOf(loginName),
    ];
  });
  process.stdout.write(
    formatTable(["USER", "FROM", "HOME", "PERMISSIONS", "PROBLEM", "SESSIONS"], [...own, ...others]),
  );
  return 0;
}

function permissionsText(permissions: readonly string[]): string {
  return permissions.length === PERMISSIONS.length ? "all" : permissions.join(",");
}

async function ftpUsersOf(
  kubectl: Kubectl,
  { name, namespace }: { name: string; namespace?: string },
): Promise<FtpUser[]> {
  try {
    const { items } = await kubectl.get<{ items: FtpUser[] }>("ftpusers.ftp-operator.io", "--all-namespaces");
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
