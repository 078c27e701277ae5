/**
 * Error for invalid input or an unsuitable checkout. The program prints the message and a suggested command, and then
 * exits with code 2.
 */
export class ReleaseError extends Error {
  override readonly name = "ReleaseError";
  readonly hint: string;

  constructor(message: string, hint: string) {
    super(message);
    this.hint = hint;
  }
}
