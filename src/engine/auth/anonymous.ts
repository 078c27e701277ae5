import type { EngineAnonymous, Permission } from "../../api/engine-config.ts";
import type { Account } from "./auth.ts";

/** The account that everybody has who logs in without one. */
export const ANONYMOUS = "anonymous";
/** What clients send for it (RFC 1635). */
const NAMES: ReadonlySet<string> = new Set([ANONYMOUS, "ftp"]);

/**
 * ReadWrite adds only what can not hurt others: new files and directories. Nothing that is there is replaced, resumed, removed
 * or renamed, as vsftpd (anon_other_write_enable=NO) and ProFTPD (AllowOverwrite off) have it unless they are told otherwise:
 * everybody shares the account, so everybody could undo everybody's work.
 */
const PERMISSIONS: Readonly<Record<EngineAnonymous["mode"], readonly Permission[]>> = {
  ReadOnly: ["List", "Read"],
  ReadWrite: ["List", "Read", "Write", "MakeDirectory"],
};

export function isAnonymous(name: string): boolean {
  return NAMES.has(name.toLowerCase());
}

export function anonymousAccount({ mode, homeDirectory }: EngineAnonymous): Account {
  const permissions = new Set(PERMISSIONS[mode]);
  return { name: ANONYMOUS, homeDirectory, permissions, limits: {}, quota: {}, changes: "Denied" };
}
