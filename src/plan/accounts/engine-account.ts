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

/** Account from `spec.users` or from an FtpUser. */
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

/**
 * Returns the engine configuration entry for an account. Returns an empty list while the password of an enabled account
 * cannot be read.
 */
export function engineAccount(
  name: string,
  account: Account,
  password: PasswordOutcome | undefined,
): EngineUser[] {
  const { permissions, directories, mounts, homeDirectory, allowedClients } = account;
  const { limits, quota, files, namespace } = account;
  const user: EngineUser = {
    name,
    ...(namespace === undefined ? {} : { namespace }),
    homeDirectory,
    permissions,
    ...(directories.length === 0 ? {} : { directories }),
    ...(mounts.length === 0 ? {} : { mounts }),
    ...(allowedClients.length === 0 ? {} : { allowedClients }),
    ...(limits === undefined ? {} : { limits: engineUserLimits(limits) }),
    ...(quota === undefined ? {} : { quota: engineQuota(quota) }),
    ...(files === undefined ? {} : { files }),
    ...engineState(account),
  };
  if (account.passwordSecretRef === undefined) return [user];
  // A disabled account requires no password. When the configuration contains a disabled account, the engine ends the
  // sessions of the account and logs the reason.
  if (password === undefined || "failure" in password) return account.state === "Disabled" ? [user] : [];
  return [{ ...user, passwordHash: password.hash, passwordSource: password.source }];
}

/**
 * Returns the state and expiry time of an account. To reduce the size of the engine configuration, returns no fields
 * for an enabled account without an expiry time.
 */
function engineState(account: Account): Pick<EngineUser, "state" | "expiresAt"> {
  const { state } = account;
  const expiry = expiryOf(account);
  return {
    ...(state === "Disabled" && { state }),
    ...(expiry !== undefined && { expiresAt: new Date(expiry).toISOString() }),
  };
}

const NANO = 1_000_000_000n;

/** Converts a quota to the format of the engine configuration. */
export function engineQuota({ bytes, files }: FtpServerUserQuota): EngineQuota {
  return {
    ...(bytes === undefined ? {} : { bytes: bytesOf(bytes) }),
    ...(files === undefined ? {} : { files }),
  };
}

/** Converts user limits to the format of the engine configuration. */
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
 * Converts a Kubernetes quantity to bytes. The result is at least 1.
 * @param quantity a value that conforms to the schema
 */
export function bytesOf(quantity: string | number): number {
  return Math.max(1, Math.min(Number((parseQuantity(quantity) ?? 0n) / NANO), Number.MAX_SAFE_INTEGER));
}
