import { childNames } from "../../api/names.ts";
import type { Context } from "../context.ts";
import type { PersistentVolumeClaim } from "../objects.ts";
import { parseQuantity } from "../../api/quantity.ts";
import { childMetadata, orphanMetadata } from "./metadata.ts";

type ClaimTemplate = NonNullable<
  NonNullable<Context["spec"]["storage"]["persistentVolumeClaim"]>["template"]
>;

/**
 * The claim of `spec.storage`'s template; undefined when the storage is another. Of a claim that is there already, only
 * the size can change, and it can only grow.
 */
export function buildPersistentVolumeClaim({
  server,
  spec,
  observed,
}: Context): PersistentVolumeClaim | undefined {
  const claim = spec.storage.persistentVolumeClaim;
  if (spec.storage.type !== "PersistentVolumeClaim" || claim?.template === undefined) return undefined;
  const metadata = claim.whenDeleted === "Delete" ? childMetadata : orphanMetadata;
  return {
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    metadata: metadata(server, childNames.persistentVolumeClaim(server.metadata.name)),
    spec: claimSpec(claim.template, observed.children.persistentVolumeClaim?.spec),
  };
}

function claimSpec(
  template: ClaimTemplate,
  seen: PersistentVolumeClaim["spec"] | undefined,
): PersistentVolumeClaim["spec"] {
  const className = seen === undefined ? template.storageClassName : seen.storageClassName;
  return {
    accessModes: seen?.accessModes ?? [template.accessMode],
    ...(className === undefined ? {} : { storageClassName: className }),
    resources: { requests: { storage: larger(template.size, seen?.resources?.requests?.storage) } },
  };
}

function larger(wished: string | number, seen: string | number | undefined): string | number {
  if (seen === undefined) return wished;
  return (parseQuantity(seen) ?? 0n) > (parseQuantity(wished) ?? 0n) ? seen : wished;
}
