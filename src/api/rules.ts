/**
 * Evaluates the CRD rules without an API server. Rules that only match a pattern come from the schema. For every other
 * rule, this file contains a predicate with the same id.
 */
import { isIP } from "node:net";
import type {
  FtpServer,
  FtpServerActive,
  FtpServerAdditionalStorage,
  FtpServerExposure,
  FtpServerExposureService,
  FtpServerNetworkPolicy,
  FtpServerNetworkPolicyMetricsFrom,
  FtpServerPassiveAddress,
  FtpServerPassivePortRange,
  FtpServerSpec,
  FtpServerPod,
  FtpServerPodResources,
  FtpServerPodSecurityContext,
  FtpServerProxyProtocol,
  FtpServerStorage,
  FtpServerStorageObjectStorage,
  FtpServerStorageObjectStorageServerSideEncryption,
  FtpServerStoragePersistentVolumeClaim,
  FtpServerTls,
  FtpServerTlsClientCertificates,
  FtpServerUserSources,
  FtpServerNotificationSink,
} from "./ftpserver.generated.ts";
import type { FtpUser } from "./ftpuser.generated.ts";
import { isAnonymous } from "./engine-config.ts";
import type { LabelExpression, LabelSelector } from "./kubernetes.ts";
import { CONTAINER_CONTROL_PORT, CONTAINER_METRICS_PORT, MAX_NAME_LENGTH, serverLabels } from "./names.ts";
import { isCidr, isHostIPv4, isMasked } from "../common/networks.ts";
import { parseQuantity } from "../common/quantity.ts";
import { certificatesLogIn, maxReplicasOf } from "./spec.ts";
import type { Rule } from "./schema.ts";

/**
 * Returns whether a new value that meets its schema satisfies a rule. New values satisfy all transition rules
 * (`oldSelf`).
 * @throws Error if the rule has no predicate
 */
export function holds(rule: Rule, value: unknown): boolean {
  if (rule.rule.includes("oldSelf") && rule.optionalOldSelf !== true) return true;
  const [, not, pattern] = MATCHES.exec(rule.rule) ?? [];
  if (pattern !== undefined) {
    return new RegExp(pattern.replaceAll("\\\\", "\\"), "u").test(String(value)) !== (not === "!");
  }
  const predicate = PREDICATES[rule.id];
  if (predicate === undefined) throw new Error(`the rule ${rule.id} has no predicate in rules.ts`);
  return predicate(value);
}

/** Names of the headers that the engine or the HTTP client sets in a request to a sink. */
const RESERVED_HEADER =
  /^((ce|webhook)-.*|host|content-.*|connection|transfer-encoding|expect|keep-alive|upgrade|te|trailer)$/;

const MATCHES = /^(!?)self\.matches\('([^']*)'\)$/;

interface Check {
  test(self: unknown): boolean;
}

/** Evaluates a value that matches the schema of the rule. Method syntax allows a narrower parameter type. */
type Predicate = Check["test"];

const NAME = /^[a-z]([-a-z0-9]*[a-z0-9])?$/;
const RESERVED_LABEL = /^(([^/]*[.])?ftp-operator[.]io|(apps|statefulset)[.]kubernetes[.]io)\//;
const RESERVED_ANNOTATION =
  /^(([^/]*[.])?ftp-operator[.]io\/|kubectl[.]kubernetes[.]io\/last-applied-configuration$)/;
const REVISION_LABEL = "controller-revision-hash";
const LABEL_KEY = /^([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?\/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/;
const ANNOTATION_KEY =
  /^([A-Za-z0-9]([-A-Za-z0-9.]{0,251}[A-Za-z0-9])?\/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/;
const MAX_PORTS = 1000;
/** Limits in billionths of a byte, the unit of {@link parseQuantity}. */
const MIN_COMMAND_LINE = 512n * 1_000_000_000n;
const MAX_COMMAND_LINE = 65_536n * 1_000_000_000n;

/** Resources whose requests must not exceed their limits. */
const LIMITED_RESOURCES = ["cpu", "memory", "ephemeral-storage"];

/** Predicates, keyed by rule id. */
const PREDICATES: Readonly<Record<string, Predicate>> = {
  "name-syntax": ({ metadata: { name } }: FtpServer) => name.length <= MAX_NAME_LENGTH && NAME.test(name),
  "name-default": ({ metadata: { name }, spec }: FtpServer) =>
    name !== "default" || spec.pod.serviceAccountName !== undefined,
  "login-name-default": ({ metadata, spec }: FtpUser) =>
    spec.loginName !== undefined || metadata.name.length <= 64,
  "login-name-anonymous": ({ metadata, spec }: FtpUser) => !isAnonymous(spec.loginName ?? metadata.name),

  "users-required": ({ users, anonymous, userSources }: FtpServerSpec) =>
    users.length > 0 || anonymous.mode !== "Disabled" || userSources.from !== "None",
  "user-password-required": ({ users, tls }: FtpServerSpec) =>
    certificatesLogIn(tls) || users.every(({ passwordSecretRef }) => passwordSecretRef !== undefined),
  "user-home-anonymous": ({ users, anonymous }: FtpServerSpec) =>
    anonymous.mode === "Disabled" ||
    users.every(
      ({ name, homeDirectory }) => homeDirectory !== undefined || `/${name}` !== anonymous.homeDirectory,
    ),
  "user-sources-selector": ({ from, namespaceSelector }: FtpServerUserSources) =>
    (from === "Selector") === (namespaceSelector !== undefined),
  "anonymous-home-root": ({ anonymous, userSources }: FtpServerSpec) =>
    anonymous.mode === "Disabled" || anonymous.homeDirectory !== "/" || userSources.from !== "Selector",

  "allowed-clients-behind-proxy": ({ proxyProtocol, networkPolicy }: FtpServerSpec) =>
    proxyProtocol.mode === "Disabled" || networkPolicy.allowedClients.length === 0,
  "trusted-sources-required": ({ mode, trustedSources }: FtpServerProxyProtocol) =>
    mode === "Disabled" || trustedSources.length > 0,
  "network-policy-mode": ({ mode, allowedClients, metricsFrom, egress }: FtpServerNetworkPolicy) =>
    mode === "Managed" || [allowedClients, metricsFrom, egress].every(({ length }) => length === 0),
  "network-peer": ({ cidr, namespaceSelector, podSelector }: FtpServerNetworkPolicyMetricsFrom) =>
    (cidr === undefined) !== (namespaceSelector === undefined && podSelector === undefined),
  "network-syntax": isCidr,
  "network-masked": (cidr: string) => !isCidr(cidr) || isMasked(cidr),

  "certificate-required": ({ mode, certificateRef }: FtpServerTls) =>
    mode === "Disabled" || certificateRef !== undefined,
  "clear-control-mode": ({ mode, clearControl }: FtpServerTls) =>
    clearControl === "Deny" || mode === "Optional",
  "client-ca-required": ({ mode, caRef }: FtpServerTlsClientCertificates) =>
    mode === "Disabled" || caRef !== undefined,

  "replicas-above-maximum": ({ replicas, maxReplicas }: FtpServerSpec) =>
    maxReplicas === undefined || replicas <= maxReplicas,
  "host-port-replicas": (spec: FtpServerSpec) =>
    spec.exposure.type !== "HostPort" || maxReplicasOf(spec) <= 1,
  "traffic-policy-replicas": (spec: FtpServerSpec) =>
    maxReplicasOf(spec) <= 1 ||
    !["LoadBalancer", "NodePort"].includes(spec.exposure.type) ||
    spec.exposure.service.externalTrafficPolicy !== "Local",
  "access-modes-replicas": (spec: FtpServerSpec) => {
    const { accessModes = [] } = spec.storage.persistentVolumeClaim?.create ?? {};
    return maxReplicasOf(spec) <= 1 || accessModes.length === 0 || accessModes.includes("ReadWriteMany");
  },

  "load-balancer-type": ({ type, loadBalancer }: FtpServerExposure) =>
    type === "LoadBalancer" || loadBalancer === undefined,
  "ip-families-policy": ({ ipFamilyPolicy, ipFamilies }: FtpServerExposureService) =>
    ipFamilyPolicy !== "SingleStack" || (ipFamilies?.length ?? 1) === 1,
  "ip-families-unique": (families: readonly string[]) => new Set(families).size === families.length,
  "node-port-type": ({ type, nodePort }: FtpServerExposure) => type === "NodePort" || nodePort === undefined,
  "node-port-required": ({ type, nodePort }: FtpServerExposure) =>
    type !== "NodePort" || nodePort !== undefined,

  "port-range-order": ({ first, last }: FtpServerPassivePortRange) => first <= last,
  "port-range-size": ({ first, last }: FtpServerPassivePortRange) => last - first < MAX_PORTS,
  "port-range-container-ports": (range: FtpServerPassivePortRange) =>
    !contains(range, CONTAINER_CONTROL_PORT) && !contains(range, CONTAINER_METRICS_PORT),
  "port-range-control-port": ({ exposure, passive }: FtpServerSpec) =>
    !contains(passive.portRange, exposure.controlPort),
  "node-port-in-range": ({ exposure: { nodePort }, passive }: FtpServerSpec) =>
    nodePort === undefined || !contains(passive.portRange, nodePort.controlPort),
  "port-range-too-small": (spec: FtpServerSpec) => {
    const { first, last } = spec.passive.portRange;
    return last - first >= maxReplicasOf(spec);
  },
  "static-address-type": (address: FtpServerPassiveAddress) =>
    address.type === "Static" || address.static === undefined,
  "static-address-required": (address: FtpServerPassiveAddress) =>
    address.type !== "Static" || address.static !== undefined,
  "hostname-type": ({ type, hostname }: FtpServerPassiveAddress) =>
    type === "Hostname" || hostname === undefined,
  "hostname-required": ({ type, hostname }: FtpServerPassiveAddress) =>
    type !== "Hostname" || hostname !== undefined,
  "announced-address-syntax": isHostIPv4,

  "source-port-mode": ({ mode, sourcePort }: FtpServerActive) =>
    mode === "Enabled" || sourcePort === undefined,
  "source-port-container-ports": ({ sourcePort }: FtpServerActive) =>
    sourcePort !== CONTAINER_CONTROL_PORT && sourcePort !== CONTAINER_METRICS_PORT,
  "source-port-in-range": ({ active: { sourcePort }, passive }: FtpServerSpec) =>
    sourcePort === undefined || !contains(passive.portRange, sourcePort),

  "claim-type": ({ type, persistentVolumeClaim }: FtpServerStorage) =>
    type === "PersistentVolumeClaim" || persistentVolumeClaim === undefined,
  "claim-required": ({ type, persistentVolumeClaim }: FtpServerStorage) =>
    type !== "PersistentVolumeClaim" || persistentVolumeClaim !== undefined,
  "claim-source": ({ claimName, create }: FtpServerStoragePersistentVolumeClaim) =>
    (claimName === undefined) !== (create === undefined),
  "object-storage-type": ({ type, objectStorage }: FtpServerStorage) =>
    type === "ObjectStorage" || objectStorage === undefined,
  "object-storage-required": ({ type, objectStorage }: FtpServerStorage) =>
    type !== "ObjectStorage" || objectStorage !== undefined,
  "object-storage-credentials": (storage: FtpServerStorageObjectStorage) =>
    storage.credentialsSecretRef === undefined || storage.webIdentity === undefined,
  "kms-key-algorithm": ({ algorithm, kmsKeyId }: FtpServerStorageObjectStorageServerSideEncryption) =>
    algorithm === "KMS" || kmsKeyId === undefined,
  "storage-class-archive": (storageClass: string) => !["GLACIER", "DEEP_ARCHIVE"].includes(storageClass),
  "service-account-annotations": ({ serviceAccountName, serviceAccountAnnotations }: FtpServerPod) =>
    serviceAccountName === undefined || serviceAccountAnnotations === undefined,
  "additional-claim": ({ type, persistentVolumeClaim }: FtpServerAdditionalStorage) =>
    (type === "PersistentVolumeClaim") === (persistentVolumeClaim !== undefined),
  "additional-bucket": ({ type, objectStorage }: FtpServerAdditionalStorage) =>
    (type === "ObjectStorage") === (objectStorage !== undefined),
  "sink-http": ({ type, http }: FtpServerNotificationSink) => (type === "HTTP") === (http !== undefined),
  "header-name-reserved": (name: string) => !RESERVED_HEADER.test(name.toLowerCase()),
  "mount-storage": ({ users, additionalStorage }: FtpServerSpec) => {
    const names = new Set(additionalStorage.map(({ name }) => name));
    return users.every(({ mounts }) =>
      mounts.every(({ storage }) => storage === undefined || names.has(storage)),
    );
  },
  "claim-deletion": ({ whenDeleted, create }: FtpServerStoragePersistentVolumeClaim) =>
    whenDeleted === "Retain" || create !== undefined,

  "quantity-positive": (size: string | number) => (parseQuantity(size) ?? 0n) > 0n,
  "command-line-bounds": (size: string | number) => {
    const value = parseQuantity(size);
    return value === undefined || (value >= MIN_COMMAND_LINE && value <= MAX_COMMAND_LINE);
  },

  "name-servers-required": ({ dnsPolicy, dnsConfig }: FtpServerPod) =>
    dnsPolicy !== "None" || (dnsConfig?.nameservers ?? []).length > 0,
  "root-id": (id: number) => id !== 0,
  "platform-ids": ({ ids, runAsUser, runAsGroup, fsGroup }: FtpServerPodSecurityContext) =>
    ids === "Fixed" || (runAsUser ?? runAsGroup ?? fsGroup) === undefined,
  "request-above-limit": ({ requests = {}, limits = {} }: FtpServerPodResources) =>
    LIMITED_RESOURCES.every((name) => (parseQuantity(requests[name] ?? 0) ?? 0n) <= limitOf(limits[name])),

  "selector-values": isWellFormed,
  "selector-key-syntax": ({ matchLabels = {} }: LabelSelector) => hasLabelKeys(matchLabels),
  "node-selector-key-syntax": hasLabelKeys,
  "label-key-syntax": hasLabelKeys,
  "label-reserved": (labels: object) =>
    Object.keys(labels).every(
      (key) => !RESERVED_LABEL.test(key) && key !== REVISION_LABEL && !Object.hasOwn(serverLabels(""), key),
    ),
  "annotation-key-syntax": (annotations: object) =>
    Object.keys(annotations).every((key) => ANNOTATION_KEY.test(key)),
  "annotation-reserved": (annotations: object) =>
    Object.keys(annotations).every((key) => !RESERVED_ANNOTATION.test(key)),
  "nameserver-syntax": isIp,
  "host-alias-syntax": isIp,
};

/** Returns the limit of a resource, or Infinity if the resource has no limit. */
function limitOf(limit: string | number | undefined): bigint | number {
  return limit === undefined ? Infinity : (parseQuantity(limit) ?? 0n);
}

function isIp(address: string): boolean {
  return isIP(address) !== 0;
}

function hasLabelKeys(labels: object): boolean {
  return Object.keys(labels).every((key) => LABEL_KEY.test(key));
}

/**
 * Returns whether a label selector expression is valid. `In` and `NotIn` require values. Other operators accept no
 * values.
 */
export function isWellFormed({ operator, values = [] }: LabelExpression): boolean {
  return (operator === "In" || operator === "NotIn") === values.length > 0;
}

function contains(range: FtpServerPassivePortRange, port: number): boolean {
  return range.first <= port && port <= range.last;
}
