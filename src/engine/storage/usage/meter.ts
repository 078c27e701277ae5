import type { Usage } from "../storage.ts";
import type { HomeUsage } from "./home-usage.ts";

/** What an upload is measured against. */
export interface Limited {
  usage: HomeUsage;
  /** @throws EngineError QuotaExceeded for growth that does not fit */
  check: (growth: Usage) => void;
}

/** Counts what is written, as far as it comes on top of what it replaces. */
export class Meter {
  /** What counts against the quota now. */
  readonly upload: { bytes: number };
  /** Where its next byte goes. */
  position: number;
  /** Whether something did not fit. */
  exceeded = false;
  readonly forget: () => void;
  readonly #limited: Limited;
  readonly #replaced: () => number;

  constructor(limited: Limited, start: number, replaced: () => number) {
    this.#limited = limited;
    this.#replaced = replaced;
    this.position = start;
    this.upload = { bytes: Math.max(0, start - replaced()) };
    this.forget = limited.usage.begin(this.upload);
  }

  /** @throws EngineError QuotaExceeded when the chunks do not fit */
  add(chunks: readonly Uint8Array[]): void {
    const position = chunks.reduce((sum, { length }) => sum + length, this.position);
    const bytes = Math.max(0, position - this.#replaced());
    try {
      this.#limited.check({ bytes: bytes - this.upload.bytes, files: 0 });
    } catch (error) {
      this.exceeded = true;
      throw error;
    }
    this.position = position;
    this.upload.bytes = bytes;
  }

  /** Counts once more, as what is replaced may be less by now. */
  recount(): void {
    this.upload.bytes = Math.max(0, this.position - this.#replaced());
  }
}
