import { setTimeout as sleep } from "node:timers/promises";
import type { KubeObject, ObjectRef } from "../api/kubernetes.ts";
import type { KubeClient } from "./client.ts";
import { KubeError, type KubeErrorReason } from "./errors.ts";
import { microTime } from "../common/times.ts";

/** `coordination.k8s.io/v1` Lease, as far as an election uses it. */
export interface Lease extends KubeObject {
  spec: {
    holderIdentity?: string;
    leaseDurationSeconds?: number;
    acquireTime?: string;
    renewTime?: string;
    leaseTransitions?: number;
  };
}

export interface LeaderElectionConfig {
  /** Others wait this long after the last renewal they saw. */
  leaseSeconds: number;
  /** The holder gives up when it could not renew for this long; shorter than leaseSeconds. */
  renewDeadlineSeconds: number;
  retrySeconds: number;
}

/** What was last seen of the Lease, by our own clock: other machines' clocks are never trusted. */
interface Sighting {
  lease: Lease;
  /** When this version was first seen, in milliseconds of performance.now(). */
  at: number;
}

const OTHER_WAS_FASTER: ReadonlySet<KubeErrorReason> = new Set(["Conflict", "AlreadyExists"]);

/** One candidate for one Lease. */
export class LeaderElector {
  readonly #client: KubeClient;
  readonly #ref: ObjectRef;
  readonly #identity: string;
  readonly #limits: LeaderElectionConfig;
  #seen: Sighting | undefined;
  readonly #stopping = new AbortController();
  readonly #onFailure: (error: KubeError) => void;
  readonly #onWait: (holder: string) => void;
  #told = "";
  #toldHolder = "";
  #keeping: Promise<void> = Promise.resolve();

  constructor(options: {
    client: KubeClient;
    name: string;
    namespace: string;
    /** Unique among candidates, for instance the pod's name. */
    identity: string;
    /** Hears why the Lease can neither be read nor written, once for each reason; that another candidate has it is none. */
    onFailure?: (error: KubeError) => void;
    /** Hears which candidate has the Lease that this one waits for, once for each. */
    onWait?: (holder: string) => void;
    limits: LeaderElectionConfig;
  }) {
    this.#client = options.client;
    this.#ref = {
      apiVersion: "coordination.k8s.io/v1",
      kind: "Lease",
      name: options.name,
      namespace: options.namespace,
    };
    this.#identity = options.identity;
    this.#onFailure = options.onFailure ?? (() => undefined);
    this.#onWait = options.onWait ?? (() => undefined);
    this.#limits = options.limits;
  }

  /**
   * Waits until the Lease is ours.
   * @returns a signal that aborts when it was lost; `undefined` when `signal` aborted first
   */
  async acquire(signal: AbortSignal): Promise<AbortSignal | undefined> {
    while (!signal.aborted) {
      const startedAt = performance.now();
      if (await this.#attempt(signal)) {
        const lost = new AbortController();
        this.#keeping = this.#keep(lost, startedAt, AbortSignal.any([signal, this.#stopping.signal]));
        return lost.signal;
      }
      this.#tellHolder();
      await this.#pause(signal);
    }
    return undefined;
  }

  /** Gives the Lease back, so that another candidate need not wait for its end; this one is over. Never rejects. */
  async release(): Promise<void> {
    this.#stopping.abort();
    await this.#keeping;
    // Read anew: a renewal that was cut short may have happened.
    const held = await this.#client.get<Lease>(this.#ref).catch(() => undefined);
    if (held === undefined || !this.#isOurs(held)) return;
    const spec = {
      ...held.spec,
      holderIdentity: "",
      leaseDurationSeconds: 1,
      renewTime: microTime(this.#client.clock.now()),
    };
    await this.#client.update<Lease>({ ...held, spec }).catch(() => undefined);
  }

  /**
   * Renews until it fails for too long.
   * @param renewedAt start of the last attempt that succeeded: others may have seen it since then, however late its answer came
   */
  async #keep(lost: AbortController, renewedAt: number, signal: AbortSignal): Promise<void> {
    const { renewDeadlineSeconds, retrySeconds } = this.#limits;
    let last = renewedAt;
    while (!signal.aborted) {
      const deadline = last + renewDeadlineSeconds * 1000;
      await this.#pause(signal, Math.min(retrySeconds * 1000, deadline - performance.now()));
      if (signal.aborted) return;
      const startedAt = performance.now();
      const left = Math.floor(deadline - startedAt);
      const renewed = left > 0 && (await this.#attempt(AbortSignal.any([signal, AbortSignal.timeout(left)])));
      if (renewed) last = startedAt;
      else if (signal.aborted) return;
      else if (performance.now() + 1 >= deadline || this.#heldByOther())
        return lost.abort(new Error("the Lease was lost"));
    }
  }

  #pause(signal: AbortSignal, milliseconds = this.#limits.retrySeconds * 1000): Promise<void> {
    return sleep(Math.max(milliseconds, 0), undefined, { signal }).catch(() => undefined);
  }

  /** Takes or renews the Lease. @returns whether it is ours */
  async #attempt(signal: AbortSignal): Promise<boolean> {
    try {
      const lease = await this.#client.get<Lease>(this.#ref, { signal });
      if (lease.metadata.resourceVersion !== this.#seen?.lease.metadata.resourceVersion) {
        this.#seen = { lease, at: performance.now() };
      }
      if (!this.#isOurs(lease) && !this.#hasEnded()) return false;
      return await this.#write(
        this.#client.update<Lease>({ ...lease, spec: this.#renewed(lease) }, { signal }),
      );
    } catch (error) {
      if (!(error instanceof KubeError) || error.reason !== "NotFound") return this.#failed(error);
      const { apiVersion, kind, name, namespace } = this.#ref;
      const lease = {
        apiVersion,
        kind,
        metadata: { name, namespace: namespace ?? "" },
        spec: this.#renewed(undefined),
      };
      return this.#write(this.#client.create<Lease>(lease, { signal }));
    }
  }

  async #write(call: Promise<Lease>): Promise<boolean> {
    try {
      this.#seen = { lease: await call, at: performance.now() };
      this.#told = "";
      return true;
    } catch (error) {
      return this.#failed(error);
    }
  }

  #failed(error: unknown): false {
    if (!(error instanceof KubeError) || OTHER_WAS_FASTER.has(error.reason) || error.reason === "Aborted")
      return false;
    if (error.message !== this.#told) this.#onFailure(error);
    this.#told = error.message;
    return false;
  }

  #tellHolder(): void {
    const holder = this.#seen?.lease.spec.holderIdentity;
    if (!holder || holder === this.#toldHolder || this.#hasEnded()) return;
    this.#toldHolder = holder;
    this.#onWait(holder);
  }

  #isOurs({ spec }: Lease): boolean {
    return spec.holderIdentity === this.#identity;
  }

  #heldByOther(): boolean {
    return this.#seen !== undefined && !this.#isOurs(this.#seen.lease);
  }

  /** Given back, or not renewed for its whole duration by our clock. */
  #hasEnded(): boolean {
    if (this.#seen === undefined) return true;
    const { lease, at } = this.#seen;
    if (!lease.spec.holderIdentity) return true;
    return performance.now() - at > (lease.spec.leaseDurationSeconds ?? this.#limits.leaseSeconds) * 1000;
  }

  #renewed(old: Lease | undefined): Lease["spec"] {
    const now = microTime(this.#client.clock.now());
    const ours = old !== undefined && this.#isOurs(old);
    return {
      holderIdentity: this.#identity,
      leaseDurationSeconds: this.#limits.leaseSeconds,
      acquireTime: ours ? (old.spec.acquireTime ?? now) : now,
      renewTime: now,
      leaseTransitions: (old?.spec.leaseTransitions ?? 0) + (ours || old === undefined ? 0 : 1),
    };
  }
}
