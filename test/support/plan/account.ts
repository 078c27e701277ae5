import type { FtpUser, FtpUserSpec } from "../../../src/api/ftpuser.generated.ts";
import { admitUsers } from "../../../src/plan/accounts/admission.ts";
import type { Admission } from "../../../src/plan/model/observed.ts";
import { serverOf, type SpecPatch } from "./cluster.ts";

/** Labels of the namespaces in the cluster. */
export const NAMESPACES = new Map([
  ["files", { team: "infra" }],
  ["team-a", { team: "a", ftp: "allowed" }],
  ["team-b", { team: "b" }],
]);

/** A spec that accepts FtpUsers only from namespace team-a. */
export const bySelector: SpecPatch = {
  userSources: { from: "Selector", namespaceSelector: { matchLabels: { ftp: "allowed" } } },
};

/** Returns the decision of an FtpServer with this spec to accept or reject each FtpUser. */
export const admit = (spec: SpecPatch, ...users: FtpUser[]): Admission[] =>
  admitUsers(serverOf(spec), users, NAMESPACES);

/**
 * Returns an FtpUser for the FtpServer `files/demo`, with defaults.
 * @param born creation date, for example 2026-01-01
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
