import type { EngineObjectStorage, EngineStorage } from "../../api/engine-storage.ts";
import type { FtpServerStorageObjectStorage } from "../../api/ftpserver.generated.ts";
import type { Decision, StorageDecision } from "../model/decision.ts";
import { secretFileMode } from "./security-context.ts";

/** Builds the storage volumes of a pod, and the storage settings in the engine configuration. */

export const STORAGE_PATH = "/srv/ftp";
const ADDITIONAL_STORAGE_PATH = "/srv/additional";
const OBJECT_STORAGE_DIRECTORY = "/etc/ftp-operator/object-storage";
const MIB = 1024 * 1024;
const SPOOL_VOLUME = "spool";
/** Directory for upload parts that do not fit into memory. The path is the default return value of `os.tmpdir()`. */
const SPOOL_PATH = "/tmp";
const TOKEN_FILE = "token";
/** Lifetime of a ServiceAccount token in seconds. The kubelet renews the token after 80 % of this time. */
const TOKEN_SECONDS = 3600;

/** Volume or bucket that a pod uses. */
interface PodStorage {
  /** Name of the volume. For a bucket, also the name of the directory that contains the credentials. */
  volume: string;
  /** Path of the volume in the container. */
  path: string;
  storage: StorageDecision;
  subPath: string | undefined;
}

/** Returns the storage for home directories, followed by the additional storage. */
function storagesOf({ spec, storage, additionalStorage }: Decision): PodStorage[] {
  const subPath = spec.storage.persistentVolumeClaim?.subPath;
  return [
    { volume: "storage", path: STORAGE_PATH, storage, subPath },
    ...additionalStorage.map(({ name, ...one }) => ({
      volume: `storage-${name}`,
      path: `${ADDITIONAL_STORAGE_PATH}/${name}`,
      subPath: one.subPath,
      storage: one.storage,
    })),
  ];
}

/** Returns all buckets that a pod uses. */
export function bucketsOf(decision: Decision): FtpServerStorageObjectStorage[] {
  return storagesOf(decision).flatMap(({ storage }) =>
    storage.type === "ObjectStorage" ? [storage.storage] : [],
  );
}

/** Returns the volumes for all storage. If the pod uses a bucket, also returns a volume for upload parts. */
export function storageVolumes(decision: Decision): object[] {
  const spool = bucketsOf(decision).length === 0 ? [] : [{ name: SPOOL_VOLUME, emptyDir: {} }];
  return [...storagesOf(decision).flatMap((one) => volumesOf(one, decision)), ...spool];
}

/** Returns the volume mounts for {@link storageVolumes}. */
export function storageMounts(decision: Decision): object[] {
  const spool = bucketsOf(decision).length === 0 ? [] : [{ name: SPOOL_VOLUME, mountPath: SPOOL_PATH }];
  return [...storagesOf(decision).flatMap(mountsOf), ...spool];
}

function volumesOf({ volume, storage }: PodStorage, { spec }: Decision): object[] {
  switch (storage.type) {
    case "Ephemeral":
      return [{ name: volume, emptyDir: { sizeLimit: spec.storage.ephemeral.sizeLimit } }];
    case "Claim": {
      const { claimName, readOnly } = storage;
      return [{ name: volume, persistentVolumeClaim: { claimName, ...(readOnly && { readOnly }) } }];
    }
    case "MissingClaim":
      return [{ name: volume, persistentVolumeClaim: { claimName: storage.claimName } }];
    case "ObjectStorage": {
      const sources = credentialSources(storage.storage);
      return sources.length === 0
        ? []
        : [{ name: volume, projected: { defaultMode: secretFileMode(spec), sources } }];
    }
  }
}

/**
 * Returns the volume sources that contain the credentials and CA certificates for a bucket. Objects that the operator
 * creates never contain the access key.
 */
function credentialSources({
  credentialsSecretRef,
  webIdentity,
  caRef,
}: FtpServerStorageObjectStorage): object[] {
  const authorities = caRef && { name: caRef.name, items: [{ key: caRef.key, path: AUTHORITIES_FILE }] };
  return [
    ...(credentialsSecretRef ? [{ secret: credentialsSecretRef }] : []),
    ...(webIdentity
      ? [
          {
            serviceAccountToken: {
              audience: webIdentity.audience,
              expirationSeconds: TOKEN_SECONDS,
              path: TOKEN_FILE,
            },
          },
        ]
      : []),
    ...(authorities ? [caRef.kind === "Secret" ? { secret: authorities } : { configMap: authorities }] : []),
  ];
}

/**
 * Path of the CA certificates in the volume. The path differs from every file with credentials, because a key in a
 * Secret cannot contain a slash.
 */
const AUTHORITIES_FILE = "authorities/ca.crt";

function mountsOf({ volume, path, storage, subPath }: PodStorage): object[] {
  if (storage.type !== "ObjectStorage")
    return [{ name: volume, mountPath: path, ...(subPath === undefined ? {} : { subPath }) }];
  if (credentialSources(storage.storage).length === 0) return [];
  return [{ name: volume, mountPath: directoryOf(volume), readOnly: true }];
}

function directoryOf(volume: string): string {
  return `${OBJECT_STORAGE_DIRECTORY}/${volume}`;
}

/** Returns the storage for home directories and the additional storage, as in the engine configuration. */
export function engineStorages(decision: Decision): {
  storage: EngineStorage;
  additionalStorage?: Record<string, EngineStorage>;
} {
  const [homes, ...others] = storagesOf(decision).map(engineStorage);
  const names = decision.additionalStorage.map(({ name }) => name);
  const additional = Object.fromEntries(others.map((storage, index) => [names[index], storage]));
  return {
    storage: homes ?? { root: STORAGE_PATH },
    ...(others.length > 0 && { additionalStorage: additional }),
  };
}

function engineStorage({ volume, path, storage }: PodStorage): EngineStorage {
  if (storage.type !== "ObjectStorage") return { root: path };
  return { objectStorage: engineObjectStorage(storage.storage, directoryOf(volume)) };
}

/**
 * @param directory directory that contains the mounted credentials. The configuration contains only the paths of the
 * credentials.
 */
function engineObjectStorage(storage: FtpServerStorageObjectStorage, directory: string): EngineObjectStorage {
  const { bucket, prefix = "", region, endpoint, addressing, caRef, storageClass, multipart } = storage;
  return {
    bucket,
    prefix,
    region,
    ...(endpoint !== undefined && { endpoint }),
    forcePathStyle: addressing === "Path" || (addressing === "Auto" && endpoint !== undefined),
    credentials: credentialsOf(storage, directory),
    ...(caRef && { caFile: `${directory}/${AUTHORITIES_FILE}` }),
    ...encryptionOf(storage),
    ...(storageClass !== undefined && { storageClass }),
    multipart: { partSizeBytes: multipart.partSizeMebibytes * MIB, concurrency: multipart.concurrency },
  };
}

function credentialsOf(
  { credentialsSecretRef, webIdentity }: FtpServerStorageObjectStorage,
  directory: string,
): EngineObjectStorage["credentials"] {
  if (credentialsSecretRef !== undefined) return { type: "Files", directory };
  if (webIdentity === undefined) return { type: "Chain" };
  const { roleArn, stsEndpoint } = webIdentity;
  return {
    type: "WebIdentity",
    roleArn,
    tokenFile: `${directory}/${TOKEN_FILE}`,
    ...(stsEndpoint !== undefined && { stsEndpoint }),
  };
}

function encryptionOf({
  serverSideEncryption,
}: FtpServerStorageObjectStorage): Pick<EngineObjectStorage, "serverSideEncryption"> {
  if (serverSideEncryption === undefined) return {};
  const { algorithm, kmsKeyId } = serverSideEncryption;
  return {
    serverSideEncryption: {
      algorithm: algorithm === "KMS" ? "aws:kms" : algorithm,
      ...(kmsKeyId !== undefined && { kmsKeyId }),
    },
  };
}
