/** Values that the chart rejects, each with a part of the expected error message. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { template } from "./helm.ts";

const REJECTED: { values: object; says: RegExp }[] = [
  // Helm removes a section when its value is null.
  ...["image", "crds", "watch", "operator", "serviceAccount", "rbac", "metrics", "networkPolicy"].map(
    (section) => ({
      values: { [section]: null },
      says: new RegExp(`missing property '${section}'`),
    }),
  ),
  { values: { replica: 2 }, says: /additional properties 'replica' not allowed/ },
  { values: { operator: { replicas: -1 } }, says: /operator\/replicas.*minimum: got -1, want 0/s },
  { values: { operator: { replicas: "two" } }, says: /operator\/replicas.*got string, want integer/s },
  {
    values: { operator: { logLevel: "debug" } },
    says: /operator\/logLevel.*'Error', 'Warn', 'Info', 'Debug'/s,
  },
  { values: { operator: { podLabels: { on: true } } }, says: /podLabels\/on.*got boolean, want string/s },
  { values: { operator: { nodeAddresses: ["node-1"] } }, says: /nodeAddresses\/0.*'node-1' does not match/s },
  { values: { operator: { resources: { limit: {} } } }, says: /operator\/resources.*'limit' not allowed/s },
  { values: { image: { tag: "a b" } }, says: /image\/tag.*'a b' does not match/s },
  { values: { image: { digest: "sha256:12" } }, says: /image\/digest.*does not match/s },
  { values: { image: { pullPolicy: "Sometimes" } }, says: /pullPolicy.*'Always', 'IfNotPresent', 'Never'/s },
  { values: { watch: { namespaces: ["Team_A"] } }, says: /watch\/namespaces\/0.*'Team_A' does not match/s },
  { values: { watch: { namespaces: ["a", "a"] } }, says: /watch\/namespaces.*items at 0 and 1 are equal/s },
  { values: { networkPolicy: { metricsFrom: [{}] } }, says: /metricsFrom\/0.*minProperties: got 0, want 1/s },
  {
    values: { networkPolicy: { apiServerCIDRs: ["192.0.2.1"] } },
    says: /apiServerCIDRs\/0.*does not match/s,
  },
  { values: { serviceAccount: { create: false } }, says: /serviceAccount\.name is required/ },
  { values: { global: { imageRegistry: "https://mirror" } }, says: /global\/imageRegistry.*does not match/s },
  { values: { global: { imagePullSecrets: [{ secret: "a" }] } }, says: /global\/imagePullSecrets\/0/ },
  { values: { namespaceOverride: "Team_A" }, says: /namespaceOverride.*'Team_A' does not match/s },
  { values: { commonAnnotations: { on: true } }, says: /commonAnnotations\/on.*got boolean, want string/s },
  {
    values: { operator: { extraEnv: [{ name: "A", value: 1 }] } },
    says: /extraEnv\/0\/value.*got number, want string/s,
  },
  { values: { operator: { extraArgs: ["workers=2"] } }, says: /extraArgs\/0.*'workers=2' does not match/s },
  {
    values: { operator: { extraArgs: ["--namespaces=a"] } },
    says: /extraArgs must not contain --namespaces: set watch\.namespaces/,
  },
  {
    values: { operator: { extraArgs: ["--metrics-port=9090"] } },
    says: /must not contain --metrics-port: the Service, the probes and the NetworkPolicy use port 8080/,
  },
  {
    values: { operator: { extraVolumes: [{ name: "x" }] } },
    says: /extraVolumes\/0.*minProperties: got 1, want 2/s,
  },
  {
    values: { operator: { extraVolumeMounts: [{ name: "x", mountPath: "/x" }] } },
    says: /extraVolumeMounts references volume x: add the volume to operator\.extraVolumes/,
  },
  { values: { operator: { podSecurityContext: { runAsuser: 1 } } }, says: /'runAsuser' not allowed/ },
  {
    values: { operator: { podSecurityContext: { runAsUser: 0 } } },
    says: /podSecurityContext\/runAsUser.*minimum: got 0, want 1/s,
  },
  {
    values: { operator: { podSecurityContext: { supplementalGroups: [0] } } },
    says: /supplementalGroups\/0.*minimum: got 0, want 1/s,
  },
  { values: { operator: { ids: "OpenShift" } }, says: /operator\/ids.*'Fixed', 'Platform'/s },
  { values: { operator: { containerSecurityContext: { fsGroup: 1 } } }, says: /'fsGroup' not allowed/ },
  {
    values: { operator: { strategy: { type: "Rolling" } } },
    says: /strategy\/type.*'RollingUpdate', 'Recreate'/s,
  },
  { values: { operator: { dnsPolicy: "None" } }, says: /set operator\.dnsConfig\.nameservers/ },
  {
    values: { operator: { podDisruptionBudget: { minAvailable: 1, maxUnavailable: "50%" } } },
    says: /both minAvailable and maxUnavailable: set only one of these values/,
  },
  {
    values: { operator: { podDisruptionBudget: { minAvailable: "half" } } },
    says: /minAvailable.*'half' does not match/s,
  },
  {
    values: { operator: { leaderElection: { leaseDuration: "15" } } },
    says: /leaseDuration.*'15' does not match/s,
  },
  {
    values: { operator: { leaderElection: { renewDeadline: "15s" } } },
    says: /leaderElection\.renewDeadline must be shorter than leaseDuration: 15s is not shorter than 15s/,
  },
  {
    values: { operator: { leaderElection: { retryPeriod: "1m" } } },
    says: /leaderElection\.retryPeriod must be shorter than renewDeadline: 1m is not shorter than 10s/,
  },
  {
    values: { metrics: { serviceMonitor: { interval: "30s", scrapeTimeout: "1m" } } },
    says: /metrics\.serviceMonitor\.scrapeTimeout must not exceed interval: 1m is longer than 30s/,
  },
  {
    values: { metrics: { podMonitor: { interval: "500ms", scrapeTimeout: "1s" } } },
    says: /metrics\.podMonitor\.scrapeTimeout must not exceed interval/,
  },
  {
    values: { metrics: { podMonitor: { relabelings: [{ source_labels: ["a"] }] } } },
    says: /'source_labels' not allowed/,
  },
  {
    values: { metrics: { prometheusRule: { alerts: { FtpDown: { enabled: false } } } } },
    says: /'FtpDown' not allowed/,
  },
  {
    values: { metrics: { prometheusRule: { alerts: { FtpOperatorDown: { threshold: 1 } } } } },
    says: /'threshold' not allowed/,
  },
  {
    values: { metrics: { prometheusRule: { alerts: { FtpTransfersFail: { threshold: 20 } } } } },
    says: /FtpTransfersFail\/threshold.*maximum: got 20, want 1/s,
  },
  {
    values: { metrics: { prometheusRule: { alerts: { FtpLoginBans: { for: "5 minutes" } } } } },
    says: /FtpLoginBans\/for.*'5 minutes' does not match/s,
  },
  {
    values: { metrics: { prometheusRule: { runbookBaseUrl: "wiki" } } },
    says: /runbookBaseUrl.*'wiki' does not match/s,
  },
];

describe("rejected chart values", () => {
  for (const { values, says } of REJECTED) {
    it(`the chart rejects ${JSON.stringify(values)}`, () => {
      const { status, stderr } = template(values);
      assert.notEqual(status, 0);
      assert.match(stderr, says);
    });
  }
});
