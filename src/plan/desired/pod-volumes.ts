import { dirname } from "node:path/posix";
import { ADMIN_SOCKET, STORAGE_LIMIT_VARIABLE } from "../../api/engine-config.ts";
import { childNames } from "../../api/names.ts";
import { bytesOf } from "../accounts/engine-account.ts";
import type { Decision } from "../model/decision.ts";
import type { EnvironmentVariable } from "../model/objects.ts";
import { notificationMounts, notificationVolumes } from "./notifications.ts";
import { secretFileMode } from "./security-context.ts";
import { storageMounts, storageVolumes } from "./storage-volumes.ts";

/** Paths in the engine container that the engine configuration and the pod template contain. */
export const ENGINE_CONFIG_DIRECTORY = "/etc/ftp-operator/engine";
export const ENGINE_CONFIG_KEY = "engine.json";
export const TLS_DIRECTORY = "/etc/ftp-operator/tls";
export const CLIENT_AUTHORITIES_DIRECTORY = "/etc/ftp-operator/client-authorities";

const CONFIG_VOLUME = "config";
const ADMIN_VOLUME = "admin";
const MIB = 1024 * 1024;
/**
 * Number of bytes reserved for container logs. The kubelet counts logs toward the `ephemeral-storage` limit. By
 * default, the kubelet keeps five log files of 10 MiB.
 */
const LOG_BYTES = 64 * MIB;

export function buildVolumes(decision: Decision): object[] {
  const { spec, server } = decision;
  const defaultMode = secretFileMode(spec);
  const secretName = childNames.configSecret(server.metadata.name);
  return [
    { name: CONFIG_VOLUME, secret: { secretName, defaultMode } },
    ...storageVolumes(decision),
    ...notificationVolumes(decision),
    // The volume contains only a Unix socket, which uses no space.
    { name: ADMIN_VOLUME, emptyDir: { sizeLimit: "1Mi" } },
    ...tlsVolumes(decision).map(({ name, kind, objectName }) =>
      kind === "Secret"
        ? { name, secret: { secretName: objectName, defaultMode } }
        : { name, configMap: { name: objectName, defaultMode } },
    ),
  ];
}

export function buildVolumeMounts(decision: Decision): object[] {
  return [
    // The container mounts the entire directory, because kubelet never updates a `subPath` mount.
    { name: CONFIG_VOLUME, mountPath: ENGINE_CONFIG_DIRECTORY, readOnly: true },
    ...storageMounts(decision),
    ...notificationMounts(decision),
    { name: ADMIN_VOLUME, mountPath: dirname(ADMIN_SOCKET) },
    ...tlsVolumes(decision).map(({ name, mountPath }) => ({ name, mountPath, readOnly: true })),
  ];
}

/**
 * Returns the environment variable that contains the maximum size of ephemeral storage in bytes. The kubelet evicts the
 * pod above this size. The pod template contains the limit, because a changed size applies only to new pods
 * (`docs/contributing/decisions/0012`).
 */
export function storageLimitVariable({ spec, storage }: Decision): EnvironmentVariable[] {
  if (storage.type !== "Ephemeral") return [];
  const volume = bytesOf(spec.storage.ephemeral.sizeLimit);
  const container = spec.pod.resources.limits?.["ephemeral-storage"];
  const limit = container === undefined ? volume : Math.min(volume, withoutLogs(bytesOf(container)));
  return [{ name: STORAGE_LIMIT_VARIABLE, value: `${limit}` }];
}

function withoutLogs(bytes: number): number {
  return Math.ceil(Math.max(bytes - LOG_BYTES, bytes / 2));
}

interface TlsVolume {
  name: string;
  kind: "Secret" | "ConfigMap";
  objectName: string;
  mountPath: string;
}

/**
 * Returns the certificate volumes. Pods mount the Secrets directly, so that no object that the operator creates
 * contains a private key.
 */
function tlsVolumes({ spec: { tls } }: Decision): TlsVolume[] {
  const { mode, certificateRef, clientCertificates } = tls;
  if (mode === "Disabled") return [];
  const caRef = clientCertificates.mode === "Disabled" ? undefined : clientCertificates.caRef;
  return [
    ...volumeFor("tls", TLS_DIRECTORY, certificateRef && { kind: "Secret", ...certificateRef }),
    ...volumeFor("client-authorities", CLIENT_AUTHORITIES_DIRECTORY, caRef),
  ];
}

function volumeFor(
  name: string,
  mountPath: string,
  reference: { kind: TlsVolume["kind"]; name: string } | undefined,
): TlsVolume[] {
  if (reference === undefined) return [];
  return [{ name, mountPath, kind: reference.kind, objectName: reference.name }];
}
