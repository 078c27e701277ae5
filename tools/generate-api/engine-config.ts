import { createRequire } from "node:module";
import { Ajv, _ } from "ajv";
import type { default as standalone } from "ajv/dist/standalone/index.js";
import { FORMATS } from "../../src/engine/config/formats.ts";
import { ENGINE_CONFIG_SCHEMA } from "../../src/engine/config/schema.ts";

// A static import would have the wrong type, because the module is in the CommonJS format.
const { default: standaloneCode }: { default: typeof standalone.default } = createRequire(import.meta.url)(
  "ajv/dist/standalone",
);

/** Matches the way in which Ajv loads its own functions. */
const RUNTIME = /const (?<name>\w+) = require\("(?<module>ajv\/dist\/runtime\/\w+)"\)\.default;?/gu;

/**
 * Returns the module that validates an engine configuration. Ajv generates the code, so that an engine does not need time
 * to load Ajv and to compile the schema when it starts (docs/contributing/decisions/0017).
 */
export function validatorModule(): string {
  const ajv = new Ajv({
    allErrors: true,
    discriminator: true,
    strict: true,
    strictTypes: false,
    strictRequired: false,
    code: { source: true, esm: true, lines: true, formats: _`FORMATS` },
  });
  for (const [name, { validate }] of Object.entries(FORMATS)) ajv.addFormat(name, { validate });
  const code = standaloneCode(ajv, ajv.compile(ENGINE_CONFIG_SCHEMA))
    .replace(/^"use strict";\s*/u, "")
    .replace(
      /export const validate = (\w+);\s*export default \1;/u,
      "export const validate: ValidateFunction<EngineConfig> = $1;",
    )
    .replaceAll(RUNTIME, 'import $<name>Module from "$<module>.js";\nconst $<name> = $<name>Module.default;');
  return `// Generated from src/engine/config/schema.ts by \`npm run generate\`; do not edit.
// @ts-nocheck: Ajv generates JavaScript.
/* eslint-disable -- Ajv generates this code. */
import type { ValidateFunction } from "ajv";
import type { EngineConfig } from "../../api/engine-config.ts";
import { FORMATS } from "./formats.ts";
${code}`;
}
