import { STORAGE_LIMIT_VARIABLE } from "../../api/engine-config.ts";
import type { FtpServerSpec } from "../../api/ftpserver.generated.ts";
import type { Context } from "../model/decision.ts";
import type { EnvironmentVariable } from "../model/objects.ts";
import { STORAGE_PATH } from "./engine-pod.ts";
import { bytesOf } from "../accounts/engine-account.ts";

const STORAGE_VOLUME = "storage";
const MIB = 1024 * 1024;
/** kubelet counts logs towards a limit of ephemeral-storage, and by default keeps five files of 10 MiB. */
const LOG_BYTES = 64 * MIB;

/** Returns the volume of the files. */
export function storageVolume({ spec, storage }: Context): object {
  if (storage.type !== "Ephemeral") {
    return { name: STORAGE_VOLUME, persistentVolumeClaim: { claimName: storage.claimName } };
  }
  return { name: STORAGE_VOLUME, emptyDir: { sizeLimit: spec.storage.ephemeral.sizeLimit } };
}

/** Returns the mount of that volume. */
export function storageMount({ storage }: FtpServerSpec): object {
  const subPath = storage.persistentVolumeClaim?.subPath;
  return { name: STORAGE_VOLUME, mountPath: STORAGE_PATH, ...(subPath === undefined ? {} : { subPath }) };
}

/**
 * Returns the variable that tells the engine how much Ephemeral files may occupy before kubelet evicts the pod. It belongs to the pod,
 * because a changed size holds for new pods only (docs/contributing/decisions/0012).
 */
export function storageLimitVariable({ spec, storage }: Context): EnvironmentVariable[] {
  if (storage.type !== "Ephemeral") return [];
  const volume = bytesOf(spec.storage.ephemeral.sizeLimit);
  const container = spec.pod.resources.limits?.["ephemeral-storage"];
  const limit = container === undefined ? volume : Math.min(volume, withoutLogs(bytesOf(container)));
  return [{ name: STORAGE_LIMIT_VARIABLE, value: `${limit}` }];
}

function withoutLogs(bytes: number): number {
  return Math.ceil(Math.max(bytes - LOG_BYTES, bytes / 2));
}
