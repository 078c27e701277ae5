import type { PortRange } from "../../api/engine-config.ts";
import { ENGINE_CONTAINER, passivePortName, SLOT_LABEL } from "../../api/names.ts";
import type { ObservedSlot } from "../model/decision.ts";
import { isReady, isTerminating, TEMPLATE_HASH_ANNOTATION } from "../model/objects.ts";
import type { Pod, PodSpec } from "../model/objects.ts";
import type { Children } from "../model/observed.ts";

const EMPTY_RANGE: PortRange = { first: 1, last: 0 };

/** Returns the slots of all StatefulSets and pods. */
export function observeSlots({
  statefulSets,
  pods,
}: Pick<Children, "statefulSets" | "pods">): ObservedSlot[] {
  const slots = new Map<string, ObservedSlot>();
  const slot = (labels: Record<string, string> | undefined): ObservedSlot => {
    const name = labels?.[SLOT_LABEL] ?? "";
    const known = slots.get(name) ?? { name };
    slots.set(name, known);
    return known;
  };
  for (const set of statefulSets) {
    const { replicas, template } = set.spec;
    slot(set.metadata.labels).statefulSet = {
      replicas,
      ...templateOf(template.metadata.annotations, template.spec),
      terminating: isTerminating(set),
    };
  }
  for (const pod of pods) {
    slot(pod.metadata.labels).pod = {
      ...templateOf(pod.metadata.annotations, pod.spec),
      terminating: isTerminating(pod),
      ready: isReady(pod),
      started: hasStarted(pod),
    };
  }
  slots.delete("");
  return [...slots.values()];
}

function templateOf(
  annotations: Record<string, string> | undefined,
  spec: PodSpec,
): { templateHash: string; ports: PortRange } {
  return { templateHash: annotations?.[TEMPLATE_HASH_ANNOTATION] ?? "", ports: passivePorts(spec) };
}

function hasStarted({ status }: Pod): boolean {
  return status?.containerStatuses?.some((c) => c.name === ENGINE_CONTAINER && c.started === true) ?? false;
}

/**
 * Returns the passive ports that a pod declares. Unlike annotations, container ports cannot change while the pod
 * exists.
 */
function passivePorts({ containers }: PodSpec): PortRange {
  const ports = containers
    .flatMap((container) => container.ports ?? [])
    .filter(({ name, containerPort }) => name === passivePortName(containerPort))
    .map(({ containerPort }) => containerPort);
  return ports.length === 0 ? EMPTY_RANGE : { first: Math.min(...ports), last: Math.max(...ports) };
}
