/** Prints the CPU time in seconds that the engine takes to verify a password with the hash that the operator creates. */
import { hashPassword } from "../../src/api/password-hash.ts";
import { PasswordVerifier } from "../../src/engine/auth/password-verifier.ts";
import { PASSWORD } from "./accounts.ts";

const VERIFICATIONS = 20;

const verifier = new PasswordVerifier();
const hash = await hashPassword(PASSWORD);

/** Verifies the password several times, in all threads of the verifier. */
async function verify(times: number): Promise<void> {
  const matches = await Promise.all(Array.from({ length: times }, () => verifier.verify(hash, PASSWORD)));
  if (matches.includes(false)) throw new Error("the hash does not match its password");
}

// The first verifications start the threads.
await verify(4);
const before = process.cpuUsage();
await verify(VERIFICATIONS);
const { user, system } = process.cpuUsage(before);
console.log((user + system) / 1e6 / VERIFICATIONS);
