/** A non-default setting for each chart value, with other settings that make the value take effect. */

interface Change {
  to: unknown;
  with?: object;
}

const SERVICE_MONITOR = { metrics: { serviceMonitor: { enabled: true } } };
const POD_MONITOR = { metrics: { podMonitor: { enabled: true } } };
const RULE = { metrics: { prometheusRule: { enabled: true } } };
const DASHBOARD = { metrics: { dashboard: { enabled: true } } };
const REPLICAS = { operator: { replicas: 2 } };
const RELABELINGS = [{ sourceLabels: ["__meta_kubernetes_node_name"], targetLabel: "node" }];
const METRIC_RELABELINGS = [{ action: "drop", sourceLabels: ["__name__"], regex: "nodejs_.*" }];
const THRESHOLD_ALERTS = [
  "FtpOperatorReconcileErrors",
  "FtpOperatorQueueStuck",
  "FtpOperatorWatchSilent",
  "FtpPassivePortsExhausted",
  "FtpSessionsRejected",
  "FtpTransfersFail",
  "FtpLoginBans",
  "FtpCertificateExpires",
  "FtpConfigRejected",
  "FtpNotificationsDelayed",
  "FtpNotificationsDiscarded",
];
const OTHER_ALERTS = ["FtpOperatorDown", "FtpServerNotReady", "FtpServerUnreachable"];

/** A non-default value for each field in an alert. */
export const ALERT_CHANGES: Readonly<Record<string, Readonly<Record<string, unknown>>>> = Object.fromEntries([
  ...OTHER_ALERTS.map((alert) => [alert, alertFields()]),
  ...THRESHOLD_ALERTS.map((alert) => [alert, { ...alertFields(), threshold: 0.75 }]),
]);

function alertFields(): Record<string, unknown> {
  return {
    enabled: false,
    for: "2h",
    labels: { severity: "page", team: "files" },
    annotations: { note: "yes" },
  };
}

export const CHANGES: Readonly<Record<string, Change>> = {
  "global.imageRegistry": { to: "mirror.example.com:5000/hub" },
  "global.imagePullSecrets": { to: ["global-pull", { name: "other-pull" }] },
  "image.repository": { to: "registry.example.com/other" },
  "image.tag": { to: "9.9.9" },
  "image.digest": { to: `sha256:${"0a".repeat(32)}` },
  "image.pullPolicy": { to: "Always" },
  engineImage: { to: "registry.example.com/engine:1" },
  imagePullSecrets: { to: [{ name: "pull" }] },
  nameOverride: { to: "other" },
  fullnameOverride: { to: "other-full" },
  namespaceOverride: { to: "elsewhere" },
  commonLabels: { to: { team: "files" } },
  commonAnnotations: { to: { "example.com/owner": "files" } },
  "crds.enabled": { to: false },
  "crds.keep": { to: false },
  "watch.namespaces": { to: ["a"] },
  "operator.replicas": { to: 2 },
  "operator.workers": { to: 9 },
  "operator.nodeAddresses": { to: ["192.0.2.1"] },
  "operator.reachabilityChecks": { to: false },
  "operator.allowInternalSinks": { to: true },
  "operator.debugPort": { to: 6060 },
  "operator.logLevel": { to: "Debug" },
  "operator.leaderElection.leaseDuration": { to: "1m" },
  "operator.leaderElection.renewDeadline": { to: "12s" },
  "operator.leaderElection.retryPeriod": { to: "3s" },
  "operator.extraArgs": { to: ["--workers=20"] },
  "operator.extraEnv": {
    to: [
      { name: "NODE_OPTIONS", value: "--max-old-space-size=100" },
      { name: "HOST_IP", valueFrom: { fieldRef: { fieldPath: "status.hostIP" } } },
    ],
  },
  "operator.extraEnvFrom": { to: [{ prefix: "P_", secretRef: { name: "proxy", optional: true } }] },
  "operator.extraVolumes": { to: [{ name: "authorities", configMap: { name: "authorities" } }] },
  "operator.extraVolumeMounts": {
    to: [{ name: "authorities", mountPath: "/etc/authorities", readOnly: true }],
    with: { operator: { extraVolumes: [{ name: "authorities", configMap: { name: "authorities" } }] } },
  },
  "operator.resources": { to: { limits: { memory: "1Gi" } } },
  "operator.ids": { to: "Platform" },
  "operator.podSecurityContext": { to: { runAsUser: 1000, supplementalGroups: [4000] } },
  "operator.containerSecurityContext": { to: { runAsGroup: 1000 } },
  "operator.deploymentAnnotations": { to: { reloader: "yes" } },
  "operator.podLabels": { to: { team: "files" } },
  "operator.podAnnotations": { to: { note: "yes" } },
  "operator.strategy": {
    to: { type: "RollingUpdate", rollingUpdate: { maxSurge: 0, maxUnavailable: "50%" } },
  },
  "operator.revisionHistoryLimit": { to: 2 },
  "operator.terminationGracePeriodSeconds": { to: 10 },
  "operator.podDisruptionBudget.enabled": { to: false, with: REPLICAS },
  "operator.podDisruptionBudget.minAvailable": { to: "50%", with: REPLICAS },
  "operator.podDisruptionBudget.maxUnavailable": { to: 2, with: REPLICAS },
  "operator.podDisruptionBudget.unhealthyPodEvictionPolicy": { to: "IfHealthyBudget", with: REPLICAS },
  "operator.priorityClassName": { to: "high" },
  "operator.runtimeClassName": { to: "gvisor" },
  "operator.dnsPolicy": { to: "Default" },
  "operator.dnsConfig": { to: { nameservers: ["192.0.2.53"], options: [{ name: "ndots", value: "2" }] } },
  "operator.hostAliases": { to: [{ ip: "192.0.2.10", hostnames: ["ftp.example.com"] }] },
  "operator.nodeSelector": { to: { disk: "ssd" } },
  "operator.tolerations": { to: [{ key: "infra", operator: "Exists" }] },
  "operator.affinity": { to: { podAntiAffinity: {} } },
  "operator.topologySpreadConstraints": {
    to: [{ maxSkew: 1, topologyKey: "zone", whenUnsatisfiable: "DoNotSchedule" }],
  },
  "serviceAccount.create": { to: false, with: { serviceAccount: { name: "mine" } } },
  "serviceAccount.name": { to: "mine" },
  "serviceAccount.annotations": { to: { role: "x" } },
  "rbac.create": { to: false },
  "rbac.aggregateToUserRoles": { to: false },
  "metrics.enabled": { to: false },
  "metrics.annotations": { to: { scrape: "yes" } },
  "metrics.serviceMonitor.enabled": { to: true },
  "metrics.serviceMonitor.labels": { to: { a: "b" }, with: SERVICE_MONITOR },
  "metrics.serviceMonitor.interval": { to: "15s", with: SERVICE_MONITOR },
  "metrics.serviceMonitor.scrapeTimeout": { to: "5s", with: SERVICE_MONITOR },
  "metrics.serviceMonitor.honorLabels": { to: false, with: SERVICE_MONITOR },
  "metrics.serviceMonitor.relabelings": { to: RELABELINGS, with: SERVICE_MONITOR },
  "metrics.serviceMonitor.metricRelabelings": { to: METRIC_RELABELINGS, with: SERVICE_MONITOR },
  "metrics.podMonitor.enabled": { to: true },
  "metrics.podMonitor.labels": { to: { a: "b" }, with: POD_MONITOR },
  "metrics.podMonitor.interval": { to: "15s", with: POD_MONITOR },
  "metrics.podMonitor.scrapeTimeout": { to: "5s", with: POD_MONITOR },
  "metrics.podMonitor.honorLabels": { to: true, with: POD_MONITOR },
  "metrics.podMonitor.relabelings": { to: RELABELINGS, with: POD_MONITOR },
  "metrics.podMonitor.metricRelabelings": { to: METRIC_RELABELINGS, with: POD_MONITOR },
  "metrics.prometheusRule.enabled": { to: true },
  "metrics.prometheusRule.labels": { to: { a: "b" }, with: RULE },
  "metrics.prometheusRule.additionalRuleLabels": { to: { cluster: "one" }, with: RULE },
  "metrics.prometheusRule.additionalRuleAnnotations": { to: { dashboard: "ftp" }, with: RULE },
  "metrics.prometheusRule.runbookBaseUrl": { to: "https://wiki.example.com/ftp/", with: RULE },
  ...Object.fromEntries(
    Object.entries(ALERT_CHANGES).map(([alert, fields]) => [
      `metrics.prometheusRule.alerts.${alert}`,
      { to: { ...fields, enabled: true }, with: RULE },
    ]),
  ),
  "metrics.dashboard.enabled": { to: true },
  "metrics.dashboard.labels": { to: { a: "b" }, with: DASHBOARD },
  "metrics.dashboard.annotations": { to: { folder: "FTP" }, with: DASHBOARD },
  "networkPolicy.enabled": { to: false },
  "networkPolicy.metricsFrom": { to: [] },
  "networkPolicy.apiServerCIDRs": { to: ["192.0.2.1/32"] },
  "networkPolicy.apiServerPorts": {
    to: [443],
    with: { networkPolicy: { apiServerCIDRs: ["192.0.2.1/32"] } },
  },
  extraObjects: {
    to: [{ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "{{ .Release.Name }}-more" } }],
  },
};

/** This value cannot be set together with `minAvailable`. */
const EXCLUDED: ReadonlySet<string> = new Set(["operator.podDisruptionBudget.maxUnavailable"]);

/** Returns chart values with all changes except those that disable other values. */
export function everyValueChanged(): object {
  return Object.entries(CHANGES)
    .filter(([path, { to }]) => to !== false && !EXCLUDED.has(path))
    .reduce<object>((all, [path, { to }]) => merged(all, nested(path.split("."), to)), {});
}

/** Returns chart values in which only the value at `path` is set. */
export function nested([key = "", ...rest]: readonly string[], value: unknown): object {
  return { [key]: rest.length === 0 ? value : nested(rest, value) };
}

/** Merges chart values by the rules of Helm. Values from `b` take precedence. */
export function merged(a: object, b: object): object {
  const result: Record<string, unknown> = { ...a };
  for (const [key, value] of Object.entries(b)) {
    const below = result[key];
    const isGroup = typeof below === "object" && below !== null && !Array.isArray(below);
    result[key] = isGroup && typeof value === "object" && value !== null ? merged(below, value) : value;
  }
  return result;
}
