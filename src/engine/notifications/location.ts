import { posix } from "node:path";
import type { EngineConfig } from "../../api/engine-config.ts";
import { componentsOf } from "../storage/path.ts";
import type { StorageLocation } from "./cloud-event.ts";
import type { FileEvent } from "./event.ts";

/** Returns the location of a file in storage. The mount with the longest path that contains the file applies. */
export function locationOf(
  { storage, additionalStorage = {} }: Pick<EngineConfig, "storage" | "additionalStorage">,
  { path, account: { homeDirectory, mounts } }: Pick<FileEvent, "path" | "account">,
): StorageLocation {
  const mount =
    mounts.length === 0
      ? undefined
      : mounts
          .filter((one) => `${path}/`.startsWith(`${one.path}/`))
          .toSorted((a, b) => b.path.length - a.path.length)[0];
  const inner = mount === undefined ? path : path.slice(mount.path.length);
  const place = posix.join("/", mount?.subPath ?? homeDirectory, inner);
  const name = mount?.storage;
  const used = (name === undefined ? undefined : additionalStorage[name]) ?? storage;
  if ("root" in used) return { type: "Volume", ...(name !== undefined && { name }), path: place };
  const { bucket, prefix } = used.objectStorage;
  return { type: "ObjectStorage", bucket, key: [...componentsOf(prefix), ...componentsOf(place)].join("/") };
}
