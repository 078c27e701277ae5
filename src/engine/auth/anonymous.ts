import { ANONYMOUS, type EngineAnonymous, type Permission } from "../../api/engine-config.ts";
import type { FileModes } from "../../api/file-modes.ts";
import { AccessRules } from "./access-rules.ts";
import type { Account } from "./auth.ts";

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
