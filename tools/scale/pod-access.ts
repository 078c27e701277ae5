import { copyFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { ControlPlane } from "../../test/cluster/control-plane.ts";
import { makeTemporaryFolder } from "../../test/cluster/temporary.ts";

const MOUNT = "/var/run/secrets/kubernetes.io/serviceaccount";
const ACCOUNT = { name: "scale", namespace: "default" };

/** Gives a program the same access to the API server as in a pod. */
export interface PodAccess {
  /**
   * Command line prefix for the program. The prefix mounts the token at the path at which pods find their token. Only
   * the started program sees the mount. Needs root.
   */
  wrapper: string[];
  env: Record<string, string>;
}

/** Creates a new administrator account, and returns the access to the API server with its token. */
export async function podAccess(plane: ControlPlane): Promise<PodAccess> {
  const folder = await makeTemporaryFolder();
  await writeFile(join(folder, "token"), await administratorToken(plane));
  await copyFile(plane.ca, join(folder, "ca.crt"));
  const { hostname, port } = new URL(plane.url);
  const script = `mkdir -p ${MOUNT} && mount --bind "$0" ${MOUNT} && exec "$@"`;
  return {
    wrapper: ["unshare", "--mount", "bash", "-c", script, folder],
    env: { HOME: folder, KUBERNETES_SERVICE_HOST: hostname, KUBERNETES_SERVICE_PORT: port },
  };
}

async function administratorToken(plane: ControlPlane): Promise<string> {
  const binding = {
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "ClusterRoleBinding",
    metadata: { name: ACCOUNT.name },
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "cluster-admin" },
    subjects: [{ kind: "ServiceAccount", ...ACCOUNT }],
  };
  const items = [{ apiVersion: "v1", kind: "ServiceAccount", metadata: ACCOUNT }, binding];
  await plane.kubectl(["apply", "-f", "-"], JSON.stringify({ apiVersion: "v1", kind: "List", items }));
  return (await plane.kubectl(["create", "token", ACCOUNT.name, "-n", ACCOUNT.namespace])).trim();
}
