import type { FtpUser, FtpUserStatus } from "../../api/ftpuser.generated.ts";
import type { Condition, ObjectKey } from "../../api/kubernetes.ts";
import { type AccountLock, accountLock } from "./account-state.ts";
import type { Admission } from "./admission.ts";
import { conditionMessage } from "../conditions/condition.ts";
import { canonicalJson } from "../../common/canonical-json.ts";
import type { PasswordOutcome } from "../model/observed.ts";

/** What an FtpUser is told. */
export interface UserStatus {
  user: FtpUser;
  status: FtpUserStatus;
}

type ConditionValue = Pick<Condition, "status" | "reason" | "message">;

const ACCEPTED: ConditionValue = {
  status: "True",
  reason: "Accepted",
  message: "The server takes this account.",
};
const SERVES: ConditionValue = { status: "True", reason: "Ready", message: "The user can log in." };
const LOCKED: Readonly<Record<AccountLock, ConditionValue>> = {
  AccountDisabled: {
    status: "True",
    reason: "AccountDisabled",
    message:
      "The account is disabled, so the user cannot log in. Set `spec.state` to Enabled to permit logins.",
  },
  AccountExpired: {
    status: "True",
    reason: "AccountExpired",
    message:
      "The account has expired, so the user cannot log in. Set `spec.expiresAt` to a later time, or remove it.",
  },
};
const PASSWORD_READ: ConditionValue = {
  status: "True",
  reason: "PasswordRead",
  message: "The server has a hash of the password.",
};
const BY_CERTIFICATE: ConditionValue = {
  status: "True",
  reason: "NoPassword",
  message: "The user logs in by a client certificate.",
};

/** What the status of an FtpUser takes from its server. */
interface Host {
  server: ObjectKey;
  /** Where clients connect; undefined while it is not known. */
  endpoint: string | undefined;
  now: string;
}

/** The status of an FtpUser whose server is there. */
export function admittedStatus(
  { user, loginName, homeDirectory, refusal }: Admission,
  password: PasswordOutcome | undefined,
  { server, endpoint, now }: Host,
): UserStatus {
  const accepted: ConditionValue = refusal === undefined ? ACCEPTED : { status: "False", ...refusal };
  const read = passwordFinding(user, refusal === undefined, password);
  const lock = accountLock(user.spec, Date.parse(now));
  // A locked account is as its spec wants it. False would keep `kubectl wait`, Argo CD and Flux waiting for ever.
  const served = lock === undefined ? [read] : [LOCKED[lock]];
  const ready = [accepted, ...served].find((one) => one.status !== "True" || one.reason === lock) ?? SERVES;
  return {
    user,
    status: {
      observedGeneration: user.metadata.generation ?? 0,
      conditions: conditionsOf(user, { Ready: ready, Accepted: accepted, PasswordRead: read }, now),
      ...(refusal === undefined && { serverRef: referenceTo(server) }),
      loginName,
      homeDirectory,
      ...(refusal === undefined && endpoint !== undefined && { endpoint }),
    },
  };
}

function referenceTo(key: ObjectKey): { namespace: string; name: string } {
  const [namespace = "", name = ""] = key.split("/");
  return { namespace, name };
}

/** Returns the status of an FtpUser whose FtpServer does not exist. */
export function orphanStatus(user: FtpUser, server: ObjectKey, now: string): UserStatus {
  const missing: ConditionValue = {
    status: "False",
    reason: "ServerNotFound",
    message: `FtpServer ${server} not found. Create it or change spec.serverRef.`,
  };
  const read = passwordFinding(user, false, undefined);
  return {
    user,
    status: {
      observedGeneration: user.metadata.generation ?? 0,
      conditions: conditionsOf(user, { Ready: missing, Accepted: missing, PasswordRead: read }, now),
    },
  };
}

/** Those that say something new. */
export function changedOnly(statuses: readonly UserStatus[]): UserStatus[] {
  return statuses.filter(({ user, status }) => canonicalJson(user.status) !== canonicalJson(status));
}

function passwordFinding(
  { spec }: FtpUser,
  isAccepted: boolean,
  password: PasswordOutcome | undefined,
): ConditionValue {
  if (spec.passwordSecretRef === undefined && isAccepted) return BY_CERTIFICATE;
  if (password === undefined)
    return {
      status: "Unknown",
      reason: "PasswordNotRead",
      message: "The Secret is not read before the server takes the account.",
    };
  return "problem" in password ? { status: "False", ...password.problem } : PASSWORD_READ;
}

function conditionsOf(
  { metadata, status }: FtpUser,
  findings: Readonly<Record<"Ready" | "Accepted" | "PasswordRead", ConditionValue>>,
  now: string,
): Condition[] {
  return Object.entries(findings).map(([type, finding]) => {
    const before = status?.conditions?.find((condition) => condition.type === type);
    const lastTransitionTime = before?.status === finding.status ? before.lastTransitionTime : now;
    const message = conditionMessage(finding.message);
    return { type, ...finding, message, observedGeneration: metadata.generation ?? 0, lastTransitionTime };
  });
}
