import { address, claim, exposure, nodePort, range } from "./parts.ts";
import type { RefusalCase } from "./parts.ts";

export const UNIONS: RefusalCase[] = [
  {
    title: "loadBalancer with NodePort",
    bad: {
      ...range(30_100, 30_109),
      ...exposure("NodePort", { nodePort: { controlPort: 30_021 }, loadBalancer: {} }),
    },
    good: nodePort(30_021, 30_100, 30_109),
    path: "exposure.loadBalancer",
    rule: "load-balancer-type",
  },
  {
    title: "nodePort with LoadBalancer",
    bad: { exposure: { nodePort: { controlPort: 30_021 } } },
    good: { exposure: {} },
    path: "exposure.nodePort",
    rule: "node-port-type",
  },
  {
    title: "NodePort without nodePort",
    bad: { ...range(30_100, 30_109), ...exposure("NodePort") },
    good: nodePort(30_021, 30_100, 30_109),
    path: "exposure.nodePort",
    rule: "node-port-required",
  },
  {
    title: "exposure of no known type",
    bad: exposure("Ingress"),
    good: exposure("ClusterIP"),
    path: "exposure.type",
    message: /supported values: "LoadBalancer", "NodePort", "ClusterIP", "HostPort"/,
  },
  {
    title: "two replicas at host ports",
    bad: { ...exposure("HostPort"), replicas: 2 },
    good: { ...exposure("HostPort"), replicas: 1 },
    path: "replicas",
    rule: "host-port-replicas",
  },
  {
    title: "static with FromExposure",
    bad: address({ static: { address: "203.0.113.10" } }),
    good: address({ type: "Static", static: { address: "203.0.113.10" } }),
    path: "passive.address.static",
    rule: "static-address-type",
  },
  {
    title: "Static without static",
    bad: address({ type: "Static" }),
    good: address({ type: "FromExposure" }),
    path: "passive.address.static",
    rule: "static-address-required",
  },
  {
    title: "hostname with FromExposure",
    bad: address({ hostname: { name: "ftp.example.com" } }),
    good: address({ type: "Hostname", hostname: { name: "ftp.example.com" } }),
    path: "passive.address.hostname",
    rule: "hostname-type",
  },
  {
    title: "Hostname without hostname",
    bad: address({ type: "Hostname" }),
    good: address({ type: "Hostname", hostname: { name: "ftp.example.com." } }),
    path: "passive.address.hostname",
    rule: "hostname-required",
  },
  {
    title: "claim with Ephemeral",
    bad: { storage: { persistentVolumeClaim: { claimName: "files" } } },
    good: claim({ claimName: "files" }),
    path: "storage.persistentVolumeClaim",
    rule: "claim-type",
  },
  {
    title: "PersistentVolumeClaim without a claim",
    bad: { storage: { type: "PersistentVolumeClaim" } },
    good: claim({ create: { size: "10Gi" } }),
    path: "storage.persistentVolumeClaim",
    rule: "claim-required",
  },
  {
    title: "ephemeral with a claim",
    bad: {
      storage: {
        type: "PersistentVolumeClaim",
        persistentVolumeClaim: { claimName: "files" },
        ephemeral: { sizeLimit: "1Gi" },
      },
    },
    good: { storage: { ephemeral: { sizeLimit: "1Gi" } } },
    path: "storage.ephemeral",
    rule: "ephemeral-type",
  },
  {
    title: "claimName and template",
    bad: claim({ claimName: "files", create: { size: "1Gi" } }),
    good: claim({ create: { size: "1Gi" } }),
    path: "storage.persistentVolumeClaim",
    rule: "claim-source",
  },
  {
    title: "neither claimName nor template",
    bad: claim({}),
    good: claim({ claimName: "files" }),
    path: "storage.persistentVolumeClaim",
    rule: "claim-source",
  },
  {
    title: "deleting somebody else's claim",
    bad: claim({ claimName: "files", whenDeleted: "Delete" }),
    good: claim({ create: { size: "1Gi" }, whenDeleted: "Delete" }),
    path: "storage.persistentVolumeClaim.whenDeleted",
    rule: "claim-deletion",
  },
];
