import type { Decision } from "../model/decision.ts";
import { NOT_CREATED } from "./condition.ts";
import type { ConditionValue } from "./condition.ts";

/** Whether PASV has an address to announce. EPSV works in any case. */
export function addressAssigned({ address, observed }: Decision): ConditionValue {
  const { announced, isAwaited = false, isNeedless = false, ...finding } = address;
  if (announced.type !== "Unknown" || isNeedless) return { status: "True", ...finding };
  if (observed.children.service === undefined) return NOT_CREATED;
  const isLost = (observed.server.status?.addresses ?? []).length > 0;
  // Every new server waits for its balancer a moment.
  return { status: "False", ...finding, warn: isLost || !isAwaited };
}
