/** Derives the operator permissions in the OLM bundle from the roles in the chart. */
import { isDeepStrictEqual } from "node:util";
import type { Manifest, Rule } from "../chart.ts";

export interface Grant {
  serviceAccountName: string;
  rules: Rule[];
}

export interface Permissions {
  /**
   * Permissions that OLM grants in the operator namespace and in the selected namespaces of the OperatorGroup. If the
   * OperatorGroup selects all namespaces, OLM grants the permissions in all namespaces.
   */
  permissions: Grant[];
  clusterPermissions: Grant[];
}

/**
 * Splits the permissions. Compares the chart objects for all namespaces with those for selected namespaces. Permissions
 * that are missing for selected namespaces require a ClusterRole in every install mode.
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

/**
 * Returns the rules in all roles that have a binding. Excludes user roles, because the chart creates no bindings for
 * user roles.
 */
function rulesBoundTo(objects: readonly Manifest[], kind: string): Rule[] {
  const bound = new Set(
    objects.flatMap(({ kind: other, roleRef }) => (other === `${kind}Binding` ? roleRef?.name : [])),
  );
  return objects.flatMap((object) =>
    object.kind === kind && bound.has(object.metadata.name) ? (object.rules ?? []) : [],
  );
}
