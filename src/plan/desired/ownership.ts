import type { FtpServer } from "../../api/ftpserver.generated.ts";
import type { KubeObject } from "../../api/kubernetes.ts";
import { KIND, serverLabels } from "../../api/names.ts";
import type { Children } from "../model/observed.ts";

/** Children of an FtpServer, and other objects with the name of a child. */
export interface Ownership {
  children: Children;
  /** Objects that have the name of a desired child but another controller. The plan never changes these objects. */
  notControlled: readonly KubeObject[];
  /**
   * Objects in `notControlled`, except orphans of a deleted FtpServer with the same name. The garbage collector removes
   * orphans.
   */
  conflicts: readonly KubeObject[];
}

/**
 * Separates the children of an FtpServer from other objects. All pods count as children, because every pod owns passive
 * ports.
 */
export function classifyChildren(server: FtpServer, observed: Children): Ownership {
  const notControlled: KubeObject[] = [];
  const own = <T extends KubeObject>(child: T): T[] => {
    if (isOwn(server, child)) return [child];
    if (isDesired(server, child)) notControlled.push(child);
    return [];
  };
  const { statefulSets, pods, ...single } = observed;
  const ownSingle = Object.fromEntries(
    Object.entries(single).filter(([, child]) => child !== undefined && own(child).length > 0),
  );
  const children: Children = { ...ownSingle, statefulSets: statefulSets.flatMap(own), pods };
  const conflicts = notControlled.filter((object) => !isOrphan(server, object));
  return { children, notControlled, conflicts };
}

function isOwn(server: FtpServer, child: KubeObject): boolean {
  const controller = controllerOf(child);
  if (child.kind !== "PersistentVolumeClaim") return controller?.uid === server.metadata.uid;
  if (server.spec.storage.persistentVolumeClaim?.claimName === child.metadata.name) return true;
  return controller === undefined ? hasServerLabels(server, child) : controller.uid === server.metadata.uid;
}

/**
 * Returns whether the operator created a PersistentVolumeClaim for an earlier FtpServer with the same name. The new
 * FtpServer uses the claim and the files on its volume.
 */
function hasServerLabels({ metadata }: FtpServer, claim: KubeObject): boolean {
  const labels = claim.metadata.labels ?? {};
  return Object.entries(serverLabels(metadata.name)).every(([key, value]) => labels[key] === value);
}

/**
 * Returns whether the FtpServer requires a child with this name. Other owners can use the name of a child that is not
 * desired.
 */
function isDesired({ spec }: FtpServer, { kind }: KubeObject): boolean {
  switch (kind) {
    case "NetworkPolicy":
      return spec.networkPolicy.mode === "Managed";
    case "PersistentVolumeClaim":
      return spec.storage.persistentVolumeClaim?.create !== undefined;
    case "ServiceAccount":
      return spec.pod.serviceAccountName === undefined;
    default:
      return true;
  }
}

function isOrphan({ metadata: { name } }: FtpServer, child: KubeObject): boolean {
  const owner = controllerOf(child);
  return owner?.kind === KIND && owner.name === name;
}

function controllerOf(object: KubeObject): { kind: string; name: string; uid: string } | undefined {
  return object.metadata.ownerReferences?.find(({ controller }) => controller === true);
}
