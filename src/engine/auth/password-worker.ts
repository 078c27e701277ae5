import { parentPort } from "node:worker_threads";
import { computeMatch } from "./compute-match.ts";

/** Verifies passwords one at a time, in a dedicated thread. */
parentPort?.on("message", ({ id, hash, password }: { id: number; hash: string; password: string }) => {
  try {
    parentPort?.postMessage({ id, matches: computeMatch(hash, password) });
  } catch {
    // A hash that the libraries do not take matches nothing; the other logins go on.
    parentPort?.postMessage({ id, matches: false });
  }
});
