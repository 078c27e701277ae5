import type { Violation } from "../../api/validate.ts";
import type { Failure } from "./observed.ts";

/** Maximum number of violations that one message lists. An object can violate the same rule a thousand times. */
const MAX_LISTED_VIOLATIONS = 5;

/** Returns the reason and message for an object that violates the schema or a validation rule. */
export function invalidSpec(
  kind: "FtpServer" | "FtpUser",
  violations: readonly Violation[],
): Failure<"InvalidSpec"> {
  const listed = violations.slice(0, MAX_LISTED_VIOLATIONS).map(({ path, message }) => `${path}: ${message}`);
  const rest = violations.length - listed.length;
  const others = rest > 0 ? [`and ${rest} more`] : [];
  return {
    reason: "InvalidSpec",
    message: `The ${kind} is not valid. ${[...listed, ...others].join("; ")}.`,
  };
}
