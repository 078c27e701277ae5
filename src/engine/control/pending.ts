/** Part of a file, in bytes: from `start` up to `end`, which is not in it. */
export interface ByteRange {
  start: number;
  /** Infinity: to the end of the file. */
  end: number;
}

/** Size of a broken upload that SIZE told the client. */
export interface Resumable {
  /** Virtual path of the file that the upload was for. */
  path: string;
  /** Bytes that are there. */
  offset: number;
}

/** What preparatory commands prepare for a later command. At most one of each kind. */
export interface PendingPrefixes {
  /** REST (RFC 3659 section 5) or RANG (draft-bryan-ftp-range); undefined: the complete file. */
  range: ByteRange | undefined;
  /** Virtual path that RNFR named (RFC 959 section 4.1.3). */
  rename: string | undefined;
  /** Virtual path that SITE CPFR named. */
  copy: string | undefined;
  /** SIZE of a broken upload, which an APPE then resumes, as curl, Ruby, Perl and Python scripts do. */
  resumable: Resumable | undefined;
}

export type PrefixKind = keyof PendingPrefixes;

/** Which kinds a command starts from the beginning, and which it uses. */
export interface PrefixRule {
  prepares?: PrefixKind;
  uses?: PrefixKind;
}

const NOTHING: PendingPrefixes = {
  range: undefined,
  rename: undefined,
  copy: undefined,
  resumable: undefined,
};

/**
 * What a session has prepared and not used yet. It survives every command but three: the one that uses it, whatever becomes of that
 * command; the next preparatory command of its kind, even if that one fails; and REIN. RFC 3659 section 5.3 wants REST to be the last
 * command before its transfer, but clients send EPSV, TYPE, NOOP and SIZE in between, and losing an offset replaces a file.
 */
export class PendingStore {
  #pending = NOTHING;
  #used = NOTHING;

  /** What the running command may use. */
  get used(): Readonly<PendingPrefixes> {
    return this.#used;
  }

  /** Begins a command: takes out what it uses, and drops what it replaces. */
  begin({ prepares, uses }: PrefixRule): void {
    this.#used = uses === undefined ? NOTHING : { ...NOTHING, [uses]: this.#pending[uses] };
    for (const kind of [prepares, uses])
      if (kind !== undefined && this.#pending[kind] !== undefined)
        this.#pending = { ...this.#pending, [kind]: undefined };
  }

  set(prefix: Partial<PendingPrefixes>): void {
    this.#pending = { ...this.#pending, ...prefix };
  }

  /** Takes out the size of the broken upload to `path`, if SIZE told it. One of another path stays. */
  takeResumable(path: string): number | undefined {
    const { resumable } = this.#pending;
    if (resumable?.path !== path) return undefined;
    this.#pending = { ...this.#pending, resumable: undefined };
    return resumable.offset;
  }

  clear(): void {
    this.#pending = NOTHING;
    this.#used = NOTHING;
  }
}
