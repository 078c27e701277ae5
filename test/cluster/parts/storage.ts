/** Creates the PersistentVolumes when the cluster starts, because the cluster has no provisioner. */
import { mkdir, writeFile } from "node:fs/promises";
import { type Layout, nodes } from "../layout.ts";

const VOLUMES = 64;
/** Capacity of each volume, sufficient for all examples. A volume reserves no disk space. */
const CAPACITY = "1Ti";

/** The default storage class. */
const STORAGE_CLASS = "standard";

/**
 * Creates the volume folders, and a manifest with the PersistentVolumes. The folders exist on both nodes, so that pods
 * can share a volume and can move to the other node. Each volume can be bound only once.
 * @returns the path of the manifest
 */
export async function writeVolumes(layout: Layout): Promise<string> {
  const names = Array.from({ length: VOLUMES }, (_, index) => `volume-${index}`);
  for (const name of names) await mkdir(layout.path("volumes", name), { recursive: true });
  const storageClass = {
    apiVersion: "storage.k8s.io/v1",
    kind: "StorageClass",
    metadata: { name: STORAGE_CLASS, annotations: { "storageclass.kubernetes.io/is-default-class": "true" } },
    provisioner: "kubernetes.io/no-provisioner",
    volumeBindingMode: "WaitForFirstConsumer",
  };
  const items = [storageClass, ...names.map((name) => volume(name, layout.path("volumes", name)))];
  const file = layout.path("volumes.json");
  await writeFile(file, JSON.stringify({ apiVersion: "v1", kind: "List", items }));
  return file;
}

/**
 * The volume type is `local` instead of `hostPath`, because kubelet sets the group of local volumes to the fsGroup of
 * the pod.
 */
function volume(name: string, path: string): object {
  const onNodes = { matchExpressions: [{ key: "kubernetes.io/hostname", operator: "In", values: nodes }] };
  return {
    apiVersion: "v1",
    kind: "PersistentVolume",
    metadata: { name },
    spec: {
      storageClassName: STORAGE_CLASS,
      capacity: { storage: CAPACITY },
      accessModes: ["ReadWriteOnce", "ReadWriteMany"],
      persistentVolumeReclaimPolicy: "Retain",
      local: { path },
      nodeAffinity: { required: { nodeSelectorTerms: [onNodes] } },
    },
  };
}
