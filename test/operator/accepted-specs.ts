/** Specs with different settings for replicas, exposure, networks, storage and pods. */
import type { FtpServerSpec } from "../../src/api/ftpserver.generated.ts";
import { specOf, type SpecPatch } from "../support/plan/cluster.ts";

/** Returns passive settings with a range of 10 ports. */
export const passive = (first: number): FtpServerSpec["passive"] => ({
  ...specOf().passive,
  portRange: { first, last: first + 9 },
});

/**
 * Specs for which the API server must accept all objects. An API server allocates node ports below 30086 only when all
 * other node ports are in use (KEP-3668).
 */
export const ACCEPTED_SPECS: readonly [name: string, spec: SpecPatch][] = [
  ["plain", {}],
  ["three", { replicas: 3 }],
  ["none", { replicas: 0 }],
  ["inside", { exposure: { type: "ClusterIP", controlPort: 2100 } }],
  [
    "nodes",
    {
      exposure: { type: "NodePort", controlPort: 21, nodePort: { controlPort: 30021 } },
      passive: passive(30040),
    },
  ],
  [
    "balancer",
    {
      replicas: 2,
      exposure: {
        type: "LoadBalancer",
        controlPort: 21,
        loadBalancer: {
          class: "example.com/lb",
          sourceRanges: ["192.0.2.0/24"],
        },
        service: {
          annotations: { "example.com/size": "small" },
          externalTrafficPolicy: "Cluster",
        },
      },
    },
  ],
  [
    "policy",
    {
      active: { mode: "Enabled" },
      networkPolicy: {
        mode: "Managed",
        allowedClients: ["192.0.2.0/24", "2001:db8::/32"],
        metricsFrom: [
          { cidr: "198.51.100.0/24" },
          { namespaceSelector: {}, podSelector: { matchLabels: { a: "b" } } },
        ],
      },
    },
  ],
  [
    "family",
    {
      replicas: 2,
      networkPolicy: { mode: "Managed", allowedClients: ["2001:db8::/32"], metricsFrom: [] },
    },
  ],
  [
    "dual",
    { exposure: { type: "ClusterIP", controlPort: 21, service: { ipFamilyPolicy: "RequireDualStack" } } },
  ],
  [
    "sixfour",
    {
      exposure: {
        type: "LoadBalancer",
        controlPort: 21,
        service: { ipFamilyPolicy: "PreferDualStack", ipFamilies: ["IPv6"] },
      },
    },
  ],
  ["open", { networkPolicy: { mode: "Disabled", allowedClients: [], metricsFrom: [] } }],
  ["limited", { storage: { type: "Ephemeral", ephemeral: { sizeLimit: "1024Mi" } } }],
  [
    "claim",
    {
      storage: {
        type: "PersistentVolumeClaim",
        persistentVolumeClaim: {
          create: { accessModes: ["ReadWriteOnce"], size: "1024Mi", storageClassName: "fast" },
          whenDeleted: "Delete",
        },
      },
    },
  ],
  [
    "placed",
    {
      replicas: 2,
      pod: {
        metadata: { labels: { team: "files" }, annotations: { note: "x" } },
        image: "mirror.example.com/engine:2",
        imagePullSecrets: [{ name: "mirror" }],
        priorityClassName: "high",
        nodeSelector: { disk: "ssd" },
        resources: { requests: { cpu: "0.5", memory: "1024Mi" }, limits: { memory: "2000000k", cpu: 1 } },
        tolerations: [{ key: "files", operator: "Exists", effect: "NoExecute", tolerationSeconds: 30 }],
        affinity: {
          podAntiAffinity: {
            preferredDuringSchedulingIgnoredDuringExecution: [
              {
                weight: 1,
                podAffinityTerm: {
                  labelSelector: { matchLabels: { "app.kubernetes.io/instance": "placed" } },
                  topologyKey: "kubernetes.io/hostname",
                },
              },
            ],
          },
        },
        topologySpreadConstraints: [
          { maxSkew: 1, topologyKey: "topology.kubernetes.io/zone", whenUnsatisfiable: "ScheduleAnyway" },
        ],
      },
    },
  ],
];
