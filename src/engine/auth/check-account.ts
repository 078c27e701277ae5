import { createHash, timingSafeEqual } from "node:crypto";
import { CHECK_USER, type EngineCheck } from "../../api/engine-config.ts";
import { DEFAULT_MODES } from "../../api/file-modes.ts";
import { AccessRules } from "./access-rules.ts";
import type { Account } from "./auth.ts";

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
