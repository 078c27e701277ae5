import type { KubeObject, ObjectKey } from "../api/kubernetes.ts";
import { canonicalJson } from "../common/json.ts";
import type { Change } from "../kube/reflector.ts";
import { keyOf } from "../kube/store.ts";
import {
  BY_CLAIM,
  BY_CONFIG_MAP,
  BY_SECRET,
  BY_USER_SOURCE,
  childInformers,
  type InformerSet,
  serverOfChild,
  serverOfUser,
} from "./informer-set.ts";
import { sameAddresses } from "./nodes.ts";

export interface ChangeHandler {
  /** Called when a change can affect this FtpServer. */
  enqueue: (server: ObjectKey) => void;
  /** Called when a child of this FtpServer, or an FtpUser that references this FtpServer, was deleted. */
  childDeleted: (server: ObjectKey, child: KubeObject) => void;
}

/** Calls the handler for every FtpServer that a change to a watched object can affect. */
export function addChangeHandler(informers: InformerSet, handler: ChangeHandler): void {
  informers.servers.addEventHandler(({ object }) => handler.enqueue(keyOf(object)));
  handleChildren(informers, handler);
  handleUsers(informers, handler);
  handleReferences(informers, handler);
  handleClusterObjects(informers, handler);
}

function handleChildren(informers: InformerSet, { enqueue, childDeleted }: ChangeHandler): void {
  const handle = ({ type, object, old }: Change<KubeObject>): void => {
    for (const key of serverOfChild(object)) {
      if (type === "Deleted") childDeleted(key, object);
      enqueue(key);
    }
    // If the label with the FtpServer name changed, the previous FtpServer also requires a reconcile.
    if (old !== undefined) for (const key of serverOfChild(old)) enqueue(key);
  };
  for (const informer of childInformers(informers)) informer.addEventHandler(handle);
}

function handleUsers({ users }: InformerSet, { enqueue, childDeleted }: ChangeHandler): void {
  users.addEventHandler(({ type, object, old }) => {
    if (type === "Deleted") childDeleted(serverOfUser(object), object);
    enqueue(serverOfUser(object));
    if (old !== undefined) enqueue(serverOfUser(old));
  });
}

/** Handles changes to Secrets, ConfigMaps and PersistentVolumeClaims that FtpServers and FtpUsers reference. */
function handleReferences(informers: InformerSet, { enqueue }: ChangeHandler): void {
  const { servers, users, claims, secretMetadata, configMapMetadata } = informers;
  const enqueueServers =
    (index: string) =>
    ({ object }: { object: KubeObject }): void => {
      for (const server of servers.indexKeys(index, keyOf(object))) enqueue(server);
    };
  secretMetadata.addEventHandler(enqueueServers(BY_SECRET));
  configMapMetadata.addEventHandler(enqueueServers(BY_CONFIG_MAP));
  claims.addEventHandler(enqueueServers(BY_CLAIM));
  secretMetadata.addEventHandler(({ object }) => {
    for (const user of users.byIndex(BY_SECRET, keyOf(object))) enqueue(serverOfUser(user));
  });
}

/** Handles changes to nodes and namespaces. One change can affect many FtpServers. */
function handleClusterObjects({ servers, nodes, namespaces }: InformerSet, { enqueue }: ChangeHandler): void {
  const enqueueSelecting = oncePerTick(() => servers.indexKeys(BY_USER_SOURCE, "Selector").forEach(enqueue));
  namespaces?.addEventHandler(({ object, old }) => {
    const labels = canonicalJson(object.metadata.labels);
    if (old === undefined || labels !== canonicalJson(old.metadata.labels)) enqueueSelecting();
  });
  const enqueueAll = oncePerTick(() => servers.listKeys().forEach(enqueue));
  nodes?.addEventHandler(({ object, old }) => {
    if (old === undefined || !sameAddresses(object, old)) enqueueAll();
  });
}

/**
 * Returns a function that runs the task once in the next event-loop tick. A list can report hundreds of changes in one
 * tick.
 */
function oncePerTick(task: () => void): () => void {
  let isScheduled = false;
  return () => {
    if (isScheduled) return;
    isScheduled = true;
    setImmediate(() => {
      isScheduled = false;
      task();
    });
  };
}
