/** Volumes for claims: there is no provisioner, so a stock of them is made ahead. */
import { mkdir, writeFile } from "node:fs/promises";
import { type Layout, nodes } from "../layout.ts";

const VOLUMES = 64;
/** As much as any example asks for; nothing is taken for it. */
const CAPACITY = "1Ti";

/** The default class. */
const STORAGE_CLASS = "standard";

/**
 * Makes the volumes' folders and a manifest of them. Both nodes see the same folder, so a volume may be shared and a pod may
 * move. A used volume is not used again.
 * @returns the manifest's path
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

/** Of type local and not hostPath, as kubelet changes its group to the pod's fsGroup. */
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
