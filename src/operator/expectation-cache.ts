import type { KubeObject, ObjectKey } from "../api/kubernetes.ts";
import { Packer } from "../kube/store.ts";

/**
 * Number of milliseconds within which a written object must appear in a watch. After this time, plans use the object
 * from the informer cache again.
 */
export const EXPECTATION_TIMEOUT_MILLISECONDS = 10_000;

interface Expectation {
  kind: string;
  uid: string | undefined;
  resourceVersion: string | undefined;
  packed: string;
  at: number;
}

/**
 * Objects that the operator wrote and that have not appeared in a watch. A plan from outdated objects would repeat the
 * writes and could count slots incorrectly. The cache compresses the objects, because thousands of FtpServers can wait
 * for their next reconcile.
 */
export class ExpectationCache {
  readonly #byServer = new Map<ObjectKey, Map<string, Expectation>>();
  readonly #packers = new Map<string, Packer<KubeObject>>();

  /**
   * Records an object that the API server returned for a write.
   * @param now milliseconds from performance.now()
   */
  record(server: ObjectKey, object: KubeObject, now: number): void {
    const expected = this.#byServer.get(server) ?? new Map<string, Expectation>();
    const { uid, resourceVersion } = object.metadata;
    const packed = this.#packerOf(object.kind).pack(object);
    expected.set(identity(object), { kind: object.kind, uid, resourceVersion, packed, at: now });
    this.#byServer.set(server, expected);
  }

  /** Removes all expectations of a deleted FtpServer. */
  forgetServer(server: ObjectKey): void {
    this.#byServer.delete(server);
  }

  /** Removes the expectation of a deleted object. Keeps the expectation of a newer object with the same name. */
  forgetObject(server: ObjectKey, object: KubeObject): void {
    const expected = this.#byServer.get(server);
    if (expected?.get(identity(object))?.uid === object.metadata.uid) expected?.delete(identity(object));
  }

  /**
   * Returns whether a recorded object has not appeared in a watch. An object that a user deletes immediately might
   * never appear in a watch. The operator must therefore reconcile the FtpServer again after {@link
   * EXPECTATION_TIMEOUT_MILLISECONDS}.
   */
  hasPendingWrites(server: ObjectKey): boolean {
    return (this.#byServer.get(server)?.size ?? 0) > 0;
  }

  /** Returns the cached objects of one kind. Newer recorded objects replace cached objects. */
  overlay<T extends KubeObject>(server: ObjectKey, kind: string, cached: readonly T[], now: number): T[] {
    const expected = this.#byServer.get(server);
    if (expected === undefined) return [...cached];
    const merged = new Map(cached.map((object) => [identity(object), object]));
    for (const [id, written] of expected) {
      if (written.kind !== kind) continue;
      const seen = merged.get(id);
      const isExpired = now - written.at > EXPECTATION_TIMEOUT_MILLISECONDS;
      if (isExpired || (seen && !isNewer(written.resourceVersion, seen.metadata.resourceVersion)))
        expected.delete(id);
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the API server returns the kind that was applied
      else merged.set(id, this.#packerOf(kind).unpack(written.packed) as T);
    }
    if (expected.size === 0) this.#byServer.delete(server);
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

/** Resource versions are comparable as numbers (KEP-5504). */
function isNewer(a = "0", b = "0"): boolean {
  return BigInt(a) > BigInt(b);
}
