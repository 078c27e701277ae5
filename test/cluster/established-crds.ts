import type { ControlPlane } from "./control-plane.ts";
import { waitUntil } from "./wait.ts";

const TIMEOUT_MS = 60_000;

/**
 * Waits until the API server serves the kinds of all CRDs.
 * @throws Error after a time limit
 */
export async function untilCrdsEstablished({ kubectl }: Pick<ControlPlane, "kubectl">): Promise<void> {
  const argv = ["wait", "--for=condition=Established", "crd", "--all", `--timeout=${TIMEOUT_MS / 1000}s`];
  // `kubectl wait` fails immediately when the API server has not yet written the first condition of a new CRD.
  await waitUntil("the CRDs are established", TIMEOUT_MS, () => kubectl(argv));
}
