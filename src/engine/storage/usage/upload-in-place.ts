import type { Entry, Upload } from "../storage.ts";
import { type Limited, Meter } from "./meter.ts";

interface GrownFile {
  /** As it was, if it was there. */
  before: Entry | undefined;
  /** How it is by now. */
  now: () => Promise<Entry | undefined>;
}

/** An upload that grows the file itself. */
export class UploadInPlace implements Upload {
  readonly #handle: Upload;
  readonly #file: GrownFile;
  readonly #limited: Limited;
  readonly #meter: Meter;
  readonly #leave: () => void;
  #ended = false;

  constructor(handle: Upload, start: number, file: GrownFile, limited: Limited) {
    const size = file.before?.size ?? 0;
    const written = { unique: file.before?.unique ?? "", isCut: false };
    this.#leave = limited.usage.writeOnto(written);
    this.#handle = handle;
    this.#file = file;
    this.#limited = limited;
    // Once something was cut off, it may have been what this upload writes over.
    this.#meter = new Meter(limited, start, () => (written.isCut ? 0 : size));
  }

  async write(chunks: readonly Uint8Array[]): Promise<void> {
    this.#meter.add(chunks);
    await this.#handle.write(chunks);
  }

  async commit(): Promise<void> {
    const { usage } = this.#limited;
    try {
      await this.#handle.commit((cut) => usage.inTurn(() => this.#cutOff(cut)));
    } finally {
      this.#end();
    }
  }

  async abort(rest?: "Removed"): Promise<void> {
    try {
      await this.#handle.abort(rest);
    } finally {
      this.#end();
    }
  }

  async #cutOff(cut: () => Promise<void>): Promise<void> {
    const { usage } = this.#limited;
    const there = await this.#file.now();
    this.#end();
    await cut();
    if (this.#file.before !== undefined) usage.cut(this.#file.before.unique);
    // A file that has gone from there was counted with what took it away.
    if (there === undefined || there.unique !== this.#file.before?.unique) return;
    usage.change({ bytes: Math.min(0, this.#meter.position - there.size), files: 0 });
  }

  #end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#meter.recount();
    this.#leave();
    this.#meter.forget();
    this.#limited.usage.change({ bytes: this.#meter.upload.bytes, files: 0 });
  }
}
