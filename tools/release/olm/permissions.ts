/** What OLM grants to the operator, taken from the chart's roles. */
import { isDeepStrictEqual } from "node:util";
import type { Manifest, Rule } from "../chart.ts";

export interface Grant {
  serviceAccountName: string;
  rules: Rule[];
}

export interface Permissions {
  /** OLM grants these in the operator's namespace and in those of the OperatorGroup; in the whole cluster when it selects all. */
  permissions: Grant[];
  clusterPermissions: Grant[];
}

/**
 * Splits the permissions. The chart has one rendering for the whole cluster and one for chosen namespaces; what only the first
 * one grants needs a ClusterRole in every install mode.
 */
export function permissionsFrom(
  clusterWide: readonly Manifest[],
  namespaced: readonly Manifest[],
  serviceAccountName: string,
): Permissions {
  const inNamespaces = rulesBoundTo(namespaced, "Role");
  const inCluster = rulesBoundTo(clusterWide, "ClusterRole").filter(
    (rule) => !inNamespaces.some((other) => isDeepStrictEqual(rule, other)),
  );
  if (inNamespaces.length === 0 || inCluster.length === 0) throw new Error("the chart renders no roles");
  return {
    permissions: [{ serviceAccountName, rules: inNamespaces }],
    clusterPermissions: [{ serviceAccountName, rules: inCluster }],
  };
}

/** Rules of the roles that a binding names; the chart's roles for people have none. */
function rulesBoundTo(objects: readonly Manifest[], kind: string): Rule[] {
  const bound = new Set(
    objects.flatMap(({ kind: other, roleRef }) => (other === `${kind}Binding` ? roleRef?.name : [])),
  );
  return objects.flatMap((object) =>
    object.kind === kind && bound.has(object.metadata.name) ? (object.rules ?? []) : [],
  );
}
