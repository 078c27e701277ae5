/** Invalid input or an unsuitable checkout. Results in exit code 2, a message and a command that helps. */
export class ReleaseError extends Error {
  override readonly name = "ReleaseError";
  readonly hint: string;

  constructor(message: string, hint: string) {
    super(message);
    this.hint = hint;
  }
}
