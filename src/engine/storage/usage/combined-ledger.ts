import type { EngineError } from "../../errors.ts";
import type { Usage } from "../storage.ts";
import type { SpaceLimit } from "./space-limit.ts";
import type { EndMove, Growth, Reservation, UsageLedger } from "./usage-ledger.ts";

/** Usage ledger for a home that has a quota and is on a volume with a space limit. */
export class CombinedLedger implements UsageLedger {
  readonly #quota: UsageLedger;
  readonly #space: UsageLedger;

  constructor(quota: UsageLedger, space: SpaceLimit) {
    this.#quota = quota;
    this.#space = space;
  }

  get isExact(): boolean {
    return this.#quota.isExact;
  }

  async available(): Promise<number> {
    return Math.min(await this.#quota.available(), await this.#space.available());
  }

  ready(): Promise<void> | undefined {
    return this.#quota.ready();
  }

  exclusively<T>(change: () => Promise<T>): Promise<T> {
    return this.#quota.exclusively(change);
  }

  async reserve(growth: Growth): Promise<Reservation | undefined> {
    const quota = await this.#quota.reserve(growth);
    try {
      const space = await this.#space.reserve(growth);
      return quota && space ? new CombinedReservation(quota, space) : (quota ?? space);
    } catch (error) {
      quota?.release();
      throw error;
    }
  }

  removed(usage: Usage, shortened?: string): void {
    this.#quota.removed(usage, shortened);
  }

  startMove(): EndMove {
    const ends = [this.#quota.startMove(), this.#space.startMove()];
    return (moved) => ends.forEach((end) => end(moved));
  }
}

class CombinedReservation implements Reservation {
  readonly isExact = true;
  readonly #quota: Reservation;
  readonly #space: Reservation;

  constructor(quota: Reservation, space: Reservation) {
    this.#quota = quota;
    this.#space = space;
  }

  get isExceeded(): boolean {
    return this.#quota.isExceeded || this.#space.isExceeded;
  }

  fits(bytes: number): boolean {
    return this.#quota.fits(bytes) && this.#space.fits(bytes);
  }

  grow(bytes: number): Promise<void> | undefined {
    return this.#quota.grow(bytes) ?? this.#space.grow(bytes);
  }

  rejection(growth: Usage): EngineError | undefined {
    return this.#quota.rejection(growth) ?? this.#space.rejection(growth);
  }

  settle(growth?: Usage): void {
    this.#quota.settle(growth);
    this.#space.settle(growth);
  }

  release(): void {
    this.#quota.release();
    this.#space.release();
  }
}
