import type { EngineQuota, EngineUser } from "../../api/engine-config.ts";
import type { FtpServerUser, FtpServerUserQuota } from "../../api/ftpserver.generated.ts";
import { parseQuantity } from "../../api/quantity.ts";
import type { PasswordOutcome } from "../observed.ts";

/** An account in the engine's configuration, if it can log in: none without the password that it shall have. */
export function engineUser(
  name: string,
  account: Omit<FtpServerUser, "name"> & { homeDirectory: string },
  password: PasswordOutcome | undefined,
): EngineUser[] {
  const { permissions, homeDirectory, allowedClients, limits, quota } = account;
  const user: EngineUser = {
    name,
    homeDirectory,
    permissions,
    ...(allowedClients.length === 0 ? {} : { allowedClients }),
    ...(limits === undefined ? {} : { limits }),
    ...(quota === undefined ? {} : { quota: engineQuota(quota) }),
  };
  if (account.passwordSecretRef === undefined) return [user];
  if (password === undefined || "problem" in password) return [];
  return [{ ...user, passwordHash: password.hash, passwordSource: password.source }];
}

const NANO = 1_000_000_000n;

function engineQuota({ bytes, files }: FtpServerUserQuota): EngineQuota {
  return {
    ...(bytes === undefined ? {} : { bytes: bytesOf(bytes) }),
    ...(files === undefined ? {} : { files }),
  };
}

/** @param quantity one that the schema has let through */
export function bytesOf(quantity: string): number {
  return Math.max(1, Math.min(Number((parseQuantity(quantity) ?? 0n) / NANO), Number.MAX_SAFE_INTEGER));
}
