/** Accounts of the compared servers, and their password hashes. */
import type { EngineUser } from "../../src/api/engine-config.ts";
import { hashPassword } from "../../src/api/password-hash.ts";
import { run } from "../../test/cluster/run.ts";
import { testUser } from "../../test/support/engine/server.ts";

export const PASSWORD = "bench";

/** Hash of the password with the lowest scrypt cost, so that hashing does not dominate the results. */
export const CHEAP_HASH =
  "$scrypt$ln=4,r=8,p=1$MDEyMzQ1Njc4OWFiY2RlZg$I3+ZFcDCcWXmunjD5QNZX0HyxZQwNQAbGB7/3f1laNk";

/**
 * Maximum number of accounts that log in at once. Each client has a separate account, because the engine can reuse a
 * verified password for later logins to the same account.
 */
const CROWD = 100;

/**
 * Hash of the password in the format of crypt(5), with the parameters of the hashes that the operator creates (scrypt
 * with N=2^14, r=8 and p=1). Pure-FTPd requires a salt of this length.
 */
const CRYPT_SCRYPT =
  "$7$C6..../....0123456789012345678901234567890123456789012$Qn7zksw9Jnf4yHDdCjN4Xc3BnTefztj3jWs12PXW3k.";

/** Returns the account names, which the load program derives from the first name in the same way. */
function crowdNames(): string[] {
  return Array.from({ length: CROWD }, (_, number) => `bench-${number}`);
}

/** Returns the users of the engine: one with a cheap hash, and many with the hash that the operator creates. */
export async function engineUsers(homeDirectory: string): Promise<EngineUser[]> {
  const passwordHash = await hashPassword(PASSWORD);
  return [
    testUser("bench", { passwordHash: CHEAP_HASH, homeDirectory }),
    ...crowdNames().map((name) => testUser(name, { passwordHash, homeDirectory })),
  ];
}

/**
 * Returns the entries of a passwd file for the users of the engine. MD5 is the cheapest hash that all servers with
 * passwd files support.
 * @param end fields after the home directory
 */
export async function passwdEntries(files: string, end: string): Promise<string> {
  const cheap = (await run(["openssl", "passwd", "-1", "-salt", "abcdefgh", PASSWORD])).trim();
  const entry = (name: string, hash: string): string => `${name}:${hash}:65534:65534::${files}${end}\n`;
  return [entry("bench", cheap), ...crowdNames().map((name) => entry(name, CRYPT_SCRYPT))].join("");
}
