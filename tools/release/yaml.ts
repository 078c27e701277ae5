/** YAML whose shape the caller knows, such as charts and CRDs of this repository. */
import { dump, load, loadAll } from "js-yaml";

/** Returns a text with one document as JSON. */
export function yamlToJson(text: string): string {
  return JSON.stringify(load(text));
}

/** Parses every document of a text; empty ones are left out. */
export function parseDocuments<T>(text: string): T[] {
  const documents: (T | null)[] = JSON.parse(JSON.stringify(loadAll(text)));
  return documents.filter((document) => document !== null);
}

/** Writes a value without line breaks in long strings and without anchors. */
export function toYaml(value: unknown): string {
  return dump(value, { lineWidth: -1, noRefs: true });
}
