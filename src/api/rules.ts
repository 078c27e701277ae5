/**
 * The rules of the CRD for use without an API server. Rules that only match a pattern are read from the CRD itself;
 * every other one has a twin here, found by its message.
 */
import type {
  FtpServer,
  FtpServerActive,
  FtpServerExposure,
  FtpServerNetworkPolicy,
  FtpServerNetworkPolicyMetricsFrom,
  FtpServerPassiveAddress,
  FtpServerPassivePortRange,
  FtpServerSpec,
  FtpServerProxyProtocol,
  FtpServerStorage,
  FtpServerStoragePersistentVolumeClaim,
  FtpServerTls,
  FtpServerTlsClientCertificates,
  FtpServerUserSources,
} from "./ftpserver.generated.ts";
import type { FtpUser } from "./ftpuser.generated.ts";
import { isAnonymous } from "./engine-config.ts";
import type { LabelExpression } from "./kubernetes.ts";
import { CONTAINER_CONTROL_PORT, CONTAINER_METRICS_PORT, MAX_NAME_LENGTH, serverLabels } from "./names.ts";
import { isCidr, isDiallableIPv4, isMasked } from "./networks.ts";
import { parseQuantity } from "./quantity.ts";
import { mostReplicas } from "./replicas.ts";
import type { Rule } from "./schema.ts";

/**
 * Whether a rule holds for a value that meets its schema, as if that were new. A rule that needs the value before (`oldSelf`) holds.
 * @throws Error when the rule is not known here
 */
export function holds(rule: Rule, value: unknown): boolean {
  if (rule.rule.includes("oldSelf") && rule.optionalOldSelf !== true) return true;
  const [, not, pattern] = MATCHES.exec(rule.rule) ?? [];
  if (pattern !== undefined) {
    return new RegExp(pattern.replaceAll("\\\\", "\\"), "u").test(String(value)) !== (not === "!");
  }
  const twin = TWINS[rule.message];
  if (twin === undefined) throw new Error(`the rule "${rule.message}" has no twin in rules.ts`);
  return twin(value);
}

const MATCHES = /^(!?)self\.matches\('([^']*)'\)$/;

interface Check {
  test(self: unknown): boolean;
}

/** Takes what its schema stands at, which the caller has checked. As the type of a method it may name a narrower parameter. */
type Twin = Check["test"];

const NAME = /^[a-z]([-a-z0-9]*[a-z0-9])?$/;
const OWN_PREFIX = /^([^/]*[.])?ftp-operator[.]io\//;
const LABEL_KEY = /^([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?\/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/;
const NODE_PORTS: FtpServerPassivePortRange = { first: 30_000, last: 32_767 };
const MAX_PORTS = 1000;

/** By message. */
const TWINS: Readonly<Record<string, Twin>> = {
  "metadata.name becomes part of the names of pods and Services; use at most 48 lower case letters, digits and '-', with a letter first and no '-' last":
    ({ metadata: { name } }: FtpServer) => name.length <= MAX_NAME_LENGTH && NAME.test(name),

  "metadata.name is the login name where spec.loginName is unset; use at most 64 characters, or set spec.loginName":
    ({ metadata, spec }: FtpUser) => spec.loginName !== undefined || metadata.name.length <= 64,
  "anonymous and ftp are the login names of those who have no account; set another spec.loginName": ({
    metadata,
    spec,
  }: FtpUser) => !isAnonymous(spec.loginName ?? metadata.name),

  "nobody could log in; add a user, set anonymous.mode to ReadOnly, or take FtpUsers (userSources)": ({
    users,
    anonymous,
    userSources,
  }: FtpServerSpec) => users.length > 0 || anonymous.mode !== "Disabled" || userSources.from !== "None",
  "from Selector and namespaceSelector go together; write for instance {from: Selector, namespaceSelector: {matchLabels: {ftp: allowed}}}":
    ({ from, namespaceSelector }: FtpServerUserSources) =>
      (from === "Selector") === (namespaceSelector !== undefined),
  "a user without passwordSecretRef could not log in; add for instance passwordSecretRef: {name: alice}, or let client certificates log in (tls.clientCertificates.login)":
    ({ users, tls }: FtpServerSpec) =>
      certificatesLogIn(tls) || users.every(({ passwordSecretRef }) => passwordSecretRef !== undefined),
  "a user with the name of the anonymous home would share its files with everyone; set another homeDirectory for the user or for anonymous (to share the files, set the same homeDirectory for both)":
    ({ users, anonymous }: FtpServerSpec) =>
      anonymous.mode === "Disabled" ||
      users.every(
        ({ name, homeDirectory }) => homeDirectory !== undefined || `/${name}` !== anonymous.homeDirectory,
      ),
  "anonymous logins with the home / would see the files of FtpUsers of other namespaces; set another home, for instance /pub":
    ({ anonymous, userSources }: FtpServerSpec) =>
      anonymous.mode === "Disabled" || anonymous.homeDirectory !== "/" || userSources.from !== "Selector",
  "behind a proxy the NetworkPolicy sees the proxy alone and would lock it out; remove networkPolicy.allowedClients, and use users[].allowedClients":
    ({ proxyProtocol, networkPolicy }: FtpServerSpec) =>
      proxyProtocol.mode === "Disabled" || networkPolicy.allowedClients.length === 0,
  "TLS needs a certificate; add for instance secretName: demo-tls, a Secret of type kubernetes.io/tls as cert-manager writes it":
    ({ mode, secretName }: FtpServerTls) => mode === "Disabled" || secretName !== undefined,
  "a control connection can be clear only where TLS is optional; write mode: Optional, or clearControl: Refused":
    ({ mode, clearControl }: FtpServerTls) => clearControl === "Refused" || mode === "Optional",
  "client certificates need the authority that signed them; add for instance caSecretName: demo-client-ca, a Secret with the key ca.crt":
    ({ mode, caSecretName }: FtpServerTlsClientCertificates) =>
      mode === "Disabled" || caSecretName !== undefined,
  "anyone could claim any address; write the networks of the proxies, for instance trustedSources: [10.0.0.0/8]":
    ({ mode, trustedSources }: FtpServerProxyProtocol) => mode === "Disabled" || trustedSources.length > 0,
  "the range must not hold exposure.controlPort; move the range or the control port": ({
    exposure,
    passive,
  }: FtpServerSpec) => !contains(passive.portRange, exposure.controlPort),
  "the range must not hold exposure.nodePort.controlPort; move the range or the control port": ({
    exposure: { nodePort },
    passive,
  }: FtpServerSpec) => nodePort === undefined || !contains(passive.portRange, nodePort.controlPort),
  "the passive range is cut for maxReplicas servers; raise maxReplicas, or lower replicas": ({
    replicas,
    maxReplicas,
  }: FtpServerSpec) => maxReplicas === undefined || replicas <= maxReplicas,
  "the range needs at least replicas + 1 ports (maxReplicas + 1 where that is set), one for each replica and one for rollouts; raise last or lower replicas":
    (spec: FtpServerSpec) => {
      const { first, last } = spec.passive.portRange;
      return last - first >= mostReplicas(spec);
    },
  "with exposure.type NodePort clients dial the node ports themselves, so the range must lie within 30000-32767; for instance {first: 30100, last: 30109}":
    ({ exposure, passive: { portRange } }: FtpServerSpec) =>
      exposure.type !== "NodePort" ||
      (portRange.first >= NODE_PORTS.first && portRange.last <= NODE_PORTS.last),
  "the server listens at the ports of passive.portRange, so nothing can come from them; write a port outside, for instance 20":
    ({ active: { sourcePort }, passive }: FtpServerSpec) =>
      sourcePort === undefined || !contains(passive.portRange, sourcePort),
  "each pod at host ports has an address of its own; write replicas 1, or another exposure.type": (
    spec: FtpServerSpec,
  ) => spec.exposure.type !== "HostPort" || mostReplicas(spec) <= 1,
  "Local drops the passive connections of replicas on other nodes; with more than one replica write Cluster, or leave it out":
    (spec: FtpServerSpec) =>
      mostReplicas(spec) <= 1 || spec.exposure.loadBalancer?.externalTrafficPolicy !== "Local",
  "only one node can mount this volume; with more than one replica write ReadWriteMany and a storage class that offers it, or set replicas to 1":
    (spec: FtpServerSpec) => {
      const { accessMode } = spec.storage.persistentVolumeClaim?.template ?? {};
      return mostReplicas(spec) <= 1 || accessMode === undefined || accessMode === "ReadWriteMany";
    },

  "loadBalancer belongs to type LoadBalancer; remove it, or set exposure.type to LoadBalancer": ({
    type,
    loadBalancer,
  }: FtpServerExposure) => type === "LoadBalancer" || loadBalancer === undefined,
  "nodePort belongs to type NodePort; remove it, or set exposure.type to NodePort": ({
    type,
    nodePort,
  }: FtpServerExposure) => type === "NodePort" || nodePort === undefined,
  "type NodePort needs the port that clients dial; add for instance nodePort: {controlPort: 30021}": ({
    type,
    nodePort,
  }: FtpServerExposure) => type !== "NodePort" || nodePort !== undefined,

  "the range is reversed or empty; write the lowest port as first and the highest as last": ({
    first,
    last,
  }: FtpServerPassivePortRange) => first <= last,
  "the range holds more than 1000 ports; lower last to first + 999 or less": ({
    first,
    last,
  }: FtpServerPassivePortRange) => last - first < MAX_PORTS,
  "pods use 2121 and 8080 themselves; move the range, for instance to {first: 50000, last: 50009}": (
    range: FtpServerPassivePortRange,
  ) => !contains(range, CONTAINER_CONTROL_PORT) && !contains(range, CONTAINER_METRICS_PORT),
  "static belongs to type Static; remove it, or set passive.address.type to Static": (
    address: FtpServerPassiveAddress,
  ) => address.type === "Static" || address.static === undefined,
  "type Static needs the address to announce; add for instance static: 203.0.113.10": (
    address: FtpServerPassiveAddress,
  ) => address.type !== "Static" || address.static !== undefined,
  "hostname belongs to type Hostname; remove it, or set passive.address.type to Hostname": ({
    type,
    hostname,
  }: FtpServerPassiveAddress) => type === "Hostname" || hostname === undefined,
  "type Hostname needs the name to resolve; add for instance hostname: {name: ftp.example.com}": ({
    type,
    hostname,
  }: FtpServerPassiveAddress) => type !== "Hostname" || hostname !== undefined,
  "PASV can only announce an IPv4 address that a client can dial; write it as four numbers, for instance 203.0.113.10":
    isDiallableIPv4,

  "sourcePort belongs to mode Enabled; remove it, or set active.mode to Enabled": ({
    mode,
    sourcePort,
  }: FtpServerActive) => mode === "Enabled" || sourcePort === undefined,
  "pods listen at 2121 and 8080 themselves; write another port, for instance 20": ({
    sourcePort,
  }: FtpServerActive) => sourcePort !== CONTAINER_CONTROL_PORT && sourcePort !== CONTAINER_METRICS_PORT,

  "persistentVolumeClaim belongs to type PersistentVolumeClaim; remove it, or set storage.type to PersistentVolumeClaim":
    ({ type, persistentVolumeClaim }: FtpServerStorage) =>
      type === "PersistentVolumeClaim" || persistentVolumeClaim === undefined,
  "type PersistentVolumeClaim needs a claim; add for instance persistentVolumeClaim: {template: {size: 10Gi}}":
    ({ type, persistentVolumeClaim }: FtpServerStorage) =>
      type !== "PersistentVolumeClaim" || persistentVolumeClaim !== undefined,
  "ephemeral belongs to type Ephemeral; remove it, or set storage.type to Ephemeral": ({
    type,
    ephemeral,
  }: FtpServerStorage) => type === "Ephemeral" || ephemeral === undefined,
  "write either claimName (a claim that exists) or template (a claim to make), not both and not none": ({
    claimName,
    template,
  }: FtpServerStoragePersistentVolumeClaim) => (claimName === undefined) !== (template === undefined),
  "the operator deletes only claims that it made; remove whenDeleted, or use template instead of claimName":
    ({ whenDeleted, template }: FtpServerStoragePersistentVolumeClaim) =>
      whenDeleted === "Retain" || template !== undefined,
  "write a size above zero, for instance 500Mi or 10Gi": (size: string) => (parseQuantity(size) ?? 0n) > 0n,

  "this is no network; write address and prefix length, for instance 198.51.100.0/24, or 198.51.100.7/32 for one address":
    isCidr,
  "the address has bits beyond the prefix length; write the network's own address, for instance 198.51.100.0/24 and not 198.51.100.7/24":
    (cidr: string) => !isCidr(cidr) || isMasked(cidr),
  "without a NetworkPolicy allowedClients and metricsFrom do nothing; remove them, or set networkPolicy.mode to Managed":
    ({ mode, allowedClients, metricsFrom }: FtpServerNetworkPolicy) =>
      mode === "Managed" || (allowedClients.length === 0 && metricsFrom.length === 0),
  "write either cidr, or namespaceSelector and podSelector (one of them is enough)": ({
    cidr,
    namespaceSelector,
    podSelector,
  }: FtpServerNetworkPolicyMetricsFrom) =>
    (cidr === undefined) !== (namespaceSelector === undefined && podSelector === undefined),

  "In and NotIn need values, Exists and DoesNotExist take none; write for instance {key: team, operator: In, values: [a]}":
    isWellFormed,

  "annotations under ftp-operator.io/ are the operator's own; remove them": (annotations: object) =>
    Object.keys(annotations).every((key) => !OWN_PREFIX.test(key)),
  "the operator sets name, instance, component, managed-by and part-of of app.kubernetes.io/ and all of ftp-operator.io/; remove them":
    (labels: object) =>
      Object.keys(labels).every((key) => !OWN_PREFIX.test(key) && !Object.hasOwn(serverLabels(""), key)),
  "write label keys as name or prefix/name, for instance team or example.com/team": (labels: object) =>
    Object.keys(labels).every((key) => LABEL_KEY.test(key)),
};

/** Whether Kubernetes takes an expression of a label selector. */
export function isWellFormed({ operator, values = [] }: LabelExpression): boolean {
  return (operator === "In" || operator === "NotIn") === values.length > 0;
}

/** Whether a user may come without a password. */
export function certificatesLogIn({ mode, clientCertificates }: FtpServerTls): boolean {
  return (
    mode !== "Disabled" && clientCertificates.mode !== "Disabled" && clientCertificates.login !== "Password"
  );
}

function contains(range: FtpServerPassivePortRange, port: number): boolean {
  return range.first <= port && port <= range.last;
}
