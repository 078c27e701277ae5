import type { Decision } from "../model/decision.ts";
import { NOT_CREATED } from "./condition.ts";
import type { ConditionValue } from "./condition.ts";
import { podProblems } from "./pod-diagnosis.ts";

/** Whether clients can log in: at least one pod serves, or none shall. */
export function available({ spec, slots, observed }: Decision): ConditionValue {
  const serving = slots.filter(({ state }) => state === "Serving").length;
  const { pods, statefulSets } = observed.children;
  const count = `${serving} of ${spec.replicas} replicas ready.`;
  if (spec.replicas === 0)
    return { status: "True", reason: "Stopped", message: "spec.replicas is 0: nobody can log in." };
  if (serving >= spec.replicas) return { status: "True", reason: "AllReplicasReady", message: count };
  if (statefulSets.length === 0 && pods.length === 0) return NOT_CREATED;
  const { messages, until } = podProblems(observed);
  const message = [count, ...messages].join(" ");
  if (serving > 0) return { status: "True", reason: "SomeReplicasReady", message, until };
  return { status: "False", reason: "NoReplicaReady", message, warn: messages.length > 0, until };
}
