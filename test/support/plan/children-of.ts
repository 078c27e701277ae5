import type { Observed } from "../../../src/plan/model/observed.ts";
import type { ChildObject } from "../../../src/plan/model/objects.ts";
import { plan } from "../../../src/plan/plan.ts";
import { observedOf, serverOf, type SpecPatch } from "./cluster.ts";

/** Returns the child object of one kind for a new FtpServer, or undefined. */
export function childOf<K extends ChildObject["kind"]>(
  kind: K,
  spec: SpecPatch,
  observed: Partial<Observed> = {},
): Extract<ChildObject, { kind: K }> | undefined {
  const { apply } = plan(observedOf(serverOf(spec), observed));
  return apply.find((object): object is Extract<ChildObject, { kind: K }> => object.kind === kind);
}
