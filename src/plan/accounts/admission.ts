import { isAnonymous } from "../../api/engine-config.ts";
import type { FtpServer } from "../../api/ftpserver.generated.ts";
import type { FtpUser } from "../../api/ftpuser.generated.ts";
import type { ObjectKey } from "../../api/kubernetes.ts";
import { certificatesLogIn } from "../../api/spec.ts";
import { checked } from "../../api/validate.ts";
import { invalidSpec } from "../model/invalid-spec.ts";
import type { AccountRejection, Admission } from "../model/observed.ts";
import { hidesClients } from "../network/traffic-policy.ts";
import { AccountBudget, accountBytes } from "./capacity.ts";
import { ftpUserAccount } from "./engine-account.ts";
import { homeOf, homeViolation } from "./homes.ts";
import { selects } from "./label-selector.ts";

/** Labels by namespace. Undefined when the operator is not permitted to read namespaces. */
export type NamespaceLabels = ReadonlyMap<string, Readonly<Record<string, string>>> | undefined;

/**
 * Decides which FtpUsers an FtpServer accepts. Users in `spec.users` take precedence over FtpUsers. Of two FtpUsers with one login
 * name, the one that already has it according to its status keeps it. Otherwise the older one gets it. Therefore no account is lost
 * to an FtpUser that is created or renamed later.
 */
export function admitUsers(
  server: FtpServer,
  users: readonly FtpUser[],
  namespaces: NamespaceLabels,
): Admission[] {
  const taken = new Set(server.spec.users.map(({ name }) => name));
  const budget = new AccountBudget(server);
  return inOrder(server, users).map((stored) => {
    const loginName = loginNameOf(stored);
    const homeDirectory = homeOf(server, stored, loginName);
    const hasAccount = rankOf(stored, serverKey(server)) === 0;
    // Cheap checks first, because a namespace can create any number of FtpUsers.
    const early =
      sourceRejection(server, stored, namespaces) ??
      reservedNameRejection(loginName) ??
      tooManyUsers(budget.rejectionOf(stored.metadata.namespace ?? "", hasAccount));
    if (early !== undefined) return { user: stored, loginName, homeDirectory, rejection: early };
    const { user, rejection: invalid } = withDefaults(stored);
    const account = ftpUserAccount(user, homeDirectory);
    const rejection =
      invalid ??
      accountRejection(server, user, homeDirectory) ??
      takenNameRejection(loginName, taken) ??
      // Last, because it reserves capacity.
      tooManyUsers(
        budget.reserve(user.metadata.namespace ?? "", accountBytes(loginName, account), hasAccount),
      );
    if (rejection === undefined) taken.add(loginName);
    return { user, loginName, homeDirectory, rejection };
  });
}

/** Adds the defaults of newer fields. An FtpUser that violates a rule would make the engine reject its entire configuration. */
function withDefaults(user: FtpUser): Pick<Admission, "user" | "rejection"> {
  const { apiVersion, kind, metadata, spec } = user;
  const validated = checked("FtpUser", { apiVersion, kind, metadata, spec });
  if ("violations" in validated) return { user, rejection: invalidSpec("FtpUser", validated.violations) };
  return { user: { ...user, spec: validated.value.spec }, rejection: undefined };
}

/** Returns the namespace/name of an FtpUser. */
export function accountKey({ metadata: { namespace = "", name } }: FtpUser): ObjectKey {
  return `${namespace}/${name}`;
}

/** Returns accounts first, then other FtpUsers, each by age. Accounts whose spec changed are last, because they can need more capacity. */
function inOrder(server: FtpServer, users: readonly FtpUser[]): FtpUser[] {
  const key = serverKey(server);
  return users
    .map((user) => ({ user, sortKey: `${rankOf(user, key)} ${ageKey(user)}` }))
    .toSorted((a, b) => (a.sortKey < b.sortKey ? -1 : 1))
    .map(({ user }) => user);
}

/**
 * Returns 0 for an account of the FtpServer, 1 for one whose spec changed, 2 for other FtpUsers. The owner of an FtpUser can change its
 * spec but not its age and status, so the age alone would not protect a login name.
 */
function rankOf(user: FtpUser, server: ObjectKey): 0 | 1 | 2 {
  const { status, metadata } = user;
  const isCurrent = status?.observedGeneration === metadata.generation;
  if (status === undefined || status.loginName !== loginNameOf(user)) return 2;
  // Statuses of older operators have no serverRef.
  const { serverRef } = status;
  const hasAccount =
    serverRef === undefined
      ? isCurrent && isAccepted(status)
      : `${serverRef.namespace}/${serverRef.name}` === server;
  return hasAccount ? (isCurrent ? 0 : 1) : 2;
}

function isAccepted({ conditions = [] }: NonNullable<FtpUser["status"]>): boolean {
  return conditions.some(({ type, status }) => type === "Accepted" && status === "True");
}

function ageKey({ metadata: { creationTimestamp = "", namespace, name } }: FtpUser): string {
  return `${creationTimestamp} ${namespace}/${name}`;
}

function loginNameOf({ spec, metadata }: FtpUser): string {
  return spec.loginName ?? metadata.name;
}

/** Returns the namespace/name of an FtpServer. */
export function serverKey({ metadata: { namespace = "", name } }: FtpServer): ObjectKey {
  return `${namespace}/${name}`;
}

function sourceRejection(
  { spec: { userSources }, metadata }: FtpServer,
  { metadata: { namespace = "" } }: FtpUser,
  namespaces: NamespaceLabels,
): AccountRejection | undefined {
  switch (userSources.from) {
    case "None":
      return rejected(
        "NamespaceNotAllowed",
        `FtpServer \`${metadata.name}\` accepts no FtpUsers. Ask its owner to change \`spec.userSources\`.`,
      );
    case "SameNamespace":
      if (namespace === metadata.namespace) return undefined;
      break;
    case "Selector": {
      const labels = namespaces?.get(namespace);
      const { namespaceSelector } = userSources;
      if (labels && namespaceSelector && selects(namespaceSelector, labels)) return undefined;
      if (namespaces === undefined)
        return rejected(
          "NamespaceNotAllowed",
          "The operator cannot read the labels of namespaces, so `spec.userSources.from: Selector` matches no FtpUsers. " +
            "Ask the owner of the FtpServer for `from: SameNamespace`, or for an operator that watches all namespaces.",
        );
      break;
    }
  }
  return rejected(
    "NamespaceNotAllowed",
    `FtpServer \`${metadata.name}\` accepts no FtpUsers of namespace \`${namespace}\`. Ask its owner to change \`spec.userSources\` or to label the namespace.`,
  );
}

function accountRejection(
  server: FtpServer,
  user: FtpUser,
  homeDirectory: string,
): AccountRejection | undefined {
  const { passwordSecretRef, state } = user.spec;
  if (passwordSecretRef === undefined && state === "Enabled" && !certificatesLogIn(server.spec.tls))
    return rejected(
      "PasswordMissing",
      "The account has no password and cannot log in. Set `spec.passwordSecretRef`.",
    );
  if (user.spec.allowedClients.length > 0 && hidesClients(server.spec))
    return rejected(
      "ClientAddressesHidden",
      "Nodes replace the addresses of clients, so an account with `spec.allowedClients` cannot log in. Remove the field.",
    );
  const violation = homeViolation(server, user, homeDirectory);
  return violation === undefined ? undefined : rejected("HomeNotAllowed", violation);
}

/** The engine searches users first, so a user with this name would disable anonymous logins. */
function reservedNameRejection(loginName: string): AccountRejection | undefined {
  if (!isAnonymous(loginName)) return undefined;
  return rejected(
    "NameReserved",
    `The login name \`${loginName}\` is reserved for anonymous logins. Set another \`spec.loginName\`.`,
  );
}

function takenNameRejection(loginName: string, taken: ReadonlySet<string>): AccountRejection | undefined {
  if (!taken.has(loginName)) return undefined;
  return rejected(
    "NameTaken",
    `Another user of the FtpServer has the login name \`${loginName}\`. Set another \`spec.loginName\`.`,
  );
}

function tooManyUsers(cause: string | undefined): AccountRejection | undefined {
  return cause === undefined ? undefined : rejected("TooManyUsers", `${cause} Use another FtpServer.`);
}

function rejected(reason: AccountRejection["reason"], message: string): AccountRejection {
  return { reason, message };
}
