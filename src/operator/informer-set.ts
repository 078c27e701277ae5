import type { FtpServer, FtpServerStorageObjectStorage } from "../api/ftpserver.generated.ts";
import type { FtpUser } from "../api/ftpuser.generated.ts";
import type { KubeObject, ObjectKey } from "../api/kubernetes.ts";
import {
  API_VERSION,
  childNames,
  FIELD_MANAGER,
  formatSelector,
  INSTANCE_LABEL,
  KIND,
  MANAGED_BY_LABEL,
  USER_KIND,
} from "../api/names.ts";
import type { KubeClient } from "../kube/client.ts";
import { Informer, type InformerOptions } from "../kube/informer.ts";
import type { ReflectorObserver } from "../kube/reflector.ts";
import type { Kind } from "../kube/resources.ts";
import type { NamespaceLabels } from "../plan/accounts/admission.ts";
import type {
  NetworkPolicy,
  PersistentVolumeClaim,
  Pod,
  PodDisruptionBudget,
  Secret,
  Service,
  ServiceAccount,
  StatefulSet,
} from "../plan/model/objects.ts";
import type { NodeAddresses } from "../plan/model/observed.ts";
import { type Node, nodeAddresses, trimNode } from "./nodes.ts";

/** Label selector for the objects that the operator creates. */
const MANAGED_SELECTOR = formatSelector({ [MANAGED_BY_LABEL]: FIELD_MANAGER });

/** Index of children and FtpUsers by FtpServer. */
export const BY_SERVER = "server";
/** Index of FtpServers and FtpUsers by referenced Secret. */
export const BY_SECRET = "secret";
/** Index of FtpServers by referenced ConfigMap. */
export const BY_CONFIG_MAP = "configMap";
/** Index of FtpServers by PersistentVolumeClaim. */
export const BY_CLAIM = "claim";
/** Index of FtpServers by `spec.userSources.from`. */
export const BY_USER_SOURCE = "userSource";

/** Informers for all kinds that the operator watches. */
export interface InformerSet {
  servers: Informer<FtpServer>;
  users: Informer<FtpUser>;
  services: Informer<Service>;
  statefulSets: Informer<StatefulSet>;
  pods: Informer<Pod>;
  networkPolicies: Informer<NetworkPolicy>;
  podDisruptionBudgets: Informer<PodDisruptionBudget>;
  serviceAccounts: Informer<ServiceAccount>;
  /** Secrets that contain engine configurations, including the Secret data. */
  configSecrets: Informer<Secret>;
  claims: Informer<PersistentVolumeClaim>;
  /** Metadata of all Secrets. The operator reads passwords on demand and never caches passwords. */
  secretMetadata: Informer<KubeObject>;
  /** Metadata of all ConfigMaps. A ConfigMap can contain CA certificates. */
  configMapMetadata: Informer<KubeObject>;
  /** The value is undefined in namespaced mode, because the operator then has no permission to list nodes. */
  nodes: Informer<Node> | undefined;
  /** Metadata of all namespaces, which contains the namespace labels. The value is undefined in namespaced mode. */
  namespaces: Informer<KubeObject> | undefined;
}

export interface InformerSetOptions {
  client: KubeClient;
  /**
   * Namespaces to watch. If this field is undefined, the operator watches all namespaces. The operator then also
   * watches nodes and namespace labels.
   */
  namespaces: readonly string[] | undefined;
  observer: (kind: string) => ReflectorObserver;
}

export function createInformerSet({ client, namespaces, observer }: InformerSetOptions): InformerSet {
  const informer = <T extends KubeObject>(kind: Kind, more: Partial<InformerOptions<T>> = {}): Informer<T> =>
    new Informer<T>(client, { ...kind, namespaces, observer: observer(kind.kind), ...more });
  const children = <T extends KubeObject>(kind: Kind): Informer<T> =>
    informer<T>(kind, { labelSelector: MANAGED_SELECTOR, indexes: { [BY_SERVER]: serverOfChild } });
  return {
    servers: informer<FtpServer>({ apiVersion: API_VERSION, kind: KIND }, { indexes: SERVER_INDEXES }),
    users: informer<FtpUser>(
      { apiVersion: API_VERSION, kind: USER_KIND },
      { indexes: { [BY_SERVER]: (user) => [serverOfUser(user)], [BY_SECRET]: passwordSecretOf } },
    ),
    services: children({ apiVersion: "v1", kind: "Service" }),
    statefulSets: children({ apiVersion: "apps/v1", kind: "StatefulSet" }),
    pods: children({ apiVersion: "v1", kind: "Pod" }),
    networkPolicies: children({ apiVersion: "networking.k8s.io/v1", kind: "NetworkPolicy" }),
    podDisruptionBudgets: children({ apiVersion: "policy/v1", kind: "PodDisruptionBudget" }),
    serviceAccounts: children({ apiVersion: "v1", kind: "ServiceAccount" }),
    configSecrets: children({ apiVersion: "v1", kind: "Secret" }),
    claims: informer({ apiVersion: "v1", kind: "PersistentVolumeClaim" }),
    secretMetadata: informer(
      { apiVersion: "v1", kind: "Secret" },
      { metadataOnly: true, observer: observer("Secret metadata"), trim: trimMetadata },
    ),
    configMapMetadata: informer(
      { apiVersion: "v1", kind: "ConfigMap" },
      { metadataOnly: true, observer: observer("ConfigMap metadata"), trim: trimMetadata },
    ),
    nodes:
      namespaces === undefined
        ? informer<Node>({ apiVersion: "v1", kind: "Node" }, { trim: trimNode })
        : undefined,
    namespaces:
      namespaces === undefined
        ? informer({ apiVersion: "v1", kind: "Namespace" }, { metadataOnly: true, trim: trimMetadata })
        : undefined,
  };
}

/** Values that the operator computes once for all FtpServers and caches until a source object changes. */
export interface DerivedCaches {
  /** Nodes sorted by name. The value is undefined in namespaced mode. */
  nodes: (() => NodeAddresses[]) | undefined;
  namespaceLabels: () => NamespaceLabels;
}

export function derivedCachesOf({ nodes, namespaces }: InformerSet): DerivedCaches {
  return {
    nodes: nodes?.derive((list) => list.map(nodeAddresses).toSorted((a, b) => (a.name < b.name ? -1 : 1))),
    namespaceLabels:
      namespaces?.derive(
        (list) => new Map(list.map(({ metadata: { name, labels = {} } }) => [name, labels])),
      ) ?? (() => undefined),
  };
}

export function allInformers(informers: InformerSet): Informer<KubeObject>[] {
  return Object.values(informers).filter((informer) => informer !== undefined);
}

/**
 * Returns the informers for objects that only the operator creates. The list excludes PersistentVolumeClaims, because
 * users can also create PersistentVolumeClaims.
 */
export function childInformers(informers: InformerSet): Pick<Informer<KubeObject>, "addEventHandler">[] {
  const { services, statefulSets, pods, networkPolicies } = informers;
  const { podDisruptionBudgets, serviceAccounts, configSecrets } = informers;
  return [
    services,
    statefulSets,
    pods,
    networkPolicies,
    podDisruptionBudgets,
    serviceAccounts,
    configSecrets,
  ];
}

/** Returns the key of the FtpServer that an FtpUser references. */
export function serverOfUser({ metadata: { namespace = "" }, spec: { serverRef } }: FtpUser): ObjectKey {
  return `${serverRef.namespace ?? namespace}/${serverRef.name}`;
}

/** Returns the key of the FtpServer that the labels of a child contain. */
export function serverOfChild({ metadata: { namespace = "", labels } }: KubeObject): ObjectKey[] {
  const server = labels?.[INSTANCE_LABEL];
  return server === undefined ? [] : [`${namespace}/${server}`];
}

/**
 * Removes annotations. The annotation that `kubectl apply` writes contains the complete object, including the values in
 * a Secret.
 */
function trimMetadata({ apiVersion, kind, metadata }: KubeObject): KubeObject {
  const { name, namespace = "", uid = "", resourceVersion = "", labels = {} } = metadata;
  return { apiVersion, kind, metadata: { name, namespace, uid, resourceVersion, labels } };
}

/** Functions that return the keys of the objects that an FtpServer references. */
export const SERVER_INDEXES = {
  [BY_SECRET]: secretsOf,
  [BY_CONFIG_MAP]: configMapsOf,
  [BY_CLAIM]: claimsOf,
  [BY_USER_SOURCE]: userSourceOf,
};

function passwordSecretOf({ metadata: { namespace = "" }, spec }: FtpUser): ObjectKey[] {
  return spec.passwordSecretRef === undefined ? [] : [`${namespace}/${spec.passwordSecretRef.name}`];
}

function secretsOf({ metadata: { namespace = "" }, spec }: FtpServer): ObjectKey[] {
  // An older CRD version does not set all defaults.
  const { tls, users }: Partial<FtpServer["spec"]> = spec;
  const names = [
    tls?.certificateRef?.name,
    ...bucketsOf(spec).map(({ credentialsSecretRef }) => credentialsSecretRef?.name),
    ...authoritiesOf(spec, "Secret"),
    ...(users ?? []).map(({ passwordSecretRef }) => passwordSecretRef?.name),
  ];
  return names.flatMap((name): ObjectKey[] => (name === undefined ? [] : [`${namespace}/${name}`]));
}

function configMapsOf({ metadata: { namespace = "" }, spec }: FtpServer): ObjectKey[] {
  return authoritiesOf(spec, "ConfigMap").map((name): ObjectKey => `${namespace}/${name}`);
}

/** Returns the names of the Secrets or ConfigMaps from which an FtpServer reads CA certificates. */
function authoritiesOf(spec: Partial<FtpServer["spec"]>, kind: "Secret" | "ConfigMap"): string[] {
  const references = [spec.tls?.clientCertificates.caRef, ...bucketsOf(spec).map(({ caRef }) => caRef)];
  return references.flatMap((reference) => (reference?.kind === kind ? [reference.name] : []));
}

function bucketsOf({
  storage,
  additionalStorage = [],
}: Partial<FtpServer["spec"]>): FtpServerStorageObjectStorage[] {
  const all = [storage?.objectStorage, ...additionalStorage.map(({ objectStorage }) => objectStorage)];
  return all.filter((one) => one !== undefined);
}

function claimsOf({ metadata: { namespace = "", name }, spec }: FtpServer): ObjectKey[] {
  const claim = spec.storage.persistentVolumeClaim;
  const own = claim && (claim.claimName ?? childNames.persistentVolumeClaim(name));
  const names = [...(own === undefined ? [] : [own]), ...claimNamesOf(spec)];
  return names.map((one): ObjectKey => `${namespace}/${one}`);
}

/** Returns the names of the claims in `spec.additionalStorage`. An older CRD version does not set the default. */
export function claimNamesOf({ additionalStorage = [] }: Partial<FtpServer["spec"]>): string[] {
  return additionalStorage.flatMap(({ persistentVolumeClaim: claim }) => (claim ? [claim.claimName] : []));
}

function userSourceOf({ spec }: FtpServer): string[] {
  return spec.userSources === undefined ? [] : [spec.userSources.from];
}
