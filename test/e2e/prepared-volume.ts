/** Creates volumes from folders that a test has prepared on the machine. The claim is in the test namespace. */
import { execFile } from "node:child_process";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { type Node, nodes } from "../cluster/layout.ts";
import type { TestNamespace } from "./test-namespace.ts";

const run = promisify(execFile);

export interface VolumeOptions {
  /** Owner and group of the folder, for example `1000:2000`, and its mode. Unchanged by default. */
  owner?: string;
  mode?: string;
  /**
   * Volume type. For volumes of type `Local`, the kubelet changes the group to `fsGroup`. HostPath and NFS volumes keep
   * their group.
   */
  type?: "Local" | "HostPath";
  mountOptions?: string[];
  /** Nodes on which the folder exists. Defaults to both nodes. */
  node?: Node;
  /** Folder path relative to the cluster folder. */
  folder?: string;
}

/** Creates a volume and its claim with the same name. @returns the folder on this machine */
export async function prepareVolume(
  namespace: TestNamespace,
  name: string,
  { owner, mode, type = "Local", mountOptions, node, folder = join("volumes", name) }: VolumeOptions,
): Promise<string> {
  const { cluster } = namespace;
  const path = join(cluster.folder, folder);
  await mkdir(path, { recursive: true });
  if (owner !== undefined) await run("chown", [owner, path]);
  if (mode !== undefined) await run("chmod", [mode, path]);
  const values = node === undefined ? nodes : [node];
  const onNodes = { matchExpressions: [{ key: "kubernetes.io/hostname", operator: "In", values }] };
  const shared = { storageClassName: "", accessModes: ["ReadWriteMany"] };
  const volume = {
    apiVersion: "v1",
    kind: "PersistentVolume",
    metadata: { name },
    spec: {
      ...shared,
      capacity: { storage: "1Gi" },
      persistentVolumeReclaimPolicy: "Retain",
      claimRef: { namespace: namespace.name, name },
      ...(type === "Local" ? { local: { path } } : { hostPath: { path, type: "Directory" } }),
      ...(mountOptions && { mountOptions }),
      nodeAffinity: { required: { nodeSelectorTerms: [onNodes] } },
    },
  };
  await cluster.kubectl(["delete", "persistentvolume", name, "--ignore-not-found", "--timeout=180s"]);
  await cluster.kubectl(["apply", "-f", "-"], JSON.stringify(volume));
  const resources = { requests: { storage: "1Gi" } };
  await namespace.apply({
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    metadata: { name },
    spec: { ...shared, volumeName: name, resources },
  });
  return path;
}

/** Returns `spec.storage` for an FtpServer on a prepared volume. */
export function onVolume(claimName: string): object {
  return { storage: { type: "PersistentVolumeClaim", persistentVolumeClaim: { claimName } } };
}
