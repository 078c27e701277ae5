import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { chartValues, withValuesTable } from "./chart-values.ts";
import { type Crd, schemaOf, withoutDescriptions } from "./crd.ts";
import { validatorModule } from "./engine-config.ts";
import { generateReference } from "./reference.ts";
import { crdYaml, expandCrd, parseDefinitions } from "./source.ts";
import { generateTypes } from "./types.ts";
import type { Schema } from "../../src/api/schema.ts";

/** Resource kinds, keyed by the base name of their schema file, reference page and types file. */
const KINDS = ["ftpserver", "ftpuser"] as const;
const SOURCES = "src/api/schema";
const SHARED_SOURCES = ["shared.yaml", "account.yaml", "scheduling.yaml"];
const CHART = "charts/ftp-operator";

/** Returns the contents of the generated files, keyed by path relative to `root`. */
export async function generatedFiles(root: string): Promise<Map<string, string>> {
  const read = (path: string): Promise<string> => readFile(join(root, path), "utf8");
  const schemas: Record<string, Schema> = {};
  const files = new Map<string, string>();
  for (const [name, crd] of Object.entries(await readCrds(root))) {
    const { kind } = crd.spec.names;
    const yaml = crdYaml(crd, `${SOURCES}/${name}.yaml`);
    schemas[kind] = schemaOf(crd);
    files.set(`crds/${crd.metadata.name}.yaml`, yaml);
    files.set(`src/api/${name}.generated.ts`, await formatted(root, generateTypes(kind, schemas[kind])));
    files.set(`docs/reference/${name}.md`, generateReference(crd));
    files.set(join(CHART, "files", `${crd.metadata.name}.yaml`), yaml);
  }
  const readme = await read(join(CHART, "README.md"));
  const values = chartValues(await read(join(CHART, "values.yaml")));
  return files
    .set("src/engine/config/validator.generated.ts", validatorModule())
    .set("src/api/schema.generated.ts", await formatted(root, schemaModule(schemas)))
    .set(join(CHART, "README.md"), withValuesTable(readme, values));
}

/** Returns both CRDs after the insertion of shared schemas. */
export async function readCrds(root: string): Promise<Record<(typeof KINDS)[number], Crd>> {
  const read = (file: string): Promise<string> => readFile(join(root, SOURCES, file), "utf8");
  const definitions = Object.assign(
    {},
    ...(await Promise.all(SHARED_SOURCES.map(async (file) => parseDefinitions(await read(file))))),
  );
  const [ftpserver, ftpuser] = await Promise.all([read("ftpserver.yaml"), read("ftpuser.yaml")]);
  return { ftpserver: expandCrd(ftpserver, definitions), ftpuser: expandCrd(ftpuser, definitions) };
}

function schemaModule(schemas: Readonly<Record<string, Schema>>): string {
  const lines = Object.entries(schemas).map(([kind, schema]) => {
    const name = `${kind.replaceAll(/(?!^)([A-Z])/g, "_$1").toUpperCase()}_SCHEMA`;
    return `/** The schema of an ${kind}, without descriptions. */
export const ${name}: Schema = ${JSON.stringify(withoutDescriptions(schema))};
`;
  });
  return `// Generated from src/api/schema/ by \`npm run generate\`; do not edit.
/* eslint-disable max-lines -- data */
import type { Schema } from "./schema.ts";

${lines.join("\n")}`;
}

/** Formats TypeScript. */
function formatted(root: string, source: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const biome = join(root, "node_modules/.bin/biome");
    const child = execFile(
      biome,
      ["format", "--stdin-file-path=generated.ts"],
      { cwd: root },
      (error, stdout) => (error ? reject(error) : resolve(stdout)),
    );
    child.stdin?.end(source);
  });
}
