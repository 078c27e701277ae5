/** Input or a state of the checkout that a release cannot be built from: exit code 2, one sentence and one command that helps. */
export class ReleaseError extends Error {
  override readonly name = "ReleaseError";
  readonly hint: string;

  constructor(message: string, hint: string) {
    super(message);
    this.hint = hint;
  }
}
