import { parseTime } from "../../common/times.ts";

/** Last time with a four-digit year in UTC, which the engine configuration requires. A time zone can lead beyond it. */
const LAST_TIME = Date.parse("9999-12-31T23:59:59.999Z");

/** The fields of an account that decide whether it is locked. */
export interface AccountState {
  /** Defaults to Enabled. */
  state?: "Enabled" | "Disabled";
  expiresAt?: string;
}

/** Why an account is locked. Also a reason of conditions. */
export type AccountLock = "AccountDisabled" | "AccountExpired";

/**
 * Returns the time at which an account expires, in milliseconds since the epoch. Undefined for never. Invalid text counts as expired,
 * so that an account never remains valid by mistake.
 */
export function expiryOf({ expiresAt }: AccountState): number | undefined {
  if (expiresAt === undefined) return undefined;
  return Math.min(Math.max(parseTime(expiresAt) ?? 0, 0), LAST_TIME);
}

/**
 * Returns why an account is locked. Undefined for an account that can log in.
 * @param now milliseconds since the epoch
 */
export function accountLock(account: AccountState, now: number): AccountLock | undefined {
  if (account.state === "Disabled") return "AccountDisabled";
  return now >= (expiryOf(account) ?? Infinity) ? "AccountExpired" : undefined;
}

/** Returns the times, in milliseconds since the epoch, at which enabled accounts will expire. */
export function expiryTimes(accounts: readonly AccountState[], now: number): number[] {
  return accounts.flatMap((account) => {
    const time = expiryOf(account);
    return account.state !== "Disabled" && time !== undefined && time > now ? [time] : [];
  });
}
