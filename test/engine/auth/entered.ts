import assert from "node:assert/strict";
import { type Account, isAccount, type LoginResult } from "../../../src/engine/auth/auth.ts";

/** Returns the account of a login; undefined when it was rejected. */
export function entered(result: LoginResult): Account | undefined {
  assert.ok(result === undefined || isAccount(result), "the account is locked");
  return result;
}
