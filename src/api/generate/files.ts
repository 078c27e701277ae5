import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { chartValues, withValuesTable } from "./chart-values.ts";
import { parseCrd, schemaOf, withoutDescriptions } from "./crd.ts";
import { generateReference } from "./reference.ts";
import { generateTypes } from "./types.ts";
import type { Schema } from "../schema.ts";

/** Each kind by the name of its page and of its types. */
const CRDS = { ftpserver: "ftpservers.ftp-operator.io.yaml", ftpuser: "ftpusers.ftp-operator.io.yaml" };
const CHART = "charts/ftp-operator";

/**
 * Every generated file of the checkout at `root`, as it should be.
 * @returns contents by path relative to `root`
 */
export async function generatedFiles(root: string): Promise<Map<string, string>> {
  const read = (path: string): Promise<string> => readFile(join(root, path), "utf8");
  const schemas: Record<string, Schema> = {};
  const files = new Map<string, string>();
  for (const [name, file] of Object.entries(CRDS)) {
    const yaml = await read(join("crds", file));
    const crd = parseCrd(yaml);
    const { kind } = crd.spec.names;
    schemas[kind] = schemaOf(crd);
    files.set(`src/api/${name}.generated.ts`, await formatted(root, generateTypes(kind, schemas[kind])));
    files.set(`docs/reference/${name}.md`, generateReference(crd));
    files.set(join(CHART, "files", file), yaml);
  }
  const readme = await read(join(CHART, "README.md"));
  const values = chartValues(await read(join(CHART, "values.yaml")));
  return files
    .set("src/api/schema.generated.ts", await formatted(root, schemaModule(schemas)))
    .set(join(CHART, "README.md"), withValuesTable(readme, values));
}

function schemaModule(schemas: Readonly<Record<string, Schema>>): string {
  const lines = Object.entries(schemas).map(([kind, schema]) => {
    const name = `${kind.replaceAll(/(?!^)([A-Z])/g, "_$1").toUpperCase()}_SCHEMA`;
    return `/** The schema of an ${kind}, without descriptions. */
export const ${name}: Schema = ${JSON.stringify(withoutDescriptions(schema))};
`;
  });
  return `// Generated from crds/ by \`npm run generate\`; do not edit.
/* eslint-disable max-lines -- data */
import type { Schema } from "./schema.ts";

${lines.join("\n")}`;
}

/** TypeScript in the project's own format. */
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
