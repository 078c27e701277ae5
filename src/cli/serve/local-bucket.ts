import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { EngineObjectStorage } from "../../api/engine-storage.ts";
import type { FtpServerStorageObjectStorage } from "../../api/ftpserver.generated.ts";
import type { ManifestFiles } from "./manifest-files.ts";

const ALTERNATIVE = "serve local files with --directory";

/** Bucket configuration with credentials in local files, and warnings. */
export interface LocalBucket {
  objectStorage: EngineObjectStorage;
  warnings: string[];
}

/**
 * Returns the configuration of a bucket with credentials and CA certificates from the manifests.
 * @param spec `objectStorage` fields in the spec of the FtpServer
 * @param folder empty folder for the credentials
 * @throws CommandError if the manifests do not contain a Secret or ConfigMap
 */
export async function localBucket(
  inPod: EngineObjectStorage,
  spec: FtpServerStorageObjectStorage,
  files: ManifestFiles,
  folder: string,
): Promise<LocalBucket> {
  const { credentialsSecretRef, webIdentity, caRef } = spec;
  const { caFile: _inPod, ...config } = inPod;
  const caFile = caRef && (await files.write(caRef, caRef.key, ALTERNATIVE));
  const credentials =
    credentialsSecretRef === undefined
      ? ({ type: "Chain" } as const)
      : await credentialFiles(credentialsSecretRef.name, files, folder);
  return {
    objectStorage: { ...config, credentials, ...(caFile !== undefined && { caFile }) },
    warnings:
      webIdentity === undefined
        ? []
        : [
            `bucket ${config.bucket}: only pods have a token for role ${webIdentity.roleArn}; the AWS credentials of this machine are used`,
          ],
  };
}

async function credentialFiles(
  name: string,
  files: ManifestFiles,
  folder: string,
): Promise<EngineObjectStorage["credentials"]> {
  const ref = { kind: "Secret", name } as const;
  await mkdir(folder, { recursive: true });
  const write = (key: string): Promise<string> => files.write(ref, key, ALTERNATIVE, join(folder, key));
  await write("accessKeyId");
  await write("secretAccessKey");
  if (files.valueOf(ref, "sessionToken") !== undefined) await write("sessionToken");
  return { type: "Files", directory: folder };
}
