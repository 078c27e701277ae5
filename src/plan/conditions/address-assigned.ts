import type { Decision } from "../context.ts";
import { NOT_CREATED } from "./condition.ts";
import type { Finding } from "./condition.ts";

/** Whether PASV has an address to announce. EPSV works in any case. */
export function addressAssigned({ address, observed }: Decision): Finding {
  const { announced, ...finding } = address;
  if (announced.type !== "Unknown") return { status: "True", ...finding };
  if (observed.children.service === undefined) return NOT_CREATED;
  return { status: "False", ...finding, warn: true };
}
