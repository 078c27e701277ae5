import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { FTP_SERVER_SCHEMA } from "../../src/api/schema.generated.ts";
import type { Schema } from "../../src/api/schema.ts";

export const ROOT = join(import.meta.dirname, "../..");
export const CRD_FILE = join(ROOT, "crds/ftpservers.ftp-operator.io.yaml");

export const USER_CRD_FILE = join(ROOT, "crds/ftpusers.ftp-operator.io.yaml");

export function crdYaml(file = CRD_FILE): string {
  return readFileSync(file, "utf8");
}

/** Calls `visit` for a schema and all nested schemas, with the path of each schema, for example `.spec.users[].name`. */
export function everySchema(schema: Schema, visit: (schema: Schema, path: string) => void, path = ""): void {
  visit(schema, path);
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    everySchema(property, visit, `${path}.${name}`);
  }
  if (schema.items) everySchema(schema.items, visit, `${path}[]`);
  if (schema.additionalProperties) everySchema(schema.additionalProperties, visit, `${path}{}`);
}

/** Returns the messages of all rules with the given ID. */
export function messagesOf(id: string): string[] {
  const messages: string[] = [];
  everySchema(FTP_SERVER_SCHEMA, ({ rules = [] }) => {
    for (const rule of rules) if (rule.id === id) messages.push(rule.message);
  });
  if (messages.length === 0) throw new Error(`no rule ${id}`);
  return messages;
}

/** Asserts that the text contains the message of the rule with the given ID. */
export function assertRejectedBy(rule: string, message: string): void {
  assert.ok(
    messagesOf(rule).some((text) => message.includes(text)),
    message,
  );
}

/** Converts an API server path to the format of validate.ts. The API server writes `labels[team]` instead of `labels.team`. */
export function dotted(field: string): string {
  return field.replaceAll(/\[([^\d\]][^\]]*)\]/g, ".$1");
}
