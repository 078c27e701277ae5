/** An upload that runs beside its target. */
export interface RunningUpload {
  /** Whether another upload of the account to the same path completed since this one began. */
  isOvertaken: boolean;
}

/**
 * The uploads of this process. A client that lost its connection sends its file again before the server notices, and a program may
 * take the complete file away at once. Then nothing on the volume tells that the first upload is obsolete.
 */
export class RunningUploads {
  readonly #byTarget = new Map<string, Set<RunningUpload>>();

  /** Registers an upload, which `end` ends. @param target account and path */
  begin(target: string): RunningUpload {
    const upload: RunningUpload = { isOvertaken: false };
    const same = this.#byTarget.get(target) ?? new Set();
    this.#byTarget.set(target, same.add(upload));
    return upload;
  }

  /** Tells the other uploads to the same target that this one has completed. */
  overtakeOthers(target: string, upload: RunningUpload): void {
    for (const other of this.#byTarget.get(target) ?? []) if (other !== upload) other.isOvertaken = true;
  }

  end(target: string, upload: RunningUpload): void {
    const same = this.#byTarget.get(target);
    same?.delete(upload);
    if (same?.size === 0) this.#byTarget.delete(target);
  }
}
