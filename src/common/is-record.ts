/** Whether a value is an object with named members: no array and not null. For JSON and YAML of unknown shape. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
