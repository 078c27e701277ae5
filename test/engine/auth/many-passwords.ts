/** A program that verifies many passwords, and prints the growth of its memory usage in bytes. */
import { PasswordVerifier } from "../../../src/engine/auth/password-verifier.ts";

const verifier = new PasswordVerifier();

const ROUNDS = 32;
const HASH = `$scrypt$ln=14,r=8,p=1$${"A".repeat(22)}$${"A".repeat(43)}`;

const before = process.memoryUsage.rss();
for (let round = 0; round < ROUNDS; round += 1)
  await Promise.all([verifier.verify(HASH, "a"), verifier.verify(HASH, "b")]);
process.stdout.write(String(process.memoryUsage.rss() - before));
