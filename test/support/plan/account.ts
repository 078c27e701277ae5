import type { FtpUser, FtpUserSpec } from "../../../src/api/ftpuser.generated.ts";

/**
 * Returns an FtpUser for the FtpServer `files/demo`, with defaults. @param born creation date, for example 2026-01-01
 */
export function account(
  namespace: string,
  name: string,
  spec: Partial<FtpUserSpec> = {},
  born = "2026-01-01",
): FtpUser {
  return {
    apiVersion: "ftp-operator.io/v1alpha1",
    kind: "FtpUser",
    metadata: { name, namespace, uid: name, generation: 3, creationTimestamp: `${born}T00:00:00Z` },
    spec: {
      serverRef: { name: "demo", namespace: "files" },
      passwordSecretRef: { name, key: "password" },
      state: "Enabled",
      permissions: ["List"],
      directories: [],
      mounts: [],
      allowedClients: [],
      ...spec,
    },
  };
}
