import assert from "node:assert/strict";
import type { Account } from "../../../src/engine/auth/account.ts";
import { isAccount, type LoginResult } from "../../../src/engine/auth/authenticator.ts";

/** Returns the account of a successful login, or undefined if the login was rejected. */
export function entered(result: LoginResult): Account | undefined {
  assert.ok(result === undefined || isAccount(result), "the account is locked");
  return result;
}
