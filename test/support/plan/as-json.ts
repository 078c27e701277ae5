/** Returns an untyped copy, so that tests can read members that the types of the plan do not contain. */
// oxlint-disable-next-line typescript/no-explicit-any -- JSON has no type
export function asJson(value: unknown): any {
  return JSON.parse(JSON.stringify(value));
}
