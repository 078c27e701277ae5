import { KIND, serverLabels } from "../../api/names.ts";
import type { KubeObject } from "../../api/kubernetes.ts";
import type { Blocker } from "../conditions/summary.ts";
import type { Children } from "../model/observed.ts";
import type { FtpServer } from "../../api/ftpserver.generated.ts";

/** Children that are this server's, and objects that only have the name of one. */
export interface Ownership {
  children: Children;
  /** Taken names; nothing may be applied to them. */
  foreign: readonly KubeObject[];
  /** Undefined when the foreign objects are leftovers of a deleted FtpServer of this name, which go by themselves. */
  blocker: Blocker | undefined;
}

/** Tells own children from others. Pods count in any case: whoever made them, they hold ports. */
export function classifyChildren(server: FtpServer, children: Children): Ownership {
  const foreign: KubeObject[] = [];
  const own = <T extends KubeObject>(child: T): T[] => {
    if (isOwn(server, child)) return [child];
    if (isDesired(server, child)) foreign.push(child);
    return [];
  };
  const { statefulSets, pods, ...single } = children;
  const ours = Object.fromEntries(
    Object.entries(single).filter(([, child]) => child !== undefined && own(child).length > 0),
  );
  const sorted: Children = { ...ours, statefulSets: statefulSets.flatMap(own), pods };
  const blocking = foreign.filter((object) => !isOrphan(server, object));
  return { children: sorted, foreign, blocker: blocking.length === 0 ? undefined : nameTaken(blocking) };
}

function isOwn(server: FtpServer, child: KubeObject): boolean {
  const controller = controllerOf(child);
  if (child.kind !== "PersistentVolumeClaim") return controller?.uid === server.metadata.uid;
  if (server.spec.storage.persistentVolumeClaim?.claimName === child.metadata.name) return true;
  return controller === undefined ? wasMadeFor(server, child) : controller.uid === server.metadata.uid;
}

/** Whether it has the labels of a child: a claim with files that an earlier server of this name left behind. */
function wasMadeFor({ metadata }: FtpServer, claim: KubeObject): boolean {
  const labels = claim.metadata.labels ?? {};
  return Object.entries(serverLabels(metadata.name)).every(([key, value]) => labels[key] === value);
}

/** Whose name nothing of ours shall have is free to others. */
function isDesired({ spec }: FtpServer, { kind }: KubeObject): boolean {
  switch (kind) {
    case "NetworkPolicy":
      return spec.networkPolicy.mode === "Managed";
    case "PersistentVolumeClaim":
      return spec.storage.persistentVolumeClaim?.create !== undefined;
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

function nameTaken(objects: readonly KubeObject[]): Blocker {
  const names = objects.map(({ kind, metadata }) => `${kind} ${metadata.name}`).join(", ");
  return {
    reason: "NameTaken",
    message: `${names} already exists and does not belong to this FtpServer. Delete or rename it, or rename the FtpServer.`,
  };
}
