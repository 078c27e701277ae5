import type { EngineQuota } from "../../../api/engine-config.ts";
import { EngineError } from "../../errors.ts";
import { StorageDecorator } from "./storage-decorator.ts";
import type { Entry, Replaces, Storage, Usage, Upload, UploadMode } from "../storage.ts";
import type { HomeUsage } from "./home-usage.ts";
import { isBeside, UploadBeside } from "./upload-beside.ts";
import { UploadInPlace } from "./upload-in-place.ts";

/** Mode bits that directories keep: the next count could not look into them without. */
const COUNTABLE = 0o500;
const NOTHING: Usage = { bytes: 0, files: 0 };

/** A home that takes no more than a quota allows. What is there already stays, also when the quota shrinks below it. */
export class QuotaStorage extends StorageDecorator implements Storage {
  readonly #usage: HomeUsage;
  readonly #quota: () => EngineQuota;

  /** @param quota asked anew each time, as it may change */
  constructor(inner: Storage, usage: HomeUsage, quota: () => EngineQuota) {
    super(inner);
    this.#usage = usage;
    this.#quota = quota;
  }

  setMode(path: string, mode: number): Promise<void> {
    return this.#usage.inTurn(async () => {
      const entry = this.#isLimited ? await this.#find(path) : undefined;
      await this.inner.setMode(path, entry?.type === "Directory" ? mode | COUNTABLE : mode);
    });
  }

  async availableBytes(path: string): Promise<number> {
    const available = await this.inner.availableBytes(path);
    const { bytes } = this.#quota();
    if (bytes === undefined) return available;
    await this.#usage.ready(this.inner);
    return Math.max(0, Math.min(available, bytes - this.#usage.now.bytes));
  }

  async openUpload(path: string, mode: UploadMode, umask?: number): Promise<Upload> {
    if (!(await this.#counts())) return await this.inner.openUpload(path, mode, umask);
    return await this.#usage.inTurn(() => this.#open(path, mode, umask));
  }

  remove(path: string): Promise<Usage> {
    return this.#usage.inTurn(async () => {
      const gone = await this.inner.remove(path);
      if (this.#isLimited) this.#usage.change(without(gone));
      return gone;
    });
  }

  async makeDirectory(path: string, umask?: number): Promise<void> {
    const counts = await this.#counts();
    await this.#usage.inTurn(async () => {
      if (counts) this.#check({ bytes: 0, files: 1 });
      await this.inner.makeDirectory(path, umask);
      this.#usage.change({ bytes: 0, files: 1 });
    });
  }

  removeDirectory(path: string): Promise<Usage> {
    return this.#usage.inTurn(async () => {
      const gone = await this.inner.removeDirectory(path);
      this.#usage.change(this.#isLimited ? without(gone) : { bytes: 0, files: -1 });
      return gone;
    });
  }

  rename(from: string, to: string, replaces: Replaces): Promise<Usage> {
    return this.#usage.inTurn(async () => {
      const moved = this.#isLimited ? await this.#find(from) : undefined;
      const replaced = this.#isLimited && from !== to ? negative(await this.#find(to)) : NOTHING;
      const gone = await this.inner.rename(from, to, replaces);
      this.#usage.change(replaced);
      if (this.#isLimited) this.#usage.change(without(gone));
      this.#usage.moved(moved);
      return gone;
    });
  }

  async #open(path: string, mode: UploadMode, umask: number | undefined): Promise<Upload> {
    const before = await this.#find(path);
    const partial = await this.inner.resumable(path);
    const isNew = before === undefined && (partial === undefined || mode.type === "Append");
    this.#check({ bytes: 0, files: isNew ? 1 : 0 });
    const handle = await this.inner.openUpload(path, mode, umask);
    const limited = { usage: this.#usage, check: (growth: Usage) => this.#check(growth) };
    const start = "offset" in mode ? mode.offset : 0;
    if (isBeside(handle)) {
      if ("offset" in mode) {
        // It is this upload's own from now on, and shorter.
        this.#usage.change(negative(partial));
        if (partial !== undefined) this.#usage.cut(partial.unique);
      }
      return await UploadBeside.begin(handle, start, limited);
    }
    if (before === undefined) this.#usage.change({ bytes: 0, files: 1 });
    const file = { before, now: () => this.#find(path) };
    return new UploadInPlace(handle, mode.type === "Append" ? (before?.size ?? 0) : start, file, limited);
  }

  get #isLimited(): boolean {
    const { bytes, files } = this.#quota();
    return bytes !== undefined || files !== undefined;
  }

  /** Whether the user has a quota at all; the usage is known as well as it can be then. */
  async #counts(): Promise<boolean> {
    if (!this.#isLimited) return false;
    await this.#usage.ready(this.inner);
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

  #find(path: string): Promise<Entry | undefined> {
    return this.inner.stat(path).catch(() => undefined);
  }
}

function negative(gone: Entry | undefined): Usage {
  return gone === undefined ? NOTHING : { bytes: -gone.size, files: -1 };
}

function without({ bytes, files }: Usage): Usage {
  return { bytes: -bytes, files: -files };
}
