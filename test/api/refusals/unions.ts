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
    message: "belongs to type LoadBalancer; remove it",
  },
  {
    title: "nodePort with LoadBalancer",
    bad: { exposure: { nodePort: { controlPort: 30_021 } } },
    good: { exposure: {} },
    path: "exposure.nodePort",
    message: "belongs to type NodePort; remove it",
  },
  {
    title: "NodePort without nodePort",
    bad: { ...range(30_100, 30_109), ...exposure("NodePort") },
    good: nodePort(30_021, 30_100, 30_109),
    path: "exposure.nodePort",
    message: "add for instance nodePort: {controlPort: 30021}",
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
    message: "write replicas 1, or another exposure.type",
  },
  {
    title: "static with FromExposure",
    bad: address({ static: "203.0.113.10" }),
    good: address({ type: "Static", static: "203.0.113.10" }),
    path: "passive.address.static",
    message: "static belongs to type Static; remove it",
  },
  {
    title: "Static without static",
    bad: address({ type: "Static" }),
    good: address({ type: "FromExposure" }),
    path: "passive.address.static",
    message: "add for instance static: 203.0.113.10",
  },
  {
    title: "hostname with FromExposure",
    bad: address({ hostname: { name: "ftp.example.com" } }),
    good: address({ type: "Hostname", hostname: { name: "ftp.example.com" } }),
    path: "passive.address.hostname",
    message: "hostname belongs to type Hostname; remove it",
  },
  {
    title: "Hostname without hostname",
    bad: address({ type: "Hostname" }),
    good: address({ type: "Hostname", hostname: { name: "ftp.example.com." } }),
    path: "passive.address.hostname",
    message: "add for instance hostname: {name: ftp.example.com}",
  },
  {
    title: "claim with Ephemeral",
    bad: { storage: { persistentVolumeClaim: { claimName: "files" } } },
    good: claim({ claimName: "files" }),
    path: "storage.persistentVolumeClaim",
    message: "belongs to type PersistentVolumeClaim; remove it",
  },
  {
    title: "PersistentVolumeClaim without a claim",
    bad: { storage: { type: "PersistentVolumeClaim" } },
    good: claim({ template: { size: "10Gi" } }),
    path: "storage.persistentVolumeClaim",
    message: "add for instance persistentVolumeClaim: {template: {size: 10Gi}}",
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
    message: "belongs to type Ephemeral; remove it",
  },
  {
    title: "claimName and template",
    bad: claim({ claimName: "files", template: { size: "1Gi" } }),
    good: claim({ template: { size: "1Gi" } }),
    path: "storage.persistentVolumeClaim",
    message: "write either claimName (a claim that exists) or template",
  },
  {
    title: "neither claimName nor template",
    bad: claim({}),
    good: claim({ claimName: "files" }),
    path: "storage.persistentVolumeClaim",
    message: "not both and not none",
  },
  {
    title: "deleting somebody else's claim",
    bad: claim({ claimName: "files", whenDeleted: "Delete" }),
    good: claim({ template: { size: "1Gi" }, whenDeleted: "Delete" }),
    path: "storage.persistentVolumeClaim.whenDeleted",
    message: "deletes only claims that it made; remove whenDeleted",
  },
];
