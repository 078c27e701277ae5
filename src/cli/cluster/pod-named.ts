import type { Pod } from "../../plan/model/objects.ts";
import { KubectlError } from "./kubectl.ts";

/** The pod of a name. @throws KubectlError when there is none */
export function podNamed(pods: readonly Pod[], name: string): Pod {
  const pod = pods.find(({ metadata }) => metadata.name === name);
  if (pod !== undefined) return pod;
  const names = pods.map(({ metadata }) => metadata.name).join(", ") || "none";
  throw new KubectlError(`it has no pod ${name}, but ${names}`);
}
