import { parentPort } from "node:worker_threads";
import { compareSync } from "bcryptjs";
import { verify } from "unixcrypt";

/** Verifies bcrypt and sha-crypt, which have no asynchronous form in Node: one at a time, in a thread of its own. */
parentPort?.on("message", ({ id, hash, password }: { id: number; hash: string; password: string }) => {
  try {
    const matches = hash.startsWith("$2") ? compareSync(password, hash) : verify(password, hash);
    parentPort?.postMessage({ id, matches });
  } catch {
    // A hash that the libraries do not take matches nothing; the other logins go on.
    parentPort?.postMessage({ id, matches: false });
  }
});
