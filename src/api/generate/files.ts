import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { chartValues, withValuesTable } from "./chart-values.ts";
import { parseCrd, schemaOf, withoutDescriptions } from "./crd.ts";
import { generateReference } from "./reference.ts";
import { generateTypes } from "./types.ts";

const CRD = "ftpservers.ftp-operator.io.yaml";
const CHART = "charts/ftp-operator";

/**
 * Every generated file of the checkout at `root`, as it should be.
 * @returns contents by path relative to `root`
 */
export async function generatedFiles(root: string): Promise<Map<string, string>> {
  const read = (path: string): Promise<string> => readFile(join(root, path), "utf8");
  const yaml = await read(join("crds", CRD));
  const crd = parseCrd(yaml);
  const schema = schemaOf(crd);
  const readme = await read(join(CHART, "README.md"));
  const values = chartValues(await read(join(CHART, "values.yaml")));
  return new Map([
    ["src/api/ftpserver.generated.ts", await formatted(root, generateTypes(crd.spec.names.kind, schema))],
    ["src/api/schema.generated.ts", await formatted(root, schemaModule(withoutDescriptions(schema)))],
    ["docs/reference/ftpserver.md", generateReference(crd)],
    [join(CHART, "files", CRD), yaml],
    [join(CHART, "README.md"), withValuesTable(readme, values)],
  ]);
}

function schemaModule(schema: object): string {
  return `// Generated from crds/ by \`npm run generate\`; do not edit.
/* eslint-disable max-lines -- data */
import type { Schema } from "./schema.ts";

/** The schema of an FtpServer, without descriptions. */
export const FTP_SERVER_SCHEMA: Schema = ${JSON.stringify(schema)};
`;
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
