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
import { AccessRules } from "./access-rules.ts";
import { createHash, timingSafeEqual } from "node:crypto";

/** A user who has logged in. */
export interface Account {
  name: string;
  /** Absolute POSIX path inside the storage root; undefined for an account that sees no files at all. */
  homeDirectory: string | undefined;
  access: AccessRules;
  limits: EngineUserLimits;
  quota: EngineQuota;
  /** Whether files that are there may be changed: replaced, resumed, given another mode. */
  changes: "Allowed" | "Denied";
  /** Modes of what the account creates. */
  modes: FileModes;
}

export type AccountWithHome = Account & { homeDirectory: string };

export function hasHome(account: Account): account is AccountWithHome {
  return account.homeDirectory !== undefined;
}

/** The account of a configured user. @param modes of the server, for a user without modes */
export function accountOf(user: EngineUser, modes = DEFAULT_MODES): Account {
  const { name, homeDirectory, permissions, directories, limits = {}, quota = {}, files } = user;
  const access = new AccessRules(permissions, directories);
  return { name, homeDirectory, access, limits, quota, changes: "Allowed", modes: modesOf(files, modes) };
}

/** Why an account that exists cannot be used. */
export type Lock = "AccountDisabled" | "AccountExpired";

/**
 * Returns why a user cannot log in now; undefined for one who can.
 * @param now milliseconds since the epoch
 */
export function lockOf({ state, expiresAt }: EngineUser, now: number): Lock | undefined {
  if (state === "Disabled") return "AccountDisabled";
  return expiresAt !== undefined && now >= Date.parse(expiresAt) ? "AccountExpired" : undefined;
}

/**
 * ReadWrite adds only what can not hurt others: new files and directories. Nothing that is there is replaced, resumed, removed
 * or renamed, as vsftpd (anon_other_write_enable=NO) and ProFTPD (AllowOverwrite off) have it unless they are told otherwise:
 * everybody shares the account, so everybody could undo everybody's work.
 */
const PERMISSIONS: Readonly<Record<EngineAnonymous["mode"], readonly Permission[]>> = {
  ReadOnly: ["List", "Read"],
  ReadWrite: ["List", "Read", "Write", "MakeDirectory"],
};

export function anonymousAccount(
  { mode, homeDirectory, limits = {}, quota = {} }: EngineAnonymous,
  modes: FileModes,
): Account {
  const access = new AccessRules(PERMISSIONS[mode]);
  return { name: ANONYMOUS, homeDirectory, access, limits, quota, changes: "Denied", modes };
}

/** The account that tries the way to the server. */
export const CHECK_ACCOUNT: Account = {
  name: CHECK_USER,
  homeDirectory: undefined,
  access: new AccessRules(["List"]),
  limits: {},
  quota: {},
  changes: "Denied",
  modes: DEFAULT_MODES,
};

/** Whether a password is the token, in a time that tells nothing about it. */
export function hasToken(check: EngineCheck | undefined, password: string): boolean {
  return check !== undefined && timingSafeEqual(digest(check.token), digest(password));
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
