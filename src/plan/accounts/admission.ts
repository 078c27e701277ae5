import { isAnonymous } from "../../api/engine-config.ts";
import type { FtpServer, FtpServerSpec } from "../../api/ftpserver.generated.ts";
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

/**
 * Namespace labels, keyed by namespace. The value is undefined when the operator is not permitted to read namespaces.
 */
export type NamespaceLabels = ReadonlyMap<string, Readonly<Record<string, string>>> | undefined;

/**
 * Returns the decision of an FtpServer to accept or reject each FtpUser. Users in `spec.users` take precedence over
 * FtpUsers. When two FtpUsers have the same login name, the FtpServer accepts the FtpUser whose status already contains
 * the login name. If neither status contains the login name, the FtpServer accepts the older FtpUser. An FtpUser that
 * is created or renamed later therefore cannot take over an existing account.
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
    // Inexpensive checks run first, because a namespace can contain any number of FtpUsers.
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
      // The capacity check runs last, because it reserves capacity for the FtpUser.
      tooManyUsers(
        budget.reserve(user.metadata.namespace ?? "", accountBytes(loginName, account), hasAccount),
      );
    if (rejection === undefined) taken.add(loginName);
    return { user, loginName, homeDirectory, rejection };
  });
}

/**
 * Adds default values for fields that are newer than the FtpUser. Rejects invalid FtpUsers, because one invalid account
 * makes the engine configuration invalid.
 */
function withDefaults(user: FtpUser): Pick<Admission, "user" | "rejection"> {
  const { apiVersion, kind, metadata, spec } = user;
  const validated = checked("FtpUser", { apiVersion, kind, metadata, spec });
  if ("violations" in validated) return { user, rejection: invalidSpec("FtpUser", validated.violations) };
  return { user: { ...user, spec: validated.value.spec }, rejection: undefined };
}

/** Returns the key of an FtpUser in the form `namespace/name`. */
export function accountKey({ metadata: { namespace = "", name } }: FtpUser): ObjectKey {
  return `${namespace}/${name}`;
}

/** Sorts FtpUsers by rank and then by age. Existing accounts precede other FtpUsers. */
function inOrder(server: FtpServer, users: readonly FtpUser[]): FtpUser[] {
  const key = serverKey(server);
  return users
    .map((user) => ({ user, sortKey: `${rankOf(user, key)} ${ageKey(user)}` }))
    .toSorted((a, b) => (a.sortKey < b.sortKey ? -1 : 1))
    .map(({ user }) => user);
}

/**
 * Returns 0 for an unchanged account of the FtpServer, 1 for an account whose spec changed, and 2 for any other
 * FtpUser. A changed account can require more capacity. Age alone would not protect a login name, because the owner of
 * an older FtpUser can change `spec.loginName`.
 */
function rankOf(user: FtpUser, server: ObjectKey): 0 | 1 | 2 {
  const { status, metadata } = user;
  const isCurrent = status?.observedGeneration === metadata.generation;
  if (status === undefined || status.loginName !== loginNameOf(user)) return 2;
  // Older operator versions do not write `status.serverRef`.
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

/** Returns the key of an FtpServer in the form `namespace/name`. */
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
        `FtpServer \`${metadata.name}\` accepts no FtpUsers. Ask the owner of the FtpServer to change \`spec.userSources\`.`,
      );
    case "SameNamespace":
      if (namespace === metadata.namespace) return undefined;
      return rejected(
        "NamespaceNotAllowed",
        `FtpServer \`${metadata.name}\` accepts only FtpUsers from its own namespace. Ask the owner of the FtpServer to change \`spec.userSources\`.`,
      );
    case "Selector": {
      const labels = namespaces?.get(namespace);
      const { namespaceSelector } = userSources;
      if (labels && namespaceSelector && selects(namespaceSelector, labels)) return undefined;
      if (namespaces === undefined)
        return rejected(
          "NamespaceNotAllowed",
          "The operator cannot read namespace labels, so the value `Selector` of `spec.userSources.from` matches no FtpUsers. " +
            "Ask the owner of the FtpServer to set `spec.userSources.from` to `SameNamespace`, or to use an operator that watches all namespaces.",
        );
      break;
    }
  }
  return rejected(
    "NamespaceNotAllowed",
    `FtpServer \`${metadata.name}\` accepts no FtpUsers from namespace \`${namespace}\`. Ask the owner of the FtpServer to change \`spec.userSources\` or to label the namespace.`,
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
      "Nodes replace client addresses, so an account with `spec.allowedClients` cannot log in. Remove `spec.allowedClients`.",
    );
  const mount = mountViolation(server.spec, user.spec);
  if (mount !== undefined) return rejected("MountNotAllowed", mount);
  const violation = homeViolation(server, user, homeDirectory);
  return violation === undefined ? undefined : rejected("HomeNotAllowed", violation);
}

/**
 * Returns the violation and the remedy for the first mount of an FtpUser that the FtpServer does not permit. Older CRD
 * versions do not set a default for `spec.additionalStorage`.
 */
function mountViolation(
  { additionalStorage = [] }: Partial<FtpServerSpec>,
  { mounts }: FtpUser["spec"],
): string | undefined {
  for (const { path, storage, access } of mounts) {
    const permitted = additionalStorage.find(({ name }) => name === storage)?.ftpUsers ?? "Disabled";
    if (permitted === "ReadWrite" || permitted === access) continue;
    if (storage === undefined)
      return `The mount \`${path}\` has no storage. Set \`spec.mounts[].storage\`, or remove the mount.`;
    if (permitted === "ReadOnly")
      return `FtpUsers can only read storage \`${storage}\`. Set \`spec.mounts[].access\` to \`ReadOnly\` for the mount \`${path}\`.`;
    return (
      `FtpUsers cannot mount storage \`${storage}\`. Ask the owner of the FtpServer to set ` +
      "`spec.additionalStorage[].ftpUsers`, or remove the mount."
    );
  }
  return undefined;
}

/** The engine looks up users first, so a user with a reserved name would disable anonymous logins. */
function reservedNameRejection(loginName: string): AccountRejection | undefined {
  if (!isAnonymous(loginName)) return undefined;
  return rejected(
    "NameReserved",
    `The login name \`${loginName}\` is reserved for anonymous logins. Set \`spec.loginName\` to another name.`,
  );
}

function takenNameRejection(loginName: string, taken: ReadonlySet<string>): AccountRejection | undefined {
  if (!taken.has(loginName)) return undefined;
  return rejected(
    "NameTaken",
    `Another user of the FtpServer uses the login name \`${loginName}\`. Set \`spec.loginName\` to another name.`,
  );
}

function tooManyUsers(cause: string | undefined): AccountRejection | undefined {
  return cause === undefined ? undefined : rejected("TooManyUsers", `${cause} Use another FtpServer.`);
}

function rejected(reason: AccountRejection["reason"], message: string): AccountRejection {
  return { reason, message };
}
