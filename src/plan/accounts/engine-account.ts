import type { EngineQuota, EngineUser, EngineUserLimits } from "../../api/engine-config.ts";
import type {
  FtpServerUser,
  FtpServerUserLimits,
  FtpServerUserQuota,
} from "../../api/ftpserver.generated.ts";
import type { FtpUser } from "../../api/ftpuser.generated.ts";
import { parseQuantity } from "../../common/quantity.ts";
import { expiryOf } from "./account-state.ts";
import type { PasswordOutcome } from "../model/observed.ts";

/** An account of `spec.users` or of an FtpUser. */
export type Account = Omit<FtpServerUser, "name"> & {
  homeDirectory: string;
  /** Namespace of the FtpUser. */
  namespace?: string;
};

/** Returns the account of an FtpUser. */
export function ftpUserAccount({ metadata, spec }: FtpUser, homeDirectory: string): Account {
  const { namespace } = metadata;
  return { ...spec, homeDirectory, ...(namespace === undefined ? {} : { namespace }) };
}

/** Returns the entry of an account in the engine configuration. Empty while the account requires a password that cannot be read. */
export function engineAccount(
  name: string,
  account: Account,
  password: PasswordOutcome | undefined,
): EngineUser[] {
  const { permissions, directories, homeDirectory, allowedClients, limits, quota, files, namespace } =
    account;
  const user: EngineUser = {
    name,
    ...(namespace === undefined ? {} : { namespace }),
    homeDirectory,
    permissions,
    ...(directories.length === 0 ? {} : { directories }),
    ...(allowedClients.length === 0 ? {} : { allowedClients }),
    ...(limits === undefined ? {} : { limits: engineUserLimits(limits) }),
    ...(quota === undefined ? {} : { quota: engineQuota(quota) }),
    ...(files === undefined ? {} : { files }),
    ...engineState(account),
  };
  if (account.passwordSecretRef === undefined) return [user];
  // A disabled account needs no password. The engine ends its sessions and logs the reason.
  if (password === undefined || "failure" in password) return account.state === "Disabled" ? [user] : [];
  return [{ ...user, passwordHash: password.hash, passwordSource: password.source }];
}

/** Returns nothing for an enabled account without expiry, which keeps the configuration small. */
function engineState(account: Account): Pick<EngineUser, "state" | "expiresAt"> {
  const { state } = account;
  const expiry = expiryOf(account);
  return {
    ...(state === "Disabled" && { state }),
    ...(expiry !== undefined && { expiresAt: new Date(expiry).toISOString() }),
  };
}

const NANO = 1_000_000_000n;

/** Returns a quota in the form of the engine configuration. */
export function engineQuota({ bytes, files }: FtpServerUserQuota): EngineQuota {
  return {
    ...(bytes === undefined ? {} : { bytes: bytesOf(bytes) }),
    ...(files === undefined ? {} : { files }),
  };
}

/** Returns limits in the form of the engine configuration. */
export function engineUserLimits(limits: FtpServerUserLimits): EngineUserLimits {
  const { sessions, uploadBytesPerSecond, downloadBytesPerSecond } = limits;
  return {
    ...(sessions === undefined ? {} : { sessions }),
    ...(uploadBytesPerSecond === undefined ? {} : { uploadBytesPerSecond: bytesOf(uploadBytesPerSecond) }),
    ...(downloadBytesPerSecond === undefined
      ? {}
      : { downloadBytesPerSecond: bytesOf(downloadBytesPerSecond) }),
  };
}

/**
 * Returns a quantity in bytes, at least 1.
 * @param quantity a value that conforms to the schema
 */
export function bytesOf(quantity: string | number): number {
  return Math.max(1, Math.min(Number((parseQuantity(quantity) ?? 0n) / NANO), Number.MAX_SAFE_INTEGER));
}
