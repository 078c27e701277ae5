import { childNames } from "../../api/names.ts";
import type { Context } from "../model/decision.ts";
import type { PersistentVolumeClaim } from "../model/objects.ts";
import { parseQuantity } from "../../common/quantity.ts";
import { childMetadata, orphanMetadata } from "./child-metadata.ts";

import type { FtpServerStoragePersistentVolumeClaimCreate } from "../../api/ftpserver.generated.ts";

/**
 * Returns the claim of `spec.storage.persistentVolumeClaim.create`; undefined for other storage. Of an existing claim, only the
 * size, which can only grow, and the attributes class can change.
 */
export function buildPersistentVolumeClaim({
  server,
  spec,
  observed,
}: Context): PersistentVolumeClaim | undefined {
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
  seen: PersistentVolumeClaim["spec"] | undefined,
): PersistentVolumeClaim["spec"] {
  const { accessModes, size, volumeAttributesClassName } = create;
  const storageClassName = seen === undefined ? create.storageClassName : seen.storageClassName;
  const dataSourceRef = seen === undefined ? create.dataSourceRef : seen.dataSourceRef;
  return {
    accessModes: seen?.accessModes ?? accessModes,
    ...(storageClassName === undefined ? {} : { storageClassName }),
    ...(volumeAttributesClassName === undefined ? {} : { volumeAttributesClassName }),
    ...(dataSourceRef === undefined ? {} : { dataSourceRef }),
    resources: { requests: { storage: larger(size, seen?.resources?.requests?.storage) } },
  };
}

function larger(desired: string | number, seen: string | number | undefined): string | number {
  if (seen === undefined) return desired;
  return (parseQuantity(seen) ?? 0n) > (parseQuantity(desired) ?? 0n) ? seen : desired;
}
