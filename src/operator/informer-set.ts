import type { FtpServer } from "../api/ftpserver.generated.ts";
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
import { canonicalJson } from "../common/canonical-json.ts";
import type { KubeClient } from "../kube/client.ts";
import { Informer, type InformerOptions } from "../kube/informer.ts";
import type { Change, ReflectorObserver } from "../kube/reflector.ts";
import { keyOf } from "../kube/store.ts";
import type { Kind } from "../kube/resources.ts";
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
import type { NamespaceLabels } from "../plan/accounts/admission.ts";
import type { NodeAddresses } from "../plan/model/observed.ts";
import { type Node, nodeAddresses, sameAddresses, trimNode } from "./nodes.ts";

/** What selects everything the operator has made, and nothing else. */
const MANAGED_SELECTOR = formatSelector({ [MANAGED_BY_LABEL]: FIELD_MANAGER });

/** Index of children by the FtpServer they belong to. */
export const BY_SERVER = "server";
/** Index of FtpServers by the Secrets they name. */
const BY_SECRET = "secret";
/** Index of FtpServers by the ConfigMap with their client CAs. */
const BY_CONFIG_MAP = "configMap";
/** Index of FtpServers by the claim they name or make. */
const BY_CLAIM = "claim";

/** Index of FtpServers by where they take FtpUsers from. */
const BY_USER_SOURCE = "userSource";

/** Every kind that the operator caches. */
export interface InformerSet {
  servers: Informer<FtpServer>;
  users: Informer<FtpUser>;
  services: Informer<Service>;
  statefulSets: Informer<StatefulSet>;
  pods: Informer<Pod>;
  networkPolicies: Informer<NetworkPolicy>;
  podDisruptionBudgets: Informer<PodDisruptionBudget>;
  serviceAccounts: Informer<ServiceAccount>;
  /** The engines' configs, whole. */
  configSecrets: Informer<Secret>;
  claims: Informer<PersistentVolumeClaim>;
  /** All Secrets, but only their metadata: a password is read when it is needed, and never kept. */
  secretMetadata: Informer<KubeObject>;
  /** Metadata of all ConfigMaps, which can hold the CAs of client certificates. */
  configMapMetadata: Informer<KubeObject>;
  /** Undefined in namespaced mode, where nodes may not be read. */
  nodes: Informer<Node> | undefined;
  /** Metadata alone, for their labels. Undefined in namespaced mode, too. */
  namespaces: Informer<KubeObject> | undefined;
}

export interface InformerSetOptions {
  client: KubeClient;
  /** Undefined: all namespaces, and nodes too. */
  namespaces: readonly string[] | undefined;
  observer: (kind: string) => ReflectorObserver;
}

export function createInformerSet({ client, namespaces, observer }: InformerSetOptions): InformerSet {
  const informer = <T extends KubeObject>(kind: Kind, more: Partial<InformerOptions<T>> = {}): Informer<T> =>
    new Informer<T>(client, { ...kind, namespaces, observer: observer(kind.kind), ...more });
  const children = <T extends KubeObject>(kind: Kind): Informer<T> =>
    informer<T>(kind, { labelSelector: MANAGED_SELECTOR, indexes: { [BY_SERVER]: serverOf } });
  return {
    servers: informer<FtpServer>(
      { apiVersion: API_VERSION, kind: KIND },
      {
        indexes: {
          [BY_SECRET]: secretsOf,
          [BY_CONFIG_MAP]: configMapsOf,
          [BY_CLAIM]: claimsOf,
          [BY_USER_SOURCE]: userSourceOf,
        },
      },
    ),
    users: informer<FtpUser>(
      { apiVersion: API_VERSION, kind: USER_KIND },
      { indexes: { [BY_SERVER]: (user) => [serverKeyOf(user)], [BY_SECRET]: passwordSecretOf } },
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
      { metadataOnly: true, observer: observer("Secret metadata"), trim: identityAlone },
    ),
    configMapMetadata: informer(
      { apiVersion: "v1", kind: "ConfigMap" },
      { metadataOnly: true, observer: observer("ConfigMap metadata"), trim: identityAlone },
    ),
    nodes:
      namespaces === undefined
        ? informer<Node>({ apiVersion: "v1", kind: "Node" }, { trim: trimNode })
        : undefined,
    namespaces:
      namespaces === undefined
        ? informer({ apiVersion: "v1", kind: "Namespace" }, { metadataOnly: true, trim: identityAlone })
        : undefined,
  };
}

/** What many servers look at, made once for all of them. */
export interface DerivedCaches {
  /** By name. Undefined in namespaced mode. */
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

/** All informers of a informers. */
export function allInformers(informers: InformerSet): Informer<KubeObject>[] {
  return Object.values(informers).filter((informer) => informer !== undefined);
}

/** Who wants to know of changes. */
export interface ChangeHandler {
  /** A change may concern this FtpServer. */
  enqueue: (server: ObjectKey) => void;
  /** A child of this FtpServer is gone. */
  childDeleted: (server: ObjectKey, child: KubeObject) => void;
}

/** Tells of every change that may concern an FtpServer; of one that concerns many, once for a whole list. */
export function addChangeHandler(informers: InformerSet, { enqueue, childDeleted }: ChangeHandler): void {
  const { servers, users, nodes, namespaces, claims, secretMetadata, configMapMetadata, ...children } =
    informers;
  servers.onChange(({ object }) => enqueue(keyOf(object)));
  for (const informer of Object.values(children)) {
    informer.onChange(({ type, object, old }: Change<KubeObject>) => {
      for (const key of serverOf(object)) {
        if (type === "Deleted") childDeleted(key, object);
        enqueue(key);
      }
      // Somebody may have changed the label.
      if (old !== undefined) for (const key of serverOf(old)) enqueue(key);
    });
  }
  const enqueueUsers = (index: string) => (change: { object: KubeObject }) => {
    for (const server of servers.findKeys(index, keyOf(change.object))) enqueue(server);
  };
  secretMetadata.onChange(enqueueUsers(BY_SECRET));
  configMapMetadata.onChange(enqueueUsers(BY_CONFIG_MAP));
  secretMetadata.onChange(({ object: { metadata } }) => {
    const accounts = users.find(BY_SECRET, `${metadata.namespace ?? ""}/${metadata.name}`);
    for (const account of accounts) enqueue(serverKeyOf(account));
  });
  users.onChange(({ type, object, old }) => {
    if (type === "Deleted") childDeleted(serverKeyOf(object), object);
    enqueue(serverKeyOf(object));
    if (old !== undefined) enqueue(serverKeyOf(old));
  });
  const enqueueSelecting = oncePerTurn(() => servers.findKeys(BY_USER_SOURCE, "Selector").forEach(enqueue));
  namespaces?.onChange(({ object, old }) => {
    if (old !== undefined && canonicalJson(object.metadata.labels) === canonicalJson(old.metadata.labels))
      return;
    enqueueSelecting();
  });
  claims.onChange(enqueueUsers(BY_CLAIM));
  const enqueueAll = oncePerTurn(() => servers.keys().forEach(enqueue));
  nodes?.onChange(({ object, old }) => {
    if (old === undefined || !sameAddresses(object, old)) enqueueAll();
  });
}

/** A list tells of hundreds of objects in one go: for what concerns many servers, once is enough. */
function oncePerTurn(task: () => void): () => void {
  let isDue = false;
  return () => {
    if (isDue) return;
    isDue = true;
    setImmediate(() => {
      isDue = false;
      task();
    });
  };
}

/** The server that an FtpUser is for. */
export function serverKeyOf({ metadata: { namespace = "" }, spec: { serverRef } }: FtpUser): ObjectKey {
  return `${serverRef.namespace ?? namespace}/${serverRef.name}`;
}

/** Annotations may be long, and that of `kubectl apply` holds the whole object, a Secret's values included. */
function identityAlone({ apiVersion, kind, metadata }: KubeObject): KubeObject {
  const { name, namespace = "", uid = "", resourceVersion = "", labels = {} } = metadata;
  return { apiVersion, kind, metadata: { name, namespace, uid, resourceVersion, labels } };
}

function passwordSecretOf({ metadata: { namespace = "" }, spec }: FtpUser): ObjectKey[] {
  return spec.passwordSecretRef === undefined ? [] : [`${namespace}/${spec.passwordSecretRef.name}`];
}

function serverOf({ metadata: { namespace = "", labels } }: KubeObject): ObjectKey[] {
  const server = labels?.[INSTANCE_LABEL];
  return server === undefined ? [] : [`${namespace}/${server}`];
}

function secretsOf({ metadata: { namespace = "" }, spec }: FtpServer): ObjectKey[] {
  // A CRD older than this operator fills in no default.
  const { tls, users }: Partial<FtpServer["spec"]> = spec;
  const caRef = tls?.clientCertificates.caRef;
  const names = [
    tls?.certificateRef?.name,
    caRef?.kind === "Secret" ? caRef.name : undefined,
    ...(users ?? []).map(({ passwordSecretRef }) => passwordSecretRef?.name),
  ];
  return names.flatMap((name): ObjectKey[] => (name === undefined ? [] : [`${namespace}/${name}`]));
}

function configMapsOf({ metadata: { namespace = "" }, spec }: FtpServer): ObjectKey[] {
  const { tls }: Partial<FtpServer["spec"]> = spec;
  const caRef = tls?.clientCertificates.caRef;
  return caRef?.kind === "ConfigMap" ? [`${namespace}/${caRef.name}`] : [];
}

function userSourceOf({ spec }: FtpServer): string[] {
  return spec.userSources === undefined ? [] : [spec.userSources.from];
}

function claimsOf({ metadata: { namespace = "", name }, spec }: FtpServer): ObjectKey[] {
  const claim = spec.storage.persistentVolumeClaim;
  if (claim === undefined) return [];
  return [`${namespace}/${claim.claimName ?? childNames.persistentVolumeClaim(name)}`];
}
