/** Labels and annotations of `spec.childMetadata` on pods. They reach pods without a replacement, so the template hash excludes them. */
import type { FtpServerSpec } from "../../api/ftpserver.generated.ts";
import type { ObjectMeta } from "../../api/kubernetes.ts";
import { CHILD_METADATA_ANNOTATION } from "../model/annotations.ts";
import { canonicalJson } from "../../common/canonical-json.ts";
import type { Pod } from "../model/objects.ts";

type Texts = Readonly<Record<string, string>>;

const KINDS = ["labels", "annotations"] as const;
type Kind = (typeof KINDS)[number];

/** Returns what `spec.childMetadata` gives to pods: `spec.pod.metadata` takes precedence. The annotation records the keys. */
export function podChildMetadata({ childMetadata, pod }: FtpServerSpec): Record<Kind, Texts> {
  const of = (kind: Kind): Texts => without(childMetadata?.[kind], pod.metadata?.[kind]);
  const found = { labels: of("labels"), annotations: of("annotations") };
  const keys = KINDS.map((kind) => Object.keys(found[kind]).toSorted());
  if (keys.flat().length === 0) return found;
  const record = canonicalJson(Object.fromEntries(KINDS.map((kind, index) => [kind, keys[index]])));
  return { ...found, annotations: { ...found.annotations, [CHILD_METADATA_ANNOTATION]: record } };
}

/** A merge patch of metadata: null removes a key. */
export type MetadataPatch = Record<Kind, Record<string, string | null>>;

/** Returns the difference between a running pod and `spec.childMetadata`. Other keys of the pod stay as they are. */
export function podMetadataPatch(spec: FtpServerSpec, { metadata }: Pod): MetadataPatch {
  const desired = podChildMetadata(spec);
  const recorded = recordedKeys(metadata);
  const of = (kind: Kind): Record<string, string | null> => {
    const seen = metadata[kind] ?? {};
    const specific = spec.pod.metadata?.[kind] ?? {};
    const removed = recorded[kind].filter(
      (key) =>
        Object.hasOwn(seen, key) && !Object.hasOwn(desired[kind], key) && !Object.hasOwn(specific, key),
    );
    const changed = Object.entries(desired[kind]).filter(([key, value]) => seen[key] !== value);
    return { ...Object.fromEntries(removed.map((key) => [key, null])), ...Object.fromEntries(changed) };
  };
  return { labels: of("labels"), annotations: of("annotations") };
}

export function isEmptyPatch(patch: MetadataPatch): boolean {
  return KINDS.every((kind) => Object.keys(patch[kind]).length === 0);
}

/** The annotation records itself last, so that it goes when nothing is left. */
function recordedKeys({ annotations }: ObjectMeta): Record<Kind, string[]> {
  const record = annotations?.[CHILD_METADATA_ANNOTATION];
  if (record === undefined) return { labels: [], annotations: [] };
  const { labels, annotations: keys } = parse(record);
  return { labels: texts(labels), annotations: [...texts(keys), CHILD_METADATA_ANNOTATION] };
}

/** Anybody who may change pods can have changed it. */
function parse(record: string): Partial<Record<Kind, unknown>> {
  try {
    return Object(JSON.parse(record));
  } catch {
    return {};
  }
}

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
}

function without(all: Texts = {}, others: Texts = {}): Texts {
  return Object.fromEntries(Object.entries(all).filter(([key]) => !Object.hasOwn(others, key)));
}
