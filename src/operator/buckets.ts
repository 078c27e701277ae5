import type { FtpServer, FtpServerStorageObjectStorage } from "../api/ftpserver.generated.ts";
import type { ObservedObjectStorage } from "../plan/model/observed.ts";
import type { CertificateReader, ConfigMaps, Secrets } from "./certificates.ts";

/**
 * Observes the Secrets and ConfigMaps that the buckets of an FtpServer reference. An FtpServer that was stored
 * with an older CRD version can lack default values.
 */
export async function observeBuckets(
  { spec }: FtpServer,
  certificates: CertificateReader,
  secrets: Secrets,
  configMaps: ConfigMaps,
): Promise<Map<string, ObservedObjectStorage>> {
  const { storage, additionalStorage }: Partial<FtpServer["spec"]> = spec;
  const all = [{ name: "", objectStorage: storage?.objectStorage }, ...(additionalStorage ?? [])];
  const observed = all.map(async ({ name, objectStorage }) =>
    objectStorage === undefined
      ? []
      : [[name, await observeBucket(objectStorage, certificates, secrets, configMaps)] as const],
  );
  return new Map((await Promise.all(observed)).flat());
}

async function observeBucket(
  { credentialsSecretRef: secret, caRef }: FtpServerStorageObjectStorage,
  certificates: CertificateReader,
  secrets: Secrets,
  configMaps: ConfigMaps,
): Promise<ObservedObjectStorage> {
  const authorities = caRef && (await certificates.readAuthorities(caRef, secrets, configMaps));
  if (secret === undefined) return { ...(authorities && { authorities }) };
  const { uid, resourceVersion } = secrets.metadata(secret.name) ?? {};
  return {
    credentials: uid === undefined ? "Missing" : { version: `${uid}/${resourceVersion}` },
    ...(authorities && { authorities }),
  };
}
