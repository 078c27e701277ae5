import { parseTime } from "../api/times.ts";

/** The part of an account that decides when it can be used. */
export interface AccountState {
  /** Enabled if it is absent, as in the engine's configuration. */
  state?: "Enabled" | "Disabled";
  expiresAt?: string;
}

/** Why an account that exists cannot be used, as a reason of conditions. */
export type AccountLock = "AccountDisabled" | "AccountExpired";

/** @param now milliseconds since the epoch */
export function accountLock({ state, expiresAt }: AccountState, now: number): AccountLock | undefined {
  if (state === "Disabled") return "AccountDisabled";
  return expiresAt !== undefined && now >= (parseTime(expiresAt) ?? 0) ? "AccountExpired" : undefined;
}

/** Returns the times, in milliseconds since the epoch, at which enabled accounts will expire. */
export function expiryTimes(accounts: readonly AccountState[], now: number): number[] {
  return accounts.flatMap(({ state, expiresAt }) => {
    const time = expiresAt === undefined ? undefined : parseTime(expiresAt);
    return state !== "Disabled" && time !== undefined && time > now ? [time] : [];
  });
}
