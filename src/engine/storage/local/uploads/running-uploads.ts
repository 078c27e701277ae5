/** A running upload to a temporary file in the directory of its target. */
export interface RunningUpload {
  /** Account and path. */
  readonly target: string;
  /** Whether another upload of the account to the same path completed since this one began. */
  isOvertaken: boolean;
}

/**
 * The running uploads of this process. A client that lost its connection can send its file again before the engine detects the loss,
 * and another program can move the complete file immediately. Then only this register shows that the first upload is obsolete.
 */
export class RunningUploads {
  readonly #byTarget = new Map<string, Set<RunningUpload>>();

  /** Registers an upload, which `end` ends. */
  begin(account: string | undefined, path: string): RunningUpload {
    const upload: RunningUpload = { target: `${account ?? ""}\0${path}`, isOvertaken: false };
    const same = this.#byTarget.get(upload.target) ?? new Set();
    this.#byTarget.set(upload.target, same.add(upload));
    return upload;
  }

  /** Marks the other uploads to the same target as obsolete, because this one is complete. */
  overtakeOthers(upload: RunningUpload): void {
    for (const other of this.#byTarget.get(upload.target) ?? [])
      if (other !== upload) other.isOvertaken = true;
  }

  end(upload: RunningUpload): void {
    const same = this.#byTarget.get(upload.target);
    same?.delete(upload);
    if (same?.size === 0) this.#byTarget.delete(upload.target);
  }
}
