import { parseTime } from "../../common/times.ts";

/**
 * Latest expiry time in the engine configuration: the end of the year 9999 in UTC. A value of `spec.expiresAt` with a
 * time zone offset can be later.
 */
const LAST_TIME = Date.parse("9999-12-31T23:59:59.999Z");

/** Account fields that determine whether the account is locked. */
export interface AccountState {
  /** Defaults to Enabled. */
  state?: "Enabled" | "Disabled";
  expiresAt?: string;
}

/** Cause of an account lock, also used as a condition reason. */
export type AccountLock = "AccountDisabled" | "AccountExpired";

/**
 * Returns the expiry time of an account in milliseconds since the epoch, or undefined for an account that never
 * expires. An account with an invalid time counts as expired, so that the account does not remain valid by mistake.
 */
export function expiryOf({ expiresAt }: AccountState): number | undefined {
  if (expiresAt === undefined) return undefined;
  return Math.min(Math.max(parseTime(expiresAt) ?? 0, 0), LAST_TIME);
}

/**
 * Returns the cause of an account lock, or undefined for an account that is not locked.
 * @param now current time in milliseconds since the epoch
 */
export function accountLock(account: AccountState, now: number): AccountLock | undefined {
  if (account.state === "Disabled") return "AccountDisabled";
  return now >= (expiryOf(account) ?? Infinity) ? "AccountExpired" : undefined;
}

/** Returns the future expiry times of enabled accounts, in milliseconds since the epoch. */
export function expiryTimes(accounts: readonly AccountState[], now: number): number[] {
  return accounts.flatMap((account) => {
    const time = expiryOf(account);
    return account.state !== "Disabled" && time !== undefined && time > now ? [time] : [];
  });
}
