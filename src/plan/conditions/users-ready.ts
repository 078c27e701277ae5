import type { Decision } from "../model/decision.ts";
import { type AccountLock, accountLock, expiryTimes } from "../accounts/account-state.ts";
import { hidesClients } from "../network/traffic-policy.ts";
import type { ConditionValue } from "./condition.ts";

/** Users named in full in one message; the others are counted. */
const MAX_NAMED_USERS = 5;

/**
 * Whether every user can log in who is not disabled and has not expired. A user without a password is left out of the engine's
 * config; the others are served.
 */
export function usersReady(decision: Decision): ConditionValue {
  const { spec, observed } = decision;
  const now = Date.parse(observed.now);
  const until = Math.min(...expiryTimes(spec.users, now));
  return { ...findUsers(decision, now), ...(Number.isFinite(until) && { until }) };
}

function findUsers(decision: Decision, now: number): ConditionValue {
  const { spec, observed } = decision;
  const hidden = hiddenClients(decision, now);
  if (hidden !== undefined) return hidden;
  const violations = spec.users.flatMap(({ name, passwordSecretRef, ...user }) => {
    if (passwordSecretRef === undefined || accountLock(user, now) !== undefined) return [];
    const outcome = observed.passwords.get(name);
    if (outcome === undefined)
      return [
        { reason: "PasswordNotRead", message: `The password of user "${name}" has not been read yet.` },
      ];
    return "problem" in outcome ? [outcome.problem] : [];
  });
  const [first] = violations;
  if (first === undefined) return allServed(spec.users, now);
  const named = violations.slice(0, MAX_NAMED_USERS).map(({ message }) => message);
  const rest = violations.length - named.length;
  const others = rest > 0 ? [`Nor can ${rest} more users log in.`] : [];
  return { status: "False", reason: first.reason, message: [...named, ...others].join(" "), warn: true };
}

/** Locked accounts are as the spec wants them, so they are named without an alarm. */
function allServed(users: Decision["spec"]["users"], now: number): ConditionValue {
  const locked = users.flatMap(({ name, ...user }) => {
    const reason = accountLock(user, now);
    return reason === undefined ? [] : [{ name, reason }];
  });
  const [first] = locked;
  if (first === undefined)
    return { status: "True", reason: "PasswordsRead", message: "Every user can log in." };
  const named = locked.slice(0, MAX_NAMED_USERS).map(({ name, reason }) => `${name} (${LOCKS[reason]})`);
  const rest = locked.length - named.length;
  const names = [...named, ...(rest > 0 ? [`${rest} more`] : [])].join(", ");
  const message = `These users cannot log in: ${names}. Every other user can log in.`;
  return { status: "True", reason: first.reason, message };
}

const LOCKS: Readonly<Record<AccountLock, string>> = {
  AccountDisabled: "disabled",
  AccountExpired: "expired",
};

/** Accounts that may log in from some networks only, where the engines cannot see where clients come from. */
function hiddenClients({ spec, trafficPolicy }: Decision, now: number): ConditionValue | undefined {
  if (!hidesClients(spec, trafficPolicy)) return undefined;
  const isMeant = spec.anonymous.mode !== "Disabled" && spec.anonymous.allowedClients.length > 0;
  const user = spec.users.find(
    ({ allowedClients, ...state }) => allowedClients.length > 0 && accountLock(state, now) === undefined,
  );
  const name = user?.name ?? (isMeant ? "anonymous" : undefined);
  return name === undefined
    ? undefined
    : {
        status: "False",
        reason: "ClientAddressesHidden",
        message:
          `User "${name}" has \`allowedClients\`, but nodes replace the clients' addresses with their own, so the user cannot log in. ` +
          "Use one replica with `externalTrafficPolicy: Local` (if the policy is unset, it becomes Local when one pod is left), or `spec.proxyProtocol`, or remove `allowedClients`.",
        warn: true,
      };
}
