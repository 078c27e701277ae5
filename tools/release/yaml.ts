/** Reads and writes YAML with a known structure, such as the chart and the CRDs in this repository. */
import { dump, load, loadAll } from "js-yaml";

/** Converts one YAML document to JSON. */
export function yamlToJson(text: string): string {
  return JSON.stringify(load(text));
}

/** Parses all non-empty YAML documents in a string. */
export function parseDocuments<T>(text: string): T[] {
  const documents: (T | null)[] = JSON.parse(JSON.stringify(loadAll(text)));
  return documents.filter((document) => document !== null);
}

/** Converts a value to YAML without line breaks in long strings and without anchors. */
export function toYaml(value: unknown): string {
  return dump(value, { lineWidth: -1, noRefs: true });
}
