import type { FtpServerSpec } from "../../api/ftpserver.generated.ts";
import { listText } from "../../common/text.ts";
import { type AccountLock, accountLock, expiryTimes } from "../accounts/account-state.ts";
import type { PlannedState } from "../model/decision.ts";
import type { Failure } from "../model/observed.ts";
import { hidesClients } from "../network/traffic-policy.ts";
import { conditionValue } from "./condition.ts";
import type { ConditionValue } from "./condition.ts";
import type { ReasonOf } from "./reasons.ts";

/** Maximum number of users that one message lists. The message contains the number of additional users. */
const MAX_LISTED_USERS = 5;

/**
 * Returns the condition UsersReady: whether all enabled users can log in. A user without a password does not prevent
 * other users from logging in.
 */
export function usersReady(state: PlannedState): ConditionValue {
  const { spec, observed } = state;
  const now = Date.parse(observed.now);
  const validUntil = Math.min(...expiryTimes(spec.users, now));
  const value = addressesHidden(state, now) ?? passwordsMissing(state, now) ?? allReady(spec.users, now);
  return { ...value, ...(Number.isFinite(validUntil) && { validUntil }) };
}

type UserFailure = Failure<ReasonOf<"UsersReady">>;

function passwordsMissing({ spec, observed }: PlannedState, now: number): ConditionValue | undefined {
  const failures = spec.users.flatMap(({ name, passwordSecretRef, ...user }): UserFailure[] => {
    if (passwordSecretRef === undefined || accountLock(user, now) !== undefined) return [];
    const outcome = observed.passwords.get(name);
    if (outcome === undefined)
      return [
        {
          reason: "PasswordNotRead",
          message: `The operator has not read the password Secret of user \`${name}\` yet. The user cannot log in.`,
        },
      ];
    return "failure" in outcome ? [outcome.failure] : [];
  });
  const [first] = failures;
  if (first === undefined) return undefined;
  const listed = failures.slice(0, MAX_LISTED_USERS).map(({ message }) => message);
  const rest = failures.length - listed.length;
  const others = rest > 0 ? [`${rest} more ${rest === 1 ? "user" : "users"} cannot log in.`] : [];
  return conditionValue("UsersReady", first.reason, [...listed, ...others].join(" "), { warn: true });
}

/**
 * Returns the condition value when all enabled users can log in. The message lists locked accounts. Locked accounts do
 * not change the condition to False, because locked accounts match the spec.
 */
function allReady(users: FtpServerSpec["users"], now: number): ConditionValue {
  const locked = users.flatMap(({ name, ...user }) => {
    const reason = accountLock(user, now);
    return reason === undefined ? [] : [{ name, reason }];
  });
  const [first] = locked;
  if (first === undefined) return conditionValue("UsersReady", "PasswordsRead", "All users can log in.");
  const listed = locked.slice(0, MAX_LISTED_USERS).map(({ name, reason }) => `${name} (${LOCKS[reason]})`);
  const rest = locked.length - listed.length;
  const names = listText([...listed, ...(rest > 0 ? [`${rest} more`] : [])]);
  const subject = locked.length === 1 ? "This user" : "These users";
  const message = `${subject} cannot log in: ${names}. All other users can log in.`;
  return conditionValue("UsersReady", first.reason, message);
}

const LOCKS: Readonly<Record<AccountLock, string>> = {
  AccountDisabled: "disabled",
  AccountExpired: "expired",
};

/**
 * Returns a warning when an account has `allowedClients` but engines do not receive client addresses. Engines then
 * reject logins to the account.
 */
function addressesHidden({ spec, network }: PlannedState, now: number): ConditionValue | undefined {
  if (!hidesClients(spec, network.trafficPolicy)) return undefined;
  const isAnonymousRestricted =
    spec.anonymous.mode !== "Disabled" && spec.anonymous.allowedClients.length > 0;
  const user = spec.users.find(
    ({ allowedClients, ...state }) => allowedClients.length > 0 && accountLock(state, now) === undefined,
  );
  const name = user?.name ?? (isAnonymousRestricted ? "anonymous" : undefined);
  if (name === undefined) return undefined;
  const message =
    `User \`${name}\` cannot log in, because nodes replace client addresses and the account permits only some clients. ` +
    "Set `spec.proxyProtocol.mode` to `Enabled`, or use one replica and set `spec.exposure.service.externalTrafficPolicy` to `Local` " +
    "(`Auto` becomes `Local` when only one pod remains, unless `spec.maxReplicas` is above 1). " +
    "Alternatively, remove `spec.users[].allowedClients` (`spec.anonymous.allowedClients` for anonymous logins).";
  return conditionValue("UsersReady", "ClientAddressesHidden", message, { warn: true });
}
