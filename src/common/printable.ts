const CONTROL_CHARACTERS = /\p{Cc}/gu;

/**
 * Returns text fit for one line of a reply, a listing or a terminal: no control characters, so no forged lines and no changed
 * terminal. Bytes that are not UTF-8 are unchanged.
 */
export function printable(text: string): string {
  return text.replace(CONTROL_CHARACTERS, "?");
}
