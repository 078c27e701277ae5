import type { Violation } from "../api/validate.ts";

/** Problems named in one message; the others are counted, as a new rule may be broken a thousand times. */
const MAX_NAMED_PROBLEMS = 5;

/** Why nothing is made of an object that the schema of today refuses, whatever let it in. */
export function invalidSpec(
  kind: string,
  violations: readonly Violation[],
): { reason: string; message: string } {
  const named = violations.slice(0, MAX_NAMED_PROBLEMS).map(({ path, message }) => `${path}: ${message}`);
  const rest = violations.length - named.length;
  const others = rest > 0 ? [`and ${rest} more`] : [];
  return { reason: "InvalidSpec", message: `The ${kind} is not valid. ${[...named, ...others].join("; ")}.` };
}
