import type { KubeObject, ObjectKey, ObjectMeta } from "../api/kubernetes.ts";

/** A watch that lags by more than this has other worries; what it shows then is believed. */
const TRUSTED_MILLISECONDS = 10_000;

interface Written {
  object: KubeObject;
  at: number;
}

/**
 * Objects that were written a moment ago and that the watch has not shown yet. A plan made on copies from before its own
 * writes would repeat them, and could count slots wrongly.
 */
export class WrittenObjects {
  readonly #byServer = new Map<ObjectKey, Map<string, Written>>();

  /** Remembers the API server's answers to writes for one FtpServer. */
  remember(server: ObjectKey, objects: readonly KubeObject[], now: number): void {
    const known = this.#byServer.get(server) ?? new Map<string, Written>();
    for (const object of objects) known.set(identity(object), { object, at: now });
    if (known.size > 0) this.#byServer.set(server, known);
  }

  /** The FtpServer or the object is gone; what was written of it does not count any more. */
  forget(server: ObjectKey, object?: KubeObject): void {
    if (object === undefined) this.#byServer.delete(server);
    else this.#byServer.get(server)?.delete(identity(object));
  }

  /** Cached objects of one kind, each replaced by what was written of it where that is newer, and new ones added. */
  overlay<T extends KubeObject>(server: ObjectKey, kind: string, cached: readonly T[], now: number): T[] {
    const known = this.#byServer.get(server);
    if (known === undefined) return [...cached];
    const merged = new Map(cached.map((object) => [identity(object), object]));
    for (const [id, { object, at }] of known) {
      if (object.kind !== kind) continue;
      const seen = merged.get(id);
      if (now - at > TRUSTED_MILLISECONDS || (seen && !isNewer(object.metadata, seen.metadata)))
        known.delete(id);
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the API server answers an apply with the kind applied
      else merged.set(id, object as T);
    }
    if (known.size === 0) this.#byServer.delete(server);
    return [...merged.values()];
  }
}

function identity({ kind, metadata: { name, namespace } }: KubeObject): string {
  return `${kind}/${namespace}/${name}`;
}

/** Resource versions compare as numbers (KEP-5504). */
function isNewer(a: ObjectMeta, b: ObjectMeta): boolean {
  return BigInt(a.resourceVersion ?? 0) > BigInt(b.resourceVersion ?? 0);
}
