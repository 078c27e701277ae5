import { canonicalJson } from "../../common/json.ts";
import type { FtpServer, FtpServerSpec } from "../../api/ftpserver.generated.ts";
import type { ObjectMeta } from "../../api/kubernetes.ts";
import { API_VERSION, KIND, serverLabels } from "../../api/names.ts";
import type { PodChildMetadata } from "../model/decision.ts";
import { CHILD_METADATA_ANNOTATION } from "../model/objects.ts";
import type { Pod } from "../model/objects.ts";

interface MetadataOptions {
  /** Labels that only this child has, in addition to the labels of all children. */
  labels?: Record<string, string>;
  /** Metadata that the spec contains for this child. Takes precedence over `spec.childMetadata`. */
  user?:
    | { labels?: Record<string, string> | undefined; annotations?: Record<string, string> | undefined }
    | undefined;
}

/** Returns the metadata of a child that is deleted together with its FtpServer. */
export function childMetadata(server: FtpServer, name: string, options: MetadataOptions = {}): ObjectMeta {
  return { ...orphanMetadata(server, name, options), ...ownerReferences(server) };
}

/** Returns the metadata of a child that remains after its FtpServer is deleted. */
export function orphanMetadata(
  { metadata, spec }: FtpServer,
  name: string,
  { labels, user }: MetadataOptions = {},
): ObjectMeta {
  const { namespace, name: serverName } = metadata;
  const common = spec.childMetadata;
  const annotations = { ...common?.annotations, ...user?.annotations };
  return {
    name,
    ...(namespace === undefined ? {} : { namespace }),
    labels: { ...common?.labels, ...user?.labels, ...serverLabels(serverName), ...labels },
    ...(Object.keys(annotations).length === 0 ? {} : { annotations }),
  };
}

/**
 * Returns the owner reference to an FtpServer. Returns no reference for a manifest without a UID, because only the API
 * server assigns UIDs.
 */
function ownerReferences({ metadata: { name, uid } }: FtpServer): Pick<ObjectMeta, "ownerReferences"> {
  if (uid === undefined) return {};
  return {
    ownerReferences: [
      { apiVersion: API_VERSION, kind: KIND, name, uid, controller: true, blockOwnerDeletion: false },
    ],
  };
}

const KINDS = ["labels", "annotations"] as const;
type Kind = (typeof KINDS)[number];
type Entries = PodChildMetadata[Kind];

/**
 * Returns the labels and annotations that `spec.childMetadata` adds to pods. `spec.pod.metadata` takes precedence. The
 * template hash excludes these labels and annotations, because the operator patches them into running pods. An
 * annotation records the patched keys.
 */
export function buildPodMetadata({ childMetadata, pod }: FtpServerSpec): PodChildMetadata {
  const of = (kind: Kind): Entries => without(childMetadata?.[kind], pod.metadata?.[kind]);
  const found = { labels: of("labels"), annotations: of("annotations") };
  const keys = KINDS.map((kind) => Object.keys(found[kind]).toSorted());
  if (keys.flat().length === 0) return found;
  const record = canonicalJson(Object.fromEntries(KINDS.map((kind, index) => [kind, keys[index]])));
  return { ...found, annotations: { ...found.annotations, [CHILD_METADATA_ANNOTATION]: record } };
}

/** Merge patch for metadata. A null value removes the key. */
export type MetadataPatch = Record<Kind, Record<string, string | null>>;

export const EMPTY_PATCH: MetadataPatch = { labels: {}, annotations: {} };

/**
 * Returns the patch that changes the metadata of a running pod to `desired`. The patch keeps all other labels and
 * annotations.
 */
export function podMetadataPatch(
  desired: PodChildMetadata,
  { pod: template }: FtpServerSpec,
  { metadata }: Pod,
): MetadataPatch {
  const recorded = recordedKeys(metadata);
  const of = (kind: Kind): Record<string, string | null> => {
    const observed = metadata[kind] ?? {};
    const specific = template.metadata?.[kind] ?? {};
    const removed = recorded[kind].filter(
      (key) =>
        Object.hasOwn(observed, key) && !Object.hasOwn(desired[kind], key) && !Object.hasOwn(specific, key),
    );
    const changed = Object.entries(desired[kind]).filter(([key, value]) => observed[key] !== value);
    return { ...Object.fromEntries(removed.map((key) => [key, null])), ...Object.fromEntries(changed) };
  };
  return { labels: of("labels"), annotations: of("annotations") };
}

/** Returns true when a patch contains no changes. */
export function isEmptyPatch(patch: MetadataPatch): boolean {
  return KINDS.every((kind) => Object.keys(patch[kind]).length === 0);
}

/**
 * Returns the keys recorded in the annotation. The annotation also contains its own key, so that the operator removes
 * the annotation when no other key remains.
 */
function recordedKeys({ annotations }: ObjectMeta): Record<Kind, string[]> {
  const record = annotations?.[CHILD_METADATA_ANNOTATION];
  if (record === undefined) return { labels: [], annotations: [] };
  const { labels, annotations: keys } = parse(record);
  return { labels: texts(labels), annotations: [...texts(keys), CHILD_METADATA_ANNOTATION] };
}

/**
 * Parses the recorded keys. The annotation can be invalid, because any client with permission to change pods can write
 * the annotation.
 */
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

function without(all: Entries = {}, others: Entries = {}): Entries {
  return Object.fromEntries(Object.entries(all).filter(([key]) => !Object.hasOwn(others, key)));
}
