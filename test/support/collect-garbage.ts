import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/** Collects all garbage of this process, so that a test can measure the memory in use. */
export function collectGarbage(): void {
  setFlagsFromString("--expose-gc");
  const gc: () => void = runInNewContext("gc");
  // V8 frees the memory of collected buffers on another thread. The second collection waits for this thread.
  for (let collection = 1; collection <= 2; collection++) gc();
}
