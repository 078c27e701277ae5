/** A running upload whose file does not have its final name yet. */
export interface RunningUpload {
  /** Account and target path of the upload. */
  readonly target: string;
  /** Whether the account has completed another upload to the same path since this upload started. */
  isOvertaken: boolean;
}

/**
 * Register of the running uploads in this process. A client that lost its connection can upload the file again before
 * the engine detects the loss. Another program can then immediately move the complete file to a different directory. In
 * this case, only this register shows that the first upload is obsolete.
 */
export class RunningUploads {
  readonly #byTarget = new Map<string, Set<RunningUpload>>();
  #allEnded = Promise.withResolvers<void>();

  /** Registers an upload until `end` is called. */
  begin(account: string | undefined, path: string): RunningUpload {
    const upload: RunningUpload = { target: `${account ?? ""}\0${path}`, isOvertaken: false };
    const same = this.#byTarget.get(upload.target) ?? new Set();
    this.#byTarget.set(upload.target, same.add(upload));
    return upload;
  }

  /** Marks other uploads to the same target as obsolete, because this upload is complete. */
  overtakeOthers(upload: RunningUpload): void {
    for (const other of this.#byTarget.get(upload.target) ?? [])
      if (other !== upload) other.isOvertaken = true;
  }

  end(upload: RunningUpload): void {
    const same = this.#byTarget.get(upload.target);
    same?.delete(upload);
    if (same?.size === 0) this.#byTarget.delete(upload.target);
    if (this.#byTarget.size === 0) this.#allEnded.resolve();
  }

  /** Resolves when no upload is running. */
  async ended(): Promise<void> {
    if (this.#byTarget.size === 0) return;
    this.#allEnded = Promise.withResolvers();
    await this.#allEnded.promise;
  }
}
