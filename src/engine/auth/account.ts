import { DEFAULT_MODES, type FileModes, modesOf } from "../../api/file-modes.ts";
import {
  type EngineQuota,
  type EngineUser,
  type EngineUserLimits,
  ANONYMOUS,
  type EngineAnonymous,
  type Permission,
  CHECK_USER,
  type EngineCheck,
} from "../../api/engine-config.ts";
import type { EngineMount } from "../../api/engine-storage.ts";
import { AccessRules } from "./access-rules.ts";
import { rulesWithMounts } from "./mount-rules.ts";
import { createHash, timingSafeEqual } from "node:crypto";

/** Settings of a user who can log in. */
export interface Account {
  name: string;
  /** Absolute POSIX path inside the storage root. The value is undefined for an account without files. */
  homeDirectory: string | undefined;
  access: AccessRules;
  /** Directories in other storage. For each file, the mount with the longest matching path applies. */
  mounts: readonly EngineMount[];
  limits: EngineUserLimits;
  quota: EngineQuota;
  /** Whether the user can replace existing files, resume uploads to them, or change their modes. */
  changes: "Allowed" | "Denied";
  /** Modes of new files and directories. */
  modes: FileModes;
}

export type AccountWithHome = Account & { homeDirectory: string };

export function hasHome(account: Account): account is AccountWithHome {
  return account.homeDirectory !== undefined;
}

/**
 * Returns the account of a configured user.
 * @param modes modes for a user without configured modes
 */
export function accountOf(user: EngineUser, modes = DEFAULT_MODES): Account {
  const { name, homeDirectory, permissions, directories = [], mounts = [] } = user;
  const { limits = {}, quota = {}, files } = user;
  const rules = rulesWithMounts(permissions, directories, mounts);
  const access = new AccessRules(
    permissions,
    rules,
    mounts.map(({ path }) => path),
  );
  return {
    name,
    homeDirectory,
    access,
    mounts,
    limits,
    quota,
    changes: "Allowed",
    modes: modesOf(files, modes),
  };
}

/** Reason why an existing account cannot be used. */
export type Lock = "AccountDisabled" | "AccountExpired";

/**
 * Returns the reason why a user's account cannot be used. Returns undefined for a usable account.
 * @param now milliseconds since the epoch
 */
export function lockOf({ state, expiresAt }: EngineUser, now: number): Lock | undefined {
  if (state === "Disabled") return "AccountDisabled";
  return expiresAt !== undefined && now >= Date.parse(expiresAt) ? "AccountExpired" : undefined;
}

/**
 * Permissions of anonymous users. All anonymous users share one account. `ReadWrite` therefore permits only the
 * creation of files and directories. Anonymous users cannot replace, resume, remove or rename existing files. The
 * servers vsftpd (`anon_other_write_enable=NO`) and ProFTPD (`AllowOverwrite off`) have the same default.
 */
const PERMISSIONS: Readonly<Record<EngineAnonymous["mode"], readonly Permission[]>> = {
  ReadOnly: ["List", "Read"],
  ReadWrite: ["List", "Read", "Write", "MakeDirectory"],
};

/** Returns the account for anonymous users. */
export function anonymousAccount(
  { mode, homeDirectory, limits = {}, quota = {} }: EngineAnonymous,
  modes: FileModes,
): Account {
  const access = new AccessRules(PERMISSIONS[mode]);
  return { name: ANONYMOUS, homeDirectory, access, mounts: [], limits, quota, changes: "Denied", modes };
}

/** Account for the reachability check. The account has no files. */
export const CHECK_ACCOUNT: Account = {
  name: CHECK_USER,
  homeDirectory: undefined,
  access: new AccessRules(["List"]),
  mounts: [],
  limits: {},
  quota: {},
  changes: "Denied",
  modes: DEFAULT_MODES,
};

/** Returns in constant time whether a password is the token of the reachability check. */
export function hasToken(check: EngineCheck | undefined, password: string): boolean {
  return check !== undefined && timingSafeEqual(digest(check.token), digest(password));
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
