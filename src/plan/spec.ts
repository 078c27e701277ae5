// Stand-in until the generated types exist.
import type { Condition, KubeObject } from "../api/kubernetes.ts";
import type { PortRange, Permission, EngineLimits } from "../api/engine-config.ts";

export interface ResolvedSpec {
  replicas: number;
  exposure: {
    type: "LoadBalancer" | "NodePort" | "ClusterIP";
    controlPort: number;
    loadBalancer?: {
      class?: string;
      sourceRanges?: string[];
      annotations?: Record<string, string>;
      externalTrafficPolicy?: "Local" | "Cluster";
    };
    nodePort?: { controlPort: number };
  };
  passive: {
    portRange: PortRange;
    address: {
      type: "FromExposure" | "Static" | "Hostname";
      static?: string;
      hostname?: { name: string; refreshPeriodSeconds: number };
    };
    portSharing: "Enabled" | "Disabled";
  };
  active: { mode: "Disabled" | "Enabled" };
  storage: {
    type: "Ephemeral" | "PersistentVolumeClaim";
    persistentVolumeClaim?: {
      claimName?: string;
      template?: {
        storageClassName?: string;
        accessMode: "ReadWriteOnce" | "ReadWriteOncePod" | "ReadWriteMany";
        size: string | number;
      };
      whenDeleted: "Retain" | "Delete";
    };
    ephemeral?: { sizeLimit: string | number };
  };
  users: {
    name: string;
    passwordSecretRef: { name: string; key: string };
    homeDirectory: string;
    permissions: Permission[];
  }[];
  limits: EngineLimits;
  banner?: string;
  networkPolicy: {
    mode: "Managed" | "Disabled";
    allowedClients: string[];
    metricsFrom: { cidr?: string; namespaceSelector?: object; podSelector?: object }[];
  };
  rollout: { drainPeriodSeconds: number };
  logging: { level: "Error" | "Warn" | "Info" | "Debug"; transferLog: "Enabled" | "Disabled" };
  podTemplate: {
    metadata?: { labels?: Record<string, string>; annotations?: Record<string, string> };
    image?: string;
    imagePullSecrets?: { name: string }[];
    priorityClassName?: string;
    nodeSelector?: Record<string, string>;
    resources?: object;
    tolerations?: object[];
    affinity?: object;
    topologySpreadConstraints?: object[];
  };
}
export interface FtpServerStatus {
  observedGeneration?: number;
  conditions?: Condition[];
  selector?: string;
  replicas?: number;
  readyReplicas?: number;
  address?: string;
  endpoint?: string;
  passivePorts?: string;
  slots?: { name: string; passivePorts?: string; state: SlotState }[];
}
export type SlotState = "Free" | "Starting" | "Serving" | "Draining";
export interface FtpServer extends KubeObject {
  spec: ResolvedSpec;
  status?: FtpServerStatus;
}
