import { setTimeout as sleep } from "node:timers/promises";
import type { KubeObject, ObjectRef } from "../api/kubernetes.ts";
import { microTime } from "../common/times.ts";
import type { KubeClient } from "./client.ts";
import { KubeError, type KubeErrorReason } from "./errors.ts";

/** Fields of a `coordination.k8s.io/v1` Lease that leader election uses. */
export interface Lease extends KubeObject {
  spec: {
    holderIdentity?: string;
    leaseDurationSeconds?: number;
    acquireTime?: string;
    renewTime?: string;
    leaseTransitions?: number;
  };
}

/** Durations for leader election, with the same meaning as in client-go. */
export interface LeaderElectionConfig {
  /** Time in seconds that other candidates wait after the last observed renewal before they acquire the Lease. */
  leaseDurationSeconds: number;
  /**
   * Time in seconds without a successful renewal after which the leader stops. Must be shorter than
   * `leaseDurationSeconds`.
   */
  renewDeadlineSeconds: number;
  retryPeriodSeconds: number;
}

/**
 * Version of the Lease and the time at which this process first observed this version. The elector does not depend on
 * the clocks of other machines.
 */
interface ObservedLease {
  lease: Lease;
  /** Time of the first observation in milliseconds, from `performance.now()`. */
  at: number;
}

const LOST_RACE: ReadonlySet<KubeErrorReason> = new Set(["Conflict", "AlreadyExists"]);

/** Candidate for one Lease, similar to the LeaderElector in client-go. */
export class LeaderElector {
  readonly #client: KubeClient;
  readonly #ref: ObjectRef;
  readonly #identity: string;
  readonly #config: LeaderElectionConfig;
  readonly #onError: (error: KubeError) => void;
  readonly #onOtherLeader: (identity: string) => void;
  readonly #releasing = new AbortController();
  #observed: ObservedLease | undefined;
  #renewal: Promise<void> = Promise.resolve();
  #lastReportedError = "";
  #lastReportedLeader = "";

  constructor(options: {
    client: KubeClient;
    name: string;
    namespace: string;
    /** Identity of this candidate, which must be unique among all candidates. */
    identity: string;
    config: LeaderElectionConfig;
    /**
     * Receives errors from reads and writes of the Lease, each message only once. A conflict with another candidate is
     * not an error.
     */
    onError?: (error: KubeError) => void;
    /** Receives the identity of each leader once while this candidate waits. */
    onOtherLeader?: (identity: string) => void;
  }) {
    this.#client = options.client;
    this.#ref = {
      apiVersion: "coordination.k8s.io/v1",
      kind: "Lease",
      name: options.name,
      namespace: options.namespace,
    };
    this.#identity = options.identity;
    this.#config = options.config;
    this.#onError = options.onError ?? (() => undefined);
    this.#onOtherLeader = options.onOtherLeader ?? (() => undefined);
  }

  /**
   * Waits until this candidate holds the Lease. Then renews the Lease in the background.
   * @returns signal that aborts when the Lease is lost, or undefined if `signal` aborts first
   */
  async acquire(signal: AbortSignal): Promise<AbortSignal | undefined> {
    while (!signal.aborted) {
      const startedAt = performance.now();
      if (await this.#tryAcquireOrRenew(signal)) {
        const lost = new AbortController();
        this.#renewal = this.#renew(lost, startedAt, AbortSignal.any([signal, this.#releasing.signal]));
        return lost.signal;
      }
      this.#reportLeader();
      await this.#pause(signal);
    }
    return undefined;
  }

  /**
   * Stops the renewal and clears the holder, so that another candidate can acquire the Lease immediately. Never
   * rejects.
   */
  async release(): Promise<void> {
    this.#releasing.abort();
    await this.#renewal;
    // The elector reads the Lease again, because an aborted renewal may have succeeded.
    const held = await this.#client.get<Lease>(this.#ref).catch(() => undefined);
    if (held === undefined || !this.#isOwn(held)) return;
    const spec = {
      ...held.spec,
      holderIdentity: "",
      leaseDurationSeconds: 1,
      renewTime: microTime(this.#client.clock.now()),
    };
    await this.#client.update<Lease>({ ...held, spec }).catch(() => undefined);
  }

  /**
   * Renews the Lease. Aborts `lost` when no renewal has succeeded within the renew deadline, or when another candidate
   * holds the Lease.
   * @param renewedAt start time of the last successful attempt, which is the earliest time at which other candidates
   * could have observed the renewal
   */
  async #renew(lost: AbortController, renewedAt: number, signal: AbortSignal): Promise<void> {
    const { renewDeadlineSeconds, retryPeriodSeconds } = this.#config;
    let last = renewedAt;
    while (!signal.aborted) {
      const deadline = last + renewDeadlineSeconds * 1000;
      await this.#pause(signal, Math.min(retryPeriodSeconds * 1000, deadline - performance.now()));
      if (signal.aborted) return;
      const startedAt = performance.now();
      const left = Math.floor(deadline - startedAt);
      const attempt = (): Promise<boolean> =>
        this.#tryAcquireOrRenew(AbortSignal.any([signal, AbortSignal.timeout(left)]));
      if (left > 0 && (await attempt())) last = startedAt;
      else if (signal.aborted) return;
      else if (performance.now() + 1 >= deadline || this.#hasOtherHolder())
        return lost.abort(new Error("lease lost"));
    }
  }

  #pause(signal: AbortSignal, milliseconds = this.#config.retryPeriodSeconds * 1000): Promise<void> {
    return sleep(Math.max(milliseconds, 0), undefined, { signal }).catch(() => undefined);
  }

  /** Tries to acquire or renew the Lease. Returns whether this candidate holds the Lease after the attempt. */
  async #tryAcquireOrRenew(signal: AbortSignal): Promise<boolean> {
    try {
      const lease = await this.#client.get<Lease>(this.#ref, { signal });
      if (lease.metadata.resourceVersion !== this.#observed?.lease.metadata.resourceVersion) {
        this.#observed = { lease, at: performance.now() };
      }
      if (!this.#isOwn(lease) && !this.#isAvailable()) return false;
      return await this.#write(
        this.#client.update<Lease>({ ...lease, spec: this.#renewedSpec(lease) }, { signal }),
      );
    } catch (error) {
      if (!(error instanceof KubeError) || error.reason !== "NotFound") return this.#failed(error);
      const { apiVersion, kind, name, namespace } = this.#ref;
      const lease = {
        apiVersion,
        kind,
        metadata: { name, namespace: namespace ?? "" },
        spec: this.#renewedSpec(undefined),
      };
      return this.#write(this.#client.create<Lease>(lease, { signal }));
    }
  }

  async #write(call: Promise<Lease>): Promise<boolean> {
    try {
      this.#observed = { lease: await call, at: performance.now() };
      this.#lastReportedError = "";
      return true;
    } catch (error) {
      return this.#failed(error);
    }
  }

  #failed(error: unknown): false {
    if (!(error instanceof KubeError) || LOST_RACE.has(error.reason) || error.reason === "Aborted")
      return false;
    if (error.message !== this.#lastReportedError) this.#onError(error);
    this.#lastReportedError = error.message;
    return false;
  }

  #reportLeader(): void {
    const holder = this.#observed?.lease.spec.holderIdentity;
    if (!holder || holder === this.#lastReportedLeader || this.#isAvailable()) return;
    this.#lastReportedLeader = holder;
    this.#onOtherLeader(holder);
  }

  #isOwn({ spec }: Lease): boolean {
    return spec.holderIdentity === this.#identity;
  }

  #hasOtherHolder(): boolean {
    return this.#observed !== undefined && !this.#isOwn(this.#observed.lease);
  }

  /**
   * Returns whether the Lease was released or has expired. The Lease expires when this candidate has observed no
   * renewal for the lease duration, according to the local clock.
   */
  #isAvailable(): boolean {
    if (this.#observed === undefined) return true;
    const { lease, at } = this.#observed;
    if (!lease.spec.holderIdentity) return true;
    const seconds = lease.spec.leaseDurationSeconds ?? this.#config.leaseDurationSeconds;
    return performance.now() - at > seconds * 1000;
  }

  #renewedSpec(old: Lease | undefined): Lease["spec"] {
    const now = microTime(this.#client.clock.now());
    const isOwn = old !== undefined && this.#isOwn(old);
    return {
      holderIdentity: this.#identity,
      leaseDurationSeconds: this.#config.leaseDurationSeconds,
      acquireTime: isOwn ? (old.spec.acquireTime ?? now) : now,
      renewTime: now,
      leaseTransitions: (old?.spec.leaseTransitions ?? 0) + (isOwn || old === undefined ? 0 : 1),
    };
  }
}
