import type { PortRange } from "../../api/engine-config.ts";
import { passivePortName, SLOT_LABEL } from "../../api/names.ts";
import { TEMPLATE_HASH_ANNOTATION } from "../model/annotations.ts";
import { ENGINE_CONTAINER } from "../desired/engine-pod.ts";
import type { Children } from "../model/observed.ts";
import { isReady, isTerminating } from "../model/objects.ts";
import type { Pod, PodSpec } from "../model/objects.ts";
import type { SlotObservation } from "./slot-state.ts";

/** A range that nothing is in. */
const NO_PORTS: PortRange = { first: 1, last: 0 };

/** What StatefulSets and pods say about the slots. */
export function observeSlots({
  statefulSets,
  pods,
}: Pick<Children, "statefulSets" | "pods">): SlotObservation[] {
  const slots = new Map<string, SlotObservation>();
  const slot = (labels: Record<string, string> | undefined): SlotObservation => {
    const name = labels?.[SLOT_LABEL] ?? "";
    const known = slots.get(name) ?? { name };
    slots.set(name, known);
    return known;
  };
  for (const set of statefulSets) {
    const { replicas, template } = set.spec;
    slot(set.metadata.labels).statefulSet = {
      replicas,
      ...templateFacts(template.metadata.annotations, template.spec),
      terminating: isTerminating(set),
    };
  }
  for (const pod of pods) {
    slot(pod.metadata.labels).pod = {
      ...templateFacts(pod.metadata.annotations, pod.spec),
      terminating: isTerminating(pod),
      ready: isReady(pod),
      started: hasStarted(pod),
    };
  }
  slots.delete("");
  return [...slots.values()];
}

function templateFacts(
  annotations: Record<string, string> | undefined,
  spec: PodSpec,
): { templateHash: string; ports: PortRange } {
  return { templateHash: annotations?.[TEMPLATE_HASH_ANNOTATION] ?? "", ports: passivePorts(spec) };
}

function hasStarted({ status }: Pod): boolean {
  return status?.containerStatuses?.some((c) => c.name === ENGINE_CONTAINER && c.started === true) ?? false;
}

/** The passive ports that a pod declares: unlike its annotations they can not change while it lives. */
function passivePorts({ containers }: PodSpec): PortRange {
  const ports = containers
    .flatMap((container) => container.ports ?? [])
    .filter(({ name, containerPort }) => name === passivePortName(containerPort))
    .map(({ containerPort }) => containerPort);
  return ports.length === 0 ? NO_PORTS : { first: Math.min(...ports), last: Math.max(...ports) };
}
