import type { EngineQuota } from "../../api/engine-config.ts";
import { EngineError } from "../errors.ts";
import { PARTIAL_SUFFIX } from "../storage/path.ts";
import type { Entry, ReadHandle, Storage, WriteHandle, WriteMode } from "../storage/storage.ts";
import type { HomeUsage, Usage } from "./home-usage.ts";

/** How far an upload came. */
interface Meter {
  /** What counts against the quota now. */
  upload: { bytes: number };
  /** Where its next byte goes. */
  position: number;
  /** Whether it is to be published. */
  whole: boolean;
}

const NOTHING: Usage = { bytes: 0, files: 0 };

/** A home that takes no more than a quota allows. What is there already stays, also when the quota shrinks below it. */
export class QuotaStorage implements Storage {
  readonly #inner: Storage;
  readonly #usage: HomeUsage;
  readonly #quota: () => EngineQuota;

  /** @param quota asked anew each time, as it may change */
  constructor(inner: Storage, usage: HomeUsage, quota: () => EngineQuota) {
    this.#inner = inner;
    this.#usage = usage;
    this.#quota = quota;
  }

  stat(path: string): Promise<Entry> {
    return this.#inner.stat(path);
  }

  resumable(path: string): Promise<number | undefined> {
    return this.#inner.resumable(path);
  }

  list(path: string): AsyncIterable<readonly Entry[]> {
    return this.#inner.list(path);
  }

  openRead(path: string): Promise<ReadHandle> {
    return this.#inner.openRead(path);
  }

  setModificationTime(path: string, time: Date): Promise<void> {
    return this.#inner.setModificationTime(path, time);
  }

  setMode(path: string, mode: number): Promise<void> {
    return this.#inner.setMode(path, mode);
  }

  async availableBytes(path: string): Promise<number> {
    const available = await this.#inner.availableBytes(path);
    const { bytes } = this.#quota();
    if (bytes === undefined) return available;
    await this.#usage.ready(this.#inner);
    return Math.max(0, Math.min(available, bytes - this.#usage.now.bytes));
  }

  async openWrite(path: string, mode: WriteMode, bits?: number): Promise<WriteHandle> {
    if (!(await this.#counts())) return await this.#inner.openWrite(path, mode, bits);
    const target = await this.#measure(path);
    const partial = await this.#measure(`${path}${PARTIAL_SUFFIX}`);
    this.#check({ bytes: 0, files: target.files + partial.files === 0 ? 1 : 0 });
    const handle = await this.#inner.openWrite(path, mode, bits);
    switch (mode.type) {
      case "Append":
        return this.#inPlace(handle, target, target.bytes);
      case "Resume":
        if (target.files > 0) return this.#inPlace(handle, target, mode.offset);
        // It is this upload's own from now on.
        this.#usage.change({ bytes: -partial.bytes, files: -partial.files });
        return this.#beside(path, handle, { replaced: 0, start: mode.offset });
      case "Replace":
      case "Create":
        return this.#beside(path, handle, { replaced: target.bytes + partial.bytes, start: 0 });
    }
  }

  async remove(path: string): Promise<void> {
    const gone = await this.#removed(path);
    await this.#inner.remove(path);
    this.#usage.change(gone);
  }

  async makeDirectory(path: string, bits?: number): Promise<void> {
    if (await this.#counts()) this.#check({ bytes: 0, files: 1 });
    await this.#inner.makeDirectory(path, bits);
    this.#usage.change({ bytes: 0, files: 1 });
  }

  async removeDirectory(path: string): Promise<void> {
    await this.#inner.removeDirectory(path);
    this.#usage.change({ bytes: 0, files: -1 });
  }

  async rename(from: string, to: string): Promise<void> {
    const replaced = from === to ? NOTHING : await this.#removed(to);
    await this.#inner.rename(from, to);
    this.#usage.change(replaced);
  }

  /** An upload that grows the file itself. */
  #inPlace(handle: WriteHandle, old: Usage, start: number): WriteHandle {
    const files = 1 - old.files;
    return this.#metered(handle, { replaced: old.bytes, start }, async (finish, meter) => {
      await finish();
      // What stood behind a resumed upload is cut off when it is whole.
      this.#usage.change({ bytes: meter.whole ? meter.position - old.bytes : meter.upload.bytes, files });
    });
  }

  /** An upload that takes the place of others when it ends. */
  #beside(path: string, handle: WriteHandle, extent: { replaced: number; start: number }): WriteHandle {
    const both = async (): Promise<Usage> =>
      added(await this.#measure(path), await this.#measure(`${path}${PARTIAL_SUFFIX}`));
    return this.#metered(handle, extent, async (finish) => {
      const before = await both();
      try {
        await finish();
      } finally {
        const after = await both();
        this.#usage.change({ bytes: after.bytes - before.bytes, files: after.files - before.files });
      }
    });
  }

  /** Counts what is written, as far as it comes on top of what it replaces. */
  #metered(
    handle: WriteHandle,
    { replaced, start }: { replaced: number; start: number },
    end: (finish: () => Promise<void>, meter: Meter) => Promise<void>,
  ): WriteHandle {
    const meter: Meter = { upload: { bytes: Math.max(0, start - replaced) }, position: start, whole: false };
    const forget = this.#usage.begin(meter.upload);
    let exceeded = false;
    return {
      write: async (chunks) => {
        const position = meter.position + chunks.reduce((sum, { length }) => sum + length, 0);
        const bytes = Math.max(0, position - replaced);
        try {
          this.#check({ bytes: bytes - meter.upload.bytes, files: 0 });
        } catch (error) {
          exceeded = true;
          throw error;
        }
        meter.position = position;
        meter.upload.bytes = bytes;
        await handle.write(chunks);
      },
      async publish() {
        meter.whole = true;
        await end(() => handle.publish(), meter).finally(forget);
      },
      // What did not fit would keep the quota full if it were kept.
      discard: (rest) => end(() => handle.discard(exceeded ? "Removed" : rest), meter).finally(forget),
    };
  }

  get #isLimited(): boolean {
    const { bytes, files } = this.#quota();
    return bytes !== undefined || files !== undefined;
  }

  /** Whether the user has a quota at all; the usage is known as well as it can be then. */
  async #counts(): Promise<boolean> {
    if (!this.#isLimited) return false;
    await this.#usage.ready(this.#inner);
    return true;
  }

  /** @throws EngineError QuotaExceeded for growth that does not fit */
  #check(growth: Usage): void {
    const { now } = this.#usage;
    for (const what of ["bytes", "files"] as const) {
      const limit = this.#quota()[what];
      if (growth[what] > 0 && limit !== undefined && now[what] + growth[what] > limit)
        throw new EngineError("QuotaExceeded", `Quota exceeded: quota.${what} is ${limit}`);
    }
  }

  async #measure(path: string): Promise<Usage> {
    const entry = await this.#inner.stat(path).catch(() => undefined);
    return entry === undefined ? NOTHING : { bytes: entry.size, files: 1 };
  }

  /** The change that it makes when a path is gone. */
  async #removed(path: string): Promise<Usage> {
    if (!this.#isLimited) return NOTHING;
    const { bytes, files } = await this.#measure(path);
    return { bytes: -bytes, files: -files };
  }
}

function added(one: Usage, other: Usage): Usage {
  return { bytes: one.bytes + other.bytes, files: one.files + other.files };
}
