import type { FtpUser, FtpUserStatus } from "../../api/ftpuser.generated.ts";
import type { Condition, ObjectKey } from "../../api/kubernetes.ts";
import { canonicalJson } from "../../common/json.ts";
import { conditionMessage } from "./condition.ts";
import { USER_REASONS } from "./reasons/accounts.ts";
import type { UserConditionType, UserReason, UserReasonOf } from "./reasons/accounts.ts";
import type { Admission, Observed, PasswordOutcome } from "../model/observed.ts";
import { type AccountLock, accountLock } from "../accounts/account-state.ts";
import { accountKey, serverKey } from "../accounts/admission.ts";

/** An FtpUser and its desired status. */
export interface UserStatus {
  user: FtpUser;
  status: FtpUserStatus;
}

interface Value {
  status: Condition["status"];
  reason: UserReason;
  message: string;
}

function value<T extends UserConditionType>(
  type: T,
  reason: UserReasonOf<T> & UserReason,
  message: string,
): Value {
  const reasons: Readonly<Record<PropertyKey, Pick<Value, "status">>> = USER_REASONS[type];
  return { status: reasons[reason]?.status ?? "Unknown", reason, message };
}

const ACCEPTED = value("Accepted", "Accepted", "The FtpServer accepts the account.");
const READY = value("Ready", "Ready", "The user can log in.");
const LOCKED: Readonly<Record<AccountLock, Value>> = {
  AccountDisabled: value(
    "Ready",
    "AccountDisabled",
    "The account is disabled. The user cannot log in. Set `spec.state` to `Enabled` to permit logins.",
  ),
  AccountExpired: value(
    "Ready",
    "AccountExpired",
    "The account has expired. The user cannot log in. Set `spec.expiresAt` to a later time, or remove the field.",
  ),
};
const PASSWORD_READ = value(
  "PasswordRead",
  "PasswordRead",
  "The engine configuration contains a hash of the password.",
);
const NO_PASSWORD = value(
  "PasswordRead",
  "NoPassword",
  "The account has no password. The user logs in with a client certificate.",
);
const NOT_READ = value(
  "PasswordRead",
  "PasswordNotRead",
  "The operator reads the Secret after the FtpServer accepts the account.",
);

/** Properties of the FtpServer that appear in the status of an FtpUser. */
interface Host {
  server: ObjectKey;
  /** The value is undefined while the address of the FtpServer is unknown. */
  endpoint: string | undefined;
  now: string;
}

/** Returns the FtpUser statuses that differ from the observed statuses. */
export function changedUserStatuses(
  { server, admissions, accountPasswords, now }: Observed,
  endpoint: string | undefined,
): UserStatus[] {
  const host: Host = { server: serverKey(server), endpoint, now };
  return changedOnly(
    admissions.map((admission) =>
      admittedStatus(admission, accountPasswords.get(accountKey(admission.user)), host),
    ),
  );
}

/** Returns the status of an FtpUser whose FtpServer exists. */
export function admittedStatus(
  { user, loginName, homeDirectory, rejection }: Admission,
  password: PasswordOutcome | undefined,
  { server, endpoint, now }: Host,
): UserStatus {
  const isAccepted = rejection === undefined;
  const accepted = isAccepted ? ACCEPTED : value("Accepted", rejection.reason, rejection.message);
  const read = passwordValue(user, isAccepted, password);
  const lock = accountLock(user.spec, Date.parse(now));
  // A locked account matches its spec. If Ready were False, `kubectl wait`, Argo CD and Flux would wait indefinitely.
  const login = lock === undefined ? read : LOCKED[lock];
  const ready = [accepted, login].find((one) => one.status !== "True" || one.reason === lock) ?? READY;
  return {
    user,
    status: {
      observedGeneration: user.metadata.generation ?? 0,
      conditions: conditionsOf(user, { Ready: ready, Accepted: accepted, PasswordRead: read }, now),
      ...(isAccepted && { serverRef: referenceTo(server) }),
      loginName,
      homeDirectory,
      ...(isAccepted && endpoint !== undefined && { endpoint }),
    },
  };
}

function referenceTo(key: ObjectKey): { namespace: string; name: string } {
  const [namespace = "", name = ""] = key.split("/");
  return { namespace, name };
}

/** Returns the status of an FtpUser whose FtpServer does not exist. */
export function orphanStatus(user: FtpUser, server: ObjectKey, now: string): UserStatus {
  const message = `FtpServer \`${server}\` not found. The user cannot log in. Create the FtpServer, or change \`spec.serverRef\`.`;
  const missing = value("Accepted", "FtpServerNotFound", message);
  const read = passwordValue(user, false, undefined);
  return {
    user,
    status: {
      observedGeneration: user.metadata.generation ?? 0,
      conditions: conditionsOf(user, { Ready: missing, Accepted: missing, PasswordRead: read }, now),
    },
  };
}

/** Returns only the statuses that differ from the observed statuses. */
export function changedOnly(statuses: readonly UserStatus[]): UserStatus[] {
  return statuses.filter(({ user, status }) => canonicalJson(user.status) !== canonicalJson(status));
}

function passwordValue({ spec }: FtpUser, isAccepted: boolean, password: PasswordOutcome | undefined): Value {
  if (spec.passwordSecretRef === undefined && isAccepted) return NO_PASSWORD;
  if (password === undefined) return NOT_READ;
  if ("failure" in password) return value("PasswordRead", password.failure.reason, password.failure.message);
  return PASSWORD_READ;
}

function conditionsOf(
  { metadata, status }: FtpUser,
  values: Readonly<Record<UserConditionType, Value>>,
  now: string,
): Condition[] {
  return Object.entries(values).map(([type, { status: value, reason, message }]) => {
    const before = status?.conditions?.find((condition) => condition.type === type);
    return {
      type,
      status: value,
      reason,
      message: conditionMessage(message),
      observedGeneration: metadata.generation ?? 0,
      lastTransitionTime: before?.status === value ? before.lastTransitionTime : now,
    };
  });
}
