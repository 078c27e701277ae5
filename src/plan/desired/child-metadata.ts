import { API_VERSION, KIND, serverLabels } from "../../api/names.ts";
import type { ObjectMeta } from "../../api/kubernetes.ts";
import type { FtpServer } from "../../api/ftpserver.generated.ts";

interface UserMetadata {
  labels?: Record<string, string> | undefined;
  annotations?: Record<string, string> | undefined;
}

interface MetadataOptions {
  /** Labels of the operator beside those of every child. */
  labels?: Record<string, string>;
  /** What the spec says about this child. It takes precedence over `spec.childMetadata`. */
  user?: UserMetadata | undefined;
}

/** Returns the metadata of a child that is deleted with its FtpServer. */
export function childMetadata(server: FtpServer, name: string, options: MetadataOptions = {}): ObjectMeta {
  return { ...orphanMetadata(server, name, options), ...ownership(server) };
}

/** Returns the metadata of a child that outlives its FtpServer. */
export function orphanMetadata(
  { metadata, spec }: FtpServer,
  name: string,
  { labels, user }: MetadataOptions = {},
): ObjectMeta {
  const { namespace, name: serverName } = metadata;
  const common = spec.childMetadata;
  const annotations = { ...common?.annotations, ...user?.annotations };
  return {
    name,
    ...(namespace === undefined ? {} : { namespace }),
    labels: { ...common?.labels, ...user?.labels, ...serverLabels(serverName), ...labels },
    ...(Object.keys(annotations).length === 0 ? {} : { annotations }),
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
