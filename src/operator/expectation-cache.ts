import type { KubeObject, ObjectKey } from "../api/kubernetes.ts";
import { Packer } from "../kube/store.ts";

/** A watch that lags by more than this has other worries; what it shows then is believed. */
export const EXPECTATION_TIMEOUT_MILLISECONDS = 10_000;

interface Written {
  kind: string;
  uid: string | undefined;
  resourceVersion: string | undefined;
  packed: string;
  at: number;
}

/**
 * Objects that were written a moment ago and that the watch has not shown yet. A plan made on copies from before its own
 * writes would repeat them, and could count slots wrongly. They are packed: in a fleet that starts, those of thousands of servers
 * wait for their next round.
 */
export class ExpectationCache {
  readonly #byServer = new Map<ObjectKey, Map<string, Written>>();
  readonly #packers = new Map<string, Packer<KubeObject>>();

  /** Remembers the API server's answers to writes for one FtpServer. */
  remember(server: ObjectKey, objects: readonly KubeObject[], now: number): void {
    const known = this.#byServer.get(server) ?? new Map<string, Written>();
    for (const object of objects) {
      const { uid, resourceVersion } = object.metadata;
      const packed = this.#packerOf(object.kind).pack(object);
      known.set(identity(object), { kind: object.kind, uid, resourceVersion, packed, at: now });
    }
    if (known.size > 0) this.#byServer.set(server, known);
  }

  /** The FtpServer is gone. */
  forget(server: ObjectKey): void {
    this.#byServer.delete(server);
  }

  /** The watch has told that an object is gone; one of its name that was written since is another one. */
  forgetObject(server: ObjectKey, object: KubeObject): void {
    const known = this.#byServer.get(server);
    if (known?.get(identity(object))?.uid === object.metadata.uid) known?.delete(identity(object));
  }

  /**
   * Whether something counts that the watch has not shown: it may never do so, where somebody deleted the object at once. After
   * {@link EXPECTATION_TIMEOUT_MILLISECONDS} it does not count any more.
   */
  hasPendingWrites(server: ObjectKey): boolean {
    return (this.#byServer.get(server)?.size ?? 0) > 0;
  }

  /** Cached objects of one kind, each replaced by what was written of it where that is newer, and new ones added. */
  overlay<T extends KubeObject>(server: ObjectKey, kind: string, cached: readonly T[], now: number): T[] {
    const known = this.#byServer.get(server);
    if (known === undefined) return [...cached];
    const merged = new Map(cached.map((object) => [identity(object), object]));
    for (const [id, written] of known) {
      if (written.kind !== kind) continue;
      const seen = merged.get(id);
      const isOld = now - written.at > EXPECTATION_TIMEOUT_MILLISECONDS;
      if (isOld || (seen && !isNewer(written.resourceVersion, seen.metadata.resourceVersion)))
        known.delete(id);
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the API server answers an apply with the kind applied
      else merged.set(id, this.#packerOf(kind).unpack(written.packed) as T);
    }
    if (known.size === 0) this.#byServer.delete(server);
    return [...merged.values()];
  }

  #packerOf(kind: string): Packer<KubeObject> {
    const packer = this.#packers.get(kind) ?? new Packer<KubeObject>();
    this.#packers.set(kind, packer);
    return packer;
  }
}

function identity({ kind, metadata: { name, namespace } }: KubeObject): string {
  return `${kind}/${namespace}/${name}`;
}

/** Resource versions compare as numbers (KEP-5504). */
function isNewer(a = "0", b = "0"): boolean {
  return BigInt(a) > BigInt(b);
}
