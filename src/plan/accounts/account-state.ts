import { parseTime } from "../../common/times.ts";

/** Last time whose year has four digits in UTC, as the engine's configuration requires. A zone can lead beyond it. */
const LAST_TIME = Date.parse("9999-12-31T23:59:59.999Z");

/** The part of an account that decides when it can be used. */
export interface AccountState {
  /** Enabled if it is absent, as in the engine's configuration. */
  state?: "Enabled" | "Disabled";
  expiresAt?: string;
}

/** Why an account that exists cannot be used, as a reason of conditions. */
export type AccountLock = "AccountDisabled" | "AccountExpired";

/**
 * Returns when an account expires, in milliseconds since the epoch; undefined for never. Text that is not a time counts as long past,
 * so that the engine never keeps an account for ever that should expire.
 */
export function expiryOf({ expiresAt }: AccountState): number | undefined {
  if (expiresAt === undefined) return undefined;
  return Math.min(Math.max(parseTime(expiresAt) ?? 0, 0), LAST_TIME);
}

/** @param now milliseconds since the epoch */
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
