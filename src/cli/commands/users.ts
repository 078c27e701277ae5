import type { Command } from "commander";
import { PERMISSIONS } from "../../api/engine-config.ts";
import type { FtpUser } from "../../api/ftpuser.generated.ts";
import { EXIT_OK } from "../../common/command-error.ts";
import { accountLock } from "../../plan/accounts/account-state.ts";
import { askPods } from "../cluster/ask-pods.ts";
import { type FtpServerClient, ftpServerCommand } from "../cluster/ftp-server-client.ts";
import { KubectlError } from "../cluster/kubectl.ts";
import { writeMessages, formatTable, type OutputFormat, outputOption, printResult } from "../output.ts";

interface Options {
  output: OutputFormat;
}

export function usersCommand(): Command {
  return ftpServerCommand("users", "list accounts of the FtpServer and of its FtpUsers", listUsers).addOption(
    outputOption(),
  );
}

/** An account. */
interface AccountView {
  name: string;
  /** The field is absent for users in `spec.users`. */
  ftpUser?: { namespace: string | undefined; name: string };
  homeDirectory?: string;
  permissions: readonly string[];
  /** `Active`, or the condition reason for rejected logins. */
  state: string;
  /** The count is absent if a pod did not respond. */
  sessions?: number;
}

/** Lists the accounts that the user of the plugin has permission to read. */
async function listUsers(server: FtpServerClient, { output }: Options): Promise<number> {
  const sessionsOf = await sessionCounts(server);
  const now = Date.now();
  const own = server.object.spec.users.map(
    ({ name, homeDirectory = `/${name}`, permissions, ...user }): AccountView => ({
      name,
      homeDirectory,
      permissions,
      state: accountLock(user, now) ?? "Active",
      ...sessionsOf(name),
    }),
  );
  const others = (await ftpUsersOf(server)).map(({ metadata, spec, status }): AccountView => {
    const name = spec.loginName ?? metadata.name;
    const ready = status?.conditions?.find(({ type }) => type === "Ready");
    const { homeDirectory } = status ?? {};
    return {
      name,
      ftpUser: { namespace: metadata.namespace, name: metadata.name },
      ...(homeDirectory !== undefined && { homeDirectory }),
      permissions: spec.permissions,
      state: accountLock(spec, now) ?? (ready?.status === "True" ? "Active" : (ready?.reason ?? "Unknown")),
      ...sessionsOf(name),
    };
  });
  const accounts = [...own, ...others];
  await printResult(output, accounts, () =>
    formatTable(["USER", "FROM", "HOME", "PERMISSIONS", "STATE", "SESSIONS"], accounts.map(cellsOf)),
  );
  return EXIT_OK;
}

function cellsOf({ name, ftpUser, homeDirectory = "", permissions, state, sessions }: AccountView): string[] {
  return [
    name,
    ftpUser === undefined ? "spec.users" : `FtpUser ${ftpUser.namespace}/${ftpUser.name}`,
    homeDirectory,
    permissions.length === PERMISSIONS.length ? "all" : permissions.join(","),
    state,
    sessions?.toString() ?? "?",
  ];
}

/** Returns a function that counts the sessions of a user. If a pod did not respond, the function returns no count. */
async function sessionCounts(
  server: FtpServerClient,
): Promise<(user: string) => Pick<AccountView, "sessions">> {
  const { byPod, isComplete } = await askPods(await server.pods(), (pod) => server.sessionsOf(pod));
  const open = Map.groupBy(byPod.values().toArray().flat(), ({ user = "" }) => user);
  return (user) => (isComplete ? { sessions: open.get(user)?.length ?? 0 } : {});
}

async function ftpUsersOf(server: FtpServerClient): Promise<FtpUser[]> {
  const { name, namespace } = server.object.metadata;
  try {
    const items = await listFtpUsers(server);
    return items.filter(
      ({ metadata, spec: { serverRef } }) =>
        serverRef.name === name && (serverRef.namespace ?? metadata.namespace) === namespace,
    );
  } catch (error) {
    if (!(error instanceof KubectlError)) throw error;
    writeMessages("warning", [`FtpUsers cannot be listed: ${error.message}`]);
    return [];
  }
}

/**
 * Lists FtpUsers in all namespaces. Without permission for all namespaces, lists FtpUsers in the namespace of the
 * FtpServer.
 * @throws KubectlError
 */
async function listFtpUsers({ kubectl, object }: FtpServerClient): Promise<FtpUser[]> {
  const list = async (...scope: string[]): Promise<FtpUser[]> =>
    (await kubectl.get<{ items: FtpUser[] }>("ftpusers.ftp-operator.io", ...scope)).items;
  try {
    return await list("--all-namespaces");
  } catch (error) {
    if (!(error instanceof KubectlError) || error.reason !== "Forbidden") throw error;
    const items = await list();
    writeMessages("warning", [
      `FtpUsers in namespaces other than ${object.metadata.namespace} cannot be listed: ${error.message}`,
    ]);
    return items;
  }
}
