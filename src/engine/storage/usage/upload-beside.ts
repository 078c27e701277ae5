import type { Entry, Usage, Upload } from "../storage.ts";
import type { HomeUsage } from "./home-usage.ts";
import { type Limited, Meter } from "./meter.ts";

/** An upload that goes beside its target. */
type PlacedHandle = Upload & Required<Pick<Upload, "place">>;

export function isBeside(handle: Upload): handle is PlacedHandle {
  return handle.place !== undefined;
}

/**
 * An upload that takes the place of others when it ends. What it takes away is foreseen when it begins, so that a full home can
 * be renewed, but known only when it ends: others may have been there meanwhile. So it is judged then once more.
 */
export class UploadBeside implements Upload {
  readonly #handle: PlacedHandle;
  readonly #limited: Limited;
  readonly #claim: ReturnType<HomeUsage["claim"]>;
  readonly #meter: Meter;

  private constructor(handle: PlacedHandle, start: number, foreseen: readonly Entry[], limited: Limited) {
    this.#handle = handle;
    this.#limited = limited;
    const claim = limited.usage.claim(foreseen);
    this.#claim = claim;
    this.#meter = new Meter(limited, start, () => claim.bytes);
  }

  /** @param start where it goes on, in bytes */
  static async begin(handle: PlacedHandle, start: number, limited: Limited): Promise<UploadBeside> {
    const { target, partial } = await handle.place();
    return new UploadBeside(handle, start, present(target, partial), limited);
  }

  async write(chunks: readonly Uint8Array[]): Promise<void> {
    this.#meter.add(chunks);
    await this.#handle.write(chunks);
  }

  async commit(): Promise<void> {
    try {
      await this.#handle.commit((change) => this.#limited.usage.inTurn(() => this.#become(change)));
    } finally {
      this.#end();
    }
  }

  async abort(rest?: "Removed"): Promise<void> {
    try {
      await this.#limited.usage.inTurn(() => this.#leave(rest));
    } finally {
      this.#end();
    }
  }

  async #become(change: () => Promise<void>): Promise<void> {
    const { target, partial } = await this.#handle.place();
    const growth = this.#growth(present(target, partial));
    this.#check(growth);
    try {
      await change();
    } catch (error) {
      // When the name was taken in the meantime, the upload stays resumable.
      const kept = await this.#handle.place();
      if (kept.partial !== undefined && kept.partial.unique !== partial?.unique) this.#count(growth);
      throw error;
    }
    this.#count(growth);
  }

  async #leave(rest: "Removed" | undefined): Promise<void> {
    const { keeps, partial, written } = await this.#handle.place();
    const growth = this.#growth(present(partial), written);
    // What did not fit would keep the quota full if it were kept.
    const isWanted = keeps && rest === undefined && written > 0 && !this.#meter.exceeded;
    const isKept = isWanted && this.#fits(growth);
    await this.#handle.abort(isKept ? undefined : "Removed");
    if (isKept) this.#count(growth);
  }

  /** The change that it makes to have this upload instead of these files. */
  #growth(gone: readonly Entry[], position = this.#meter.position): Usage {
    const bytes = gone.reduce((sum, { size }) => sum + size, 0);
    return { bytes: position - bytes, files: 1 - gone.length };
  }

  #check({ bytes, files }: Usage): void {
    this.#limited.check({ bytes: bytes - this.#meter.upload.bytes, files });
  }

  /** Books the growth in place of what the upload itself counted. */
  #count(growth: Usage): void {
    this.#end();
    this.#limited.usage.change(growth);
  }

  #fits(growth: Usage): boolean {
    try {
      this.#check(growth);
      return true;
    } catch {
      return false;
    }
  }

  #end(): void {
    this.#meter.forget();
    this.#claim.release();
  }
}

function present(...entries: readonly (Entry | undefined)[]): Entry[] {
  return entries.filter((entry) => entry !== undefined);
}
