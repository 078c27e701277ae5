import { readFile } from "node:fs/promises";
import { text } from "node:stream/consumers";
import { loadAll } from "js-yaml";
import { firstDraftFields, firstDraftMessage } from "../../api/first-draft.ts";
import type { FtpServer } from "../../api/ftpserver.generated.ts";
import type { FtpUser } from "../../api/ftpuser.generated.ts";
import type { KubeObject } from "../../api/kubernetes.ts";
import { KIND, USER_KIND } from "../../api/names.ts";
import { validate, withDefaults } from "../../api/validate.ts";
import type { ConfigMap, Secret } from "../../plan/model/objects.ts";

/** What manifests say, checked as the API server would check it. */
export interface Manifests {
  servers: FtpServer[];
  users: FtpUser[];
  secrets: Secret[];
  configMaps: ConfigMap[];
  /**
   * Values that a named file holds in plain text (`stringData`), by {@link secretValueKey}. Values from standard input are not here:
   * they come from somewhere else than a file that anybody who sees this terminal could read.
   */
  plainValues: Map<string, string>;
  /** Labels by namespace, of those that are among the manifests. */
  namespaceLabels: Map<string, Readonly<Record<string, string>>>;
}

/** Manifests that cannot be used; one line for each reason. */
export class ManifestError extends Error {
  override name = "ManifestError";
}

/**
 * Reads manifests from YAML or JSON files; `-` is standard input. Kinds that servers do not depend on are passed over.
 * @param namespace of objects that name none
 * @throws ManifestError
 */
export async function readManifests(files: readonly string[], namespace: string): Promise<Manifests> {
  const objects = (await Promise.all(files.map(readObjects))).flat();
  const found: Manifests = {
    servers: [],
    users: [],
    secrets: [],
    configMaps: [],
    plainValues: new Map(),
    namespaceLabels: new Map(),
  };
  const old = firstDraftProblems(objects);
  if (old.length > 0) throw new ManifestError(old.join("\n"));
  const violations = objects.flatMap(({ file, object }) => take(found, file, placed(object, namespace)));
  if (found.servers.length === 0 && violations.length === 0) {
    violations.push(`${files.join(", ")}: there is no ${KIND}; name a file with one`);
  }
  if (violations.length > 0) throw new ManifestError(violations.join("\n"));
  return found;
}

interface Read {
  file: string;
  object: KubeObject;
}

async function readObjects(file: string): Promise<Read[]> {
  let documents: unknown[];
  try {
    documents = loadAll(file === "-" ? await text(process.stdin) : await readFile(file, "utf8"));
  } catch (error) {
    const [reason] = (error instanceof Error ? error.message : String(error)).split("\n");
    throw new ManifestError(`${file}: cannot be read as YAML (${reason})`);
  }
  return documents.filter((document) => document !== null && document !== undefined).flatMap(unfold(file));
}

/** An object, or those of a List. */
function unfold(file: string): (document: unknown) => Read[] {
  return (document) => {
    if (isObject(document)) return [{ file, object: document }];
    const items = isRecord(document) && document["kind"] === "List" ? document["items"] : undefined;
    if (Array.isArray(items)) return items.flatMap(unfold(file));
    throw new ManifestError(
      `${file}: holds something that is no Kubernetes object: it has no kind or no metadata.name`,
    );
  };
}

function isObject(value: unknown): value is KubeObject {
  if (!isRecord(value) || typeof value["kind"] !== "string") return false;
  const { metadata } = value;
  return isRecord(metadata) && typeof metadata["name"] === "string";
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function placed(object: KubeObject, namespace: string): KubeObject {
  return { ...object, metadata: { namespace, ...object.metadata } };
}

/** Returns one line for each field of the first draft, and one with the command that converts the files. */
function firstDraftProblems(objects: readonly Read[]): string[] {
  const found = objects.flatMap(({ file, object }) =>
    firstDraftFields(object).map((field) => ({
      file,
      line: `${file}: ${object.kind} ${object.metadata.name}: ${firstDraftMessage(field)}`,
    })),
  );
  if (found.length === 0) return [];
  const files = [...new Set(found.map(({ file }) => `--filename ${file}`))].join(" ");
  return [...found.map(({ line }) => line), `hint: convert the fields with: ftp-operator convert ${files}`];
}

/** @returns what is wrong with the object */
function take(found: Manifests, file: string, object: KubeObject): string[] {
  const { kind, metadata } = object;
  switch (kind) {
    case KIND:
    case USER_KIND: {
      const violations = validate(kind, object);
      if (violations.length > 0) {
        return violations.map(
          ({ path, message }) => `${file}: ${kind} ${metadata.name}: ${path}: ${message}`,
        );
      }
      if (kind === KIND) found.servers.push(withDefaults(kind, object));
      else found.users.push(withDefaults(kind, object));
      return [];
    }
    case "Secret":
      found.secrets.push(toSecret(object));
      if (file !== "-") rememberPlainValues(found.plainValues, object);
      return [];
    case "ConfigMap":
      found.configMaps.push(toConfigMap(object));
      return [];
    case "Namespace":
      found.namespaceLabels.set(metadata.name, {
        "kubernetes.io/metadata.name": metadata.name,
        ...metadata.labels,
      });
      return [];
    default:
      return [];
  }
}

/** Returns the key of a Secret's value in {@link Manifests.plainValues}. */
export function secretValueKey(namespace: string, name: string, key: string): string {
  return `${namespace}/${name}/${key}`;
}

function rememberPlainValues(
  values: Map<string, string>,
  { metadata: { namespace = "", name }, stringData }: KubeObject & { stringData?: unknown },
): void {
  for (const [key, value] of Object.entries(isRecord(stringData) ? stringData : {}))
    values.set(secretValueKey(namespace, name, key), String(value));
}

function toConfigMap({ apiVersion, metadata, data }: KubeObject & { data?: unknown }): ConfigMap {
  const entries = Object.entries(isRecord(data) ? data : {}).map(([key, value]) => [key, String(value)]);
  return { apiVersion, kind: "ConfigMap", metadata, data: Object.fromEntries(entries) };
}

/** As the API server stores it: `stringData` becomes `data`. */
function toSecret(object: KubeObject & { data?: unknown; stringData?: unknown; type?: string }): Secret {
  const { apiVersion, metadata, data, stringData, type = "Opaque" } = object;
  const plain = Object.entries(isRecord(stringData) ? stringData : {}).map(([key, value]) => [
    key,
    Buffer.from(String(value)).toString("base64"),
  ]);
  const encoded = Object.entries(isRecord(data) ? data : {}).map(([key, value]) => [key, String(value)]);
  return { apiVersion, kind: "Secret", metadata, type, data: Object.fromEntries([...encoded, ...plain]) };
}
