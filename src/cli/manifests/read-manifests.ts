import { readFile } from "node:fs/promises";
import { text } from "node:stream/consumers";
import { loadAll } from "js-yaml";
import { firstDraftFields, firstDraftMessage } from "../../api/first-draft.ts";
import type { FtpServer } from "../../api/ftpserver.generated.ts";
import type { FtpUser } from "../../api/ftpuser.generated.ts";
import type { KubeObject } from "../../api/kubernetes.ts";
import { KIND, USER_KIND } from "../../api/names.ts";
import { checked } from "../../api/validate.ts";
import { CommandError } from "../../common/command-error.ts";
import { isRecord } from "../../common/json.ts";
import type { ConfigMap, Secret } from "../../plan/model/objects.ts";

/** Valid objects from manifests, including default values. */
export interface Manifests {
  servers: FtpServer[];
  users: FtpUser[];
  secrets: Secret[];
  configMaps: ConfigMap[];
  /**
   * Plain-text values (`stringData`) of Secrets in named files, keyed by {@link secretValueKey}. Values from standard
   * input are absent because their source can be confidential.
   */
  plainValues: Map<string, string>;
  /** Labels of the Namespaces in the manifests, keyed by namespace name. */
  namespaceLabels: Map<string, Readonly<Record<string, string>>>;
}

/**
 * Reads manifests from YAML or JSON files. The file name `-` means standard input. Ignores kinds that an FtpServer does
 * not depend on.
 * @param namespace namespace of objects without a namespace
 * @throws CommandError with one line for each violation
 */
export async function readManifests(files: readonly string[], namespace: string): Promise<Manifests> {
  const objects = (await Promise.all(files.map(readObjects))).flat();
  rejectFirstDraft(objects);
  const manifests: Manifests = {
    servers: [],
    users: [],
    secrets: [],
    configMaps: [],
    plainValues: new Map(),
    namespaceLabels: new Map(),
  };
  const violations = objects.flatMap(({ file, object }) =>
    add(manifests, file, { ...object, metadata: { namespace, ...object.metadata } }),
  );
  if (violations.length > 0)
    throw new CommandError(violations, { hint: "see `kubectl explain ftpserver.spec` for the fields" });
  if (manifests.servers.length === 0)
    throw new CommandError(`no ${KIND} found: ${files.join(", ")}`, {
      hint: `add a file with an ${KIND} with --filename`,
    });
  return manifests;
}

interface FileObject {
  file: string;
  object: KubeObject;
}

async function readObjects(file: string): Promise<FileObject[]> {
  let documents: unknown[];
  try {
    documents = loadAll(file === "-" ? await text(process.stdin) : await readFile(file, "utf8"));
  } catch (error) {
    const [reason] = (error instanceof Error ? error.message : String(error)).split("\n");
    throw new CommandError(`file cannot be read as YAML: ${file}: ${reason}`, {
      hint: "set --filename to a manifest in YAML or JSON",
    });
  }
  return documents
    .filter((document) => document !== null && document !== undefined)
    .flatMap((document) => objectsOf(document, file));
}

/** Returns the object in a document, or the objects of a List. @throws CommandError */
function objectsOf(document: unknown, file: string): FileObject[] {
  if (isObject(document)) return [{ file, object: document }];
  const items = isRecord(document) && document["kind"] === "List" ? document["items"] : undefined;
  if (Array.isArray(items)) return items.flatMap((item) => objectsOf(item, file));
  throw new CommandError(`document without kind or metadata.name: ${file}`, {
    hint: "set --filename to manifests of Kubernetes objects",
  });
}

function isObject(value: unknown): value is KubeObject {
  if (!isRecord(value) || typeof value["kind"] !== "string") return false;
  const { metadata } = value;
  return isRecord(metadata) && typeof metadata["name"] === "string";
}

/** @throws CommandError with one line for each first-draft field, and with the command that converts the files */
function rejectFirstDraft(objects: readonly FileObject[]): void {
  const found = objects.flatMap(({ file, object }) =>
    firstDraftFields(object).map((field) => ({
      file,
      line: `${file}: ${object.kind} ${object.metadata.name}: ${firstDraftMessage(field)}`,
    })),
  );
  if (found.length === 0) return;
  const files = [...new Set(found.map(({ file }) => `--filename ${file}`))].join(" ");
  throw new CommandError(
    found.map(({ line }) => line),
    { hint: `convert the fields with \`ftp-operator convert ${files}\`` },
  );
}

/** Adds an object to the manifests. @returns the violations of the object */
function add(manifests: Manifests, file: string, object: KubeObject): string[] {
  const { kind, metadata } = object;
  switch (kind) {
    case KIND:
      return addChecked(KIND, file, object, manifests.servers);
    case USER_KIND:
      return addChecked(USER_KIND, file, object, manifests.users);
    case "Secret":
      manifests.secrets.push(toSecret(object));
      if (file !== "-") rememberPlainValues(manifests.plainValues, object);
      return [];
    case "ConfigMap":
      manifests.configMaps.push(toConfigMap(object));
      return [];
    case "Namespace":
      manifests.namespaceLabels.set(metadata.name, {
        "kubernetes.io/metadata.name": metadata.name,
        ...metadata.labels,
      });
      return [];
    default:
      return [];
  }
}

function addChecked<K extends Parameters<typeof checked>[0]>(
  kind: K,
  file: string,
  object: KubeObject,
  list: Extract<ReturnType<typeof checked<K>>, { value: unknown }>["value"][],
): string[] {
  const result = checked(kind, object);
  if ("value" in result) {
    list.push(result.value);
    return [];
  }
  return result.violations.map(
    ({ path, message }) => `${file}: ${kind} ${object.metadata.name}: ${path}: ${message}`,
  );
}

/** Returns the key of a Secret value in {@link Manifests.plainValues}. */
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

/** Returns a Secret in the format that the API server stores, with `stringData` moved to `data`. */
function toSecret(object: KubeObject & { data?: unknown; stringData?: unknown; type?: string }): Secret {
  const { apiVersion, metadata, data, stringData, type = "Opaque" } = object;
  const plain = Object.entries(isRecord(stringData) ? stringData : {}).map(([key, value]) => [
    key,
    Buffer.from(String(value)).toString("base64"),
  ]);
  const encoded = Object.entries(isRecord(data) ? data : {}).map(([key, value]) => [key, String(value)]);
  return { apiVersion, kind: "Secret", metadata, type, data: Object.fromEntries([...encoded, ...plain]) };
}
