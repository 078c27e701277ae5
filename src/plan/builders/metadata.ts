import { API_VERSION, KIND, serverLabels } from "../../api/names.ts";
import type { ObjectMeta, OwnerReference } from "../../api/kubernetes.ts";
import type { FtpServer } from "../../api/ftpserver.generated.ts";

/** Metadata of a child that goes when its FtpServer goes. */
export function childMetadata(
  server: FtpServer,
  name: string,
  labels: Record<string, string> = {},
): ObjectMeta {
  return { ...orphanMetadata(server, name, labels), ownerReferences: ownerReferences(server) };
}

/** Metadata of a child that stays behind. */
export function orphanMetadata(
  server: FtpServer,
  name: string,
  labels: Record<string, string> = {},
): ObjectMeta {
  const { namespace, name: serverName } = server.metadata;
  return {
    name,
    ...(namespace === undefined ? {} : { namespace }),
    labels: { ...serverLabels(serverName), ...labels },
  };
}

/** None for a manifest that never was in a cluster. */
function ownerReferences({ metadata: { name, uid } }: FtpServer): OwnerReference[] {
  if (uid === undefined) return [];
  return [{ apiVersion: API_VERSION, kind: KIND, name, uid, controller: true, blockOwnerDeletion: false }];
}
