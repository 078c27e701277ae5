import { extname } from "node:path";
import { hashKind } from "../../api/password-hash.ts";
import { PasswordWorker } from "./password-worker-client.ts";

/**
 * Threads that verify passwords; each starts with its first one. The pool of libuv has more threads, but file operations need
 * them, and each would keep the memory of a hash (docs/contributing/decisions/0009).
 */
const PASSWORD_THREADS = 2;

const program = new URL(`./password-worker${extname(import.meta.filename)}`, import.meta.url);
const workers = Array.from({ length: PASSWORD_THREADS }, () => new PasswordWorker(program));

/** Returns whether a password belongs to a hash. Computed off the main thread. */
export async function verifyPassword(hash: string, password: string): Promise<boolean> {
  if (hashKind(hash) === undefined) return false;
  const [idlest] = workers.toSorted((a, b) => a.pending - b.pending);
  return idlest !== undefined && (await idlest.verify(hash, password));
}
