import { API_VERSION, KIND, serverLabels } from "../../api/names.ts";
import type { ObjectMeta } from "../../api/kubernetes.ts";
import type { FtpServer } from "../../api/ftpserver.generated.ts";

/** Metadata of a child that goes when its FtpServer goes. */
export function childMetadata(
  server: FtpServer,
  name: string,
  labels: Record<string, string> = {},
): ObjectMeta {
  return { ...orphanMetadata(server, name, labels), ...ownership(server) };
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

interface UserMetadata {
  labels?: Record<string, string> | undefined;
  annotations?: Record<string, string> | undefined;
}

/** Returns metadata with the labels and annotations that the user added. Those of the operator take precedence. */
export function withUserMetadata(
  metadata: ObjectMeta,
  { labels, annotations = {} }: UserMetadata = {},
): ObjectMeta {
  return {
    ...metadata,
    labels: { ...labels, ...metadata.labels },
    ...(Object.keys(annotations).length === 0 && metadata.annotations === undefined
      ? {}
      : { annotations: { ...annotations, ...metadata.annotations } }),
  };
}

/** Empty for a manifest that never was in a cluster: only the API server gives a UID. */
function ownership({ metadata: { name, uid } }: FtpServer): Pick<ObjectMeta, "ownerReferences"> {
  if (uid === undefined) return {};
  return {
    ownerReferences: [
      { apiVersion: API_VERSION, kind: KIND, name, uid, controller: true, blockOwnerDeletion: false },
    ],
  };
}
