import { isAnonymous } from "../../api/engine-config.ts";
import type { FtpServer } from "../../api/ftpserver.generated.ts";
import type { FtpUser } from "../../api/ftpuser.generated.ts";
import type { ObjectKey } from "../../api/kubernetes.ts";
import { certificatesLogIn } from "../../api/rules.ts";
import { checked } from "../../api/validate.ts";
import { AccountBudget, accountBytes } from "./capacity.ts";
import { ftpUserAccount } from "./engine-account.ts";
import { hidesClients } from "../network/traffic-policy.ts";
import { homeOf, homeViolation } from "./homes.ts";
import { invalidSpec } from "../invalid-spec.ts";
import { selects } from "./label-selector.ts";

/** Why a server does not take an account. */
export interface AccountRejection {
  /** CamelCase. */
  reason: string;
  message: string;
}

/** What a server makes of an FtpUser. */
export interface Admission {
  user: FtpUser;
  loginName: string;
  /** Absolute path on the server's volume. */
  homeDirectory: string;
  /** Undefined: it is taken. */
  refusal: AccountRejection | undefined;
}

/** Labels by namespace; undefined where the operator may not read namespaces. */
export type NamespaceLabels = ReadonlyMap<string, Readonly<Record<string, string>>> | undefined;

/**
 * Which FtpUsers a server takes. Of two with one login name the one stays that has it, by its status; where none has, the older one.
 * So nobody loses an account to somebody who comes later, or who takes another login name later. Users of the server's own spec come
 * before all.
 */
export function admitUsers(
  server: FtpServer,
  users: readonly FtpUser[],
  namespaces: NamespaceLabels,
): Admission[] {
  const taken = new Set(server.spec.users.map(({ name }) => name));
  const budget = new AccountBudget(server);
  const isHolder = (user: FtpUser): boolean => rankOf(user, serverKey(server)) === 0;
  return inTurn(server, users).map((stored) => {
    const loginName = loginNameOf(stored);
    const homeDirectory = homeOf(server, stored, loginName);
    // Before anything that takes time: one namespace can make any number of FtpUsers.
    const early =
      sourceViolation(server, stored, namespaces) ??
      reservedNameRejection(loginName) ??
      tooMany(budget.lack(stored.metadata.namespace ?? "", isHolder(stored)));
    const { user, flaw } = early === undefined ? complete(stored) : { user: stored, flaw: early };
    const refusal =
      flaw ??
      accountRejection(server, user, homeDirectory) ??
      nameViolation(loginName, taken) ??
      capacityRejection(
        budget,
        user,
        accountBytes(loginName, ftpUserAccount(user, homeDirectory)),
        isHolder(stored),
      );
    if (refusal === undefined) taken.add(loginName);
    return { user, loginName, homeDirectory, refusal };
  });
}

/** An FtpUser with defaults of fields that came later. One that breaks a rule would make the engine refuse its whole configuration. */
function complete(user: FtpUser): { user: FtpUser; flaw: AccountRejection | undefined } {
  const { apiVersion, kind, metadata, spec } = user;
  const found = checked("FtpUser", { apiVersion, kind, metadata, spec });
  if ("violations" in found) return { user, flaw: invalidSpec("FtpUser", found.violations) };
  return { user: { ...user, spec: found.value.spec }, flaw: undefined };
}

export function accountKey({ metadata: { namespace = "", name } }: FtpUser): ObjectKey {
  return `${namespace}/${name}`;
}

/** Who has a login name, then the others; each by age. Of the former those last that may have grown since, and so may need more room. */
function inTurn(server: FtpServer, users: readonly FtpUser[]): FtpUser[] {
  const key = serverKey(server);
  return users
    .map((user) => ({ user, turn: `${rankOf(user, key)} ${ageKey(user)}` }))
    .toSorted((a, b) => (a.turn < b.turn ? -1 : 1))
    .map(({ user }) => user);
}

/** A tenant can edit all of an FtpUser but its age and its status, so the spec of an old one may name what another has by now. */
function rankOf(user: FtpUser, server: ObjectKey): 0 | 1 | 2 {
  const { status, metadata } = user;
  const isCurrent = status?.observedGeneration === metadata.generation;
  if (status === undefined || status.loginName !== loginNameOf(user)) return 2;
  // A status from before there was this field tells no server, but is of this spec.
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

export function serverKey({ metadata: { namespace = "", name } }: FtpServer): ObjectKey {
  return `${namespace}/${name}`;
}

function sourceViolation(
  { spec: { userSources }, metadata }: FtpServer,
  { metadata: { namespace = "" } }: FtpUser,
  namespaces: NamespaceLabels,
): AccountRejection | undefined {
  switch (userSources.from) {
    case "None":
      return refused(
        "NamespaceNotAllowed",
        `FtpServer ${metadata.name} takes no FtpUsers. Its owner can change that with \`spec.userSources\`.`,
      );
    case "SameNamespace":
      if (namespace === metadata.namespace) return undefined;
      break;
    case "Selector": {
      const labels = namespaces?.get(namespace);
      const { namespaceSelector } = userSources;
      if (labels && namespaceSelector && selects(namespaceSelector, labels)) return undefined;
      if (namespaces === undefined)
        return refused(
          "NamespaceNotAllowed",
          "The operator serves only some namespaces and cannot read their labels, so `spec.userSources.from: Selector` takes no FtpUsers. Ask the owner of the FtpServer for `from: SameNamespace`, or for an operator that serves all namespaces.",
        );
      break;
    }
  }
  return refused(
    "NamespaceNotAllowed",
    `FtpServer ${metadata.name} takes no FtpUsers from namespace ${namespace}. Its owner can change \`spec.userSources\` or label the namespace.`,
  );
}

function accountRejection(
  server: FtpServer,
  user: FtpUser,
  homeDirectory: string,
): AccountRejection | undefined {
  const { passwordSecretRef, state } = user.spec;
  if (passwordSecretRef === undefined && state === "Enabled" && !certificatesLogIn(server.spec.tls))
    return refused(
      "PasswordMissing",
      "The account has no password and cannot log in. Set `spec.passwordSecretRef`.",
    );
  if (user.spec.allowedClients.length > 0 && hidesClients(server.spec))
    return refused(
      "ClientAddressesHidden",
      "The FtpServer does not see the addresses of its clients, so an account with `spec.allowedClients` cannot log in. Remove the field.",
    );
  const violation = homeViolation(server, user, homeDirectory);
  return violation === undefined ? undefined : refused("HomeNotAllowed", violation);
}

/** The engine looks for a user first, so one of this name would stand in everybody's way. */
function reservedNameRejection(loginName: string): AccountRejection | undefined {
  if (!isAnonymous(loginName)) return undefined;
  return refused(
    "NameReserved",
    `${loginName} is the login name of anonymous logins. Set another \`spec.loginName\`.`,
  );
}

function nameViolation(loginName: string, taken: ReadonlySet<string>): AccountRejection | undefined {
  if (!taken.has(loginName)) return undefined;
  return refused(
    "NameTaken",
    `Another user of the FtpServer has the login name ${loginName}. Set another \`spec.loginName\`.`,
  );
}

/** Comes last, as it takes the room. */
function capacityRejection(
  budget: AccountBudget,
  { metadata: { namespace = "" } }: FtpUser,
  bytes: number,
  hasAccount: boolean,
): AccountRejection | undefined {
  return tooMany(budget.take(namespace, bytes, hasAccount));
}

function tooMany(lack: string | undefined): AccountRejection | undefined {
  return lack === undefined ? undefined : refused("TooManyUsers", `${lack} Use another FtpServer.`);
}

function refused(reason: string, message: string): AccountRejection {
  return { reason, message };
}
