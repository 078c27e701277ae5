/** Permissions that OLM grants to the operator, from the roles of the chart. */
import { isDeepStrictEqual } from "node:util";
import type { Manifest, Rule } from "../chart.ts";

export interface Grant {
  serviceAccountName: string;
  rules: Rule[];
}

export interface Permissions {
  /** Granted in the namespace of the operator and in those of the OperatorGroup, or in all namespaces. */
  permissions: Grant[];
  clusterPermissions: Grant[];
}

/**
 * Splits the permissions. Compares the objects of the chart for all namespaces with those for selected namespaces: permissions that
 * only the first contains need a ClusterRole in all install modes.
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

/** Returns the rules of roles with a binding. Roles for users have no binding. */
function rulesBoundTo(objects: readonly Manifest[], kind: string): Rule[] {
  const bound = new Set(
    objects.flatMap(({ kind: other, roleRef }) => (other === `${kind}Binding` ? roleRef?.name : [])),
  );
  return objects.flatMap((object) =>
    object.kind === kind && bound.has(object.metadata.name) ? (object.rules ?? []) : [],
  );
}
