/** An exception to one or more conventions. */
export interface Exception {
  /** IDs of conventions. */
  conventions: readonly string[];
  /** Pattern for the paths of parts, for example `spec.users[].name`. */
  path: RegExp;
  reason: string;
}

/** The check reports an exception without a violation as unused. */
export const EXCEPTIONS: readonly Exception[] = [
  {
    conventions: ["minimum-length", "minimum-items", "list-item-required-field", "default-visible"],
    path: /^spec\.pod\.(?:tolerations|affinity|topologySpreadConstraints)\b/,
    reason: "copied to the Pod unchanged, with its bounds and defaults",
  },
  {
    conventions: ["maps-of-text"],
    path: /^spec\.pod\.resources\.(?:requests|limits)$/,
    reason: "the format of container resources",
  },
  {
    conventions: ["minimum-length"],
    path: /(?:[lL]abels|annotations|Annotations|nodeSelector)\{\}$|[sS]elector\.matchExpressions\[\]\.values\[\]$/,
    reason: "Kubernetes accepts empty values for labels and annotations",
  },
  {
    conventions: ["minimum-length"],
    path: /^spec\.pod\.(?:env|dnsConfig\.options)\[\]\.value$/,
    reason: "an environment variable or a resolver option can be empty",
  },
  {
    conventions: ["minimum-length"],
    path: /^status\.conditions\[\]\.message$/,
    reason: "the bounds of metav1.Condition",
  },
  {
    conventions: ["minimum-items"],
    path: /^spec\.(?:passive\.address\.overrides|pod\.(?:imagePullSecrets|hostAliases|env|dnsConfig\.\w+)|.*[sS]elector\.matchExpressions(?:\[\]\.values)?)$/,
    reason: "an empty list and an unset list have the same meaning, as in a Pod and in a LabelSelector",
  },
  {
    conventions: ["minimum-items"],
    path: /^spec\.(?:users\[\]\.)?directories\[\]\.permissions$/,
    reason: "the list is required, and an empty list grants no permissions",
  },
  {
    conventions: ["minimum-items"],
    path: /^status\.\w+$/,
    reason: "only the operator writes status, and an empty list and an unset list have the same meaning",
  },
  {
    conventions: ["list-item-required-field"],
    path: /^spec\.networkPolicy\.(?:metricsFrom|egress\[\]\.to)\[\]$/,
    reason: "the rule network-peer requires cidr or a selector",
  },
  {
    conventions: ["union"],
    path: /^spec\.storage$/,
    reason:
      "the stored default of ephemeral remains when the type changes, so a rule would reject the change to a claim",
  },
  {
    conventions: ["reference"],
    path: /^spec\.(?:storage|additionalStorage\[\])\.persistentVolumeClaim\.claimName$/,
    reason: "the field of the volume source persistentVolumeClaim in a Pod",
  },
  {
    conventions: ["enum-values"],
    path: /^spec\.userSources\.from$/,
    reason:
      "a selection of namespaces and not a switch: None, SameNamespace, Selector, similar to allowedRoutes in the Gateway API",
  },
  {
    conventions: ["enum-values"],
    path: /^spec\.networkPolicy\.mode$/,
    reason:
      "Managed means that the operator writes the NetworkPolicy. Your own policies can exist with both values",
  },
  {
    conventions: ["enum-values"],
    path: /^spec\.pod\.dnsPolicy$/,
    reason: "the values of dnsPolicy in a Pod",
  },
  {
    conventions: ["enum-values"],
    path: /^status\.conditions\[\]\.status$/,
    reason: "the values of metav1.Condition",
  },
];
