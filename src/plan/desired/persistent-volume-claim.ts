import type { FtpServerStoragePersistentVolumeClaimCreate } from "../../api/ftpserver.generated.ts";
import { childNames } from "../../api/names.ts";
import type { Decision } from "../model/decision.ts";
import type { PersistentVolumeClaim } from "../model/objects.ts";
import { parseQuantity } from "../../common/quantity.ts";
import { childMetadata, orphanMetadata } from "./child-metadata.ts";

/**
 * Returns the PersistentVolumeClaim that `spec.storage.persistentVolumeClaim.create` describes, or undefined for other
 * storage. All fields of an existing claim except the size and the attributes class keep their values, because
 * Kubernetes permits no other changes. The size never decreases.
 */
export function buildPersistentVolumeClaim({
  server,
  spec,
  observed,
}: Decision): PersistentVolumeClaim | undefined {
  const claim = spec.storage.persistentVolumeClaim;
  if (spec.storage.type !== "PersistentVolumeClaim" || claim?.create === undefined) return undefined;
  const metadata = claim.whenDeleted === "Delete" ? childMetadata : orphanMetadata;
  return {
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    metadata: metadata(server, childNames.persistentVolumeClaim(server.metadata.name), {
      user: claim.create.metadata,
    }),
    spec: claimSpec(claim.create, observed.children.persistentVolumeClaim?.spec),
  };
}

function claimSpec(
  create: FtpServerStoragePersistentVolumeClaimCreate,
  existing: PersistentVolumeClaim["spec"] | undefined,
): PersistentVolumeClaim["spec"] {
  const { accessModes, size, volumeAttributesClassName } = create;
  const storageClassName = existing === undefined ? create.storageClassName : existing.storageClassName;
  const dataSourceRef = existing === undefined ? create.dataSourceRef : existing.dataSourceRef;
  return {
    accessModes: existing?.accessModes ?? accessModes,
    ...(storageClassName === undefined ? {} : { storageClassName }),
    ...(volumeAttributesClassName === undefined ? {} : { volumeAttributesClassName }),
    ...(dataSourceRef === undefined ? {} : { dataSourceRef }),
    resources: { requests: { storage: larger(size, existing?.resources?.requests?.storage) } },
  };
}

function larger(desired: string | number, existing: string | number | undefined): string | number {
  if (existing === undefined) return desired;
  return (parseQuantity(existing) ?? 0n) > (parseQuantity(desired) ?? 0n) ? existing : desired;
}
