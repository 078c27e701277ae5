/** Returns an untyped copy, for parts of objects that the plan does not read. */
// oxlint-disable-next-line typescript/no-explicit-any -- JSON has no type
export function asJson(value: unknown): any {
  return JSON.parse(JSON.stringify(value));
}
