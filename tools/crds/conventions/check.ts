/**
 * Checks CRDs against the Kubernetes API conventions. The checks are similar to those that kube-api-linter runs on Go
 * types.
 */
import { schemaOf } from "../../generate-api/crd.ts";
import type { Crd } from "../../generate-api/crd.ts";
import type { Schema } from "../../../src/api/schema.ts";
import type { Convention } from "./convention.ts";
import { EXCEPTIONS, type Exception } from "./exceptions.ts";
import { NAME_CONVENTIONS } from "./names.ts";
import { isRenamed, partsOf, schemaAt, type Version } from "./part.ts";
import { STRUCTURE_CONVENTIONS } from "./structure.ts";
import { TYPE_CONVENTIONS } from "./types.ts";

export const CONVENTIONS: readonly Convention[] = [
  ...TYPE_CONVENTIONS,
  ...NAME_CONVENTIONS,
  ...STRUCTURE_CONVENTIONS,
];
/**
 * ID of the only convention that applies to renamed fields. Other conventions do not apply, because renamed fields keep
 * the schema from the first draft.
 */
const FOR_RENAMED = "renamed-field";

export interface Violation {
  convention: string;
  path: string;
  /** Description of the violation or of the required change. */
  message: string;
}

/** Returns the violations of one convention in a schema. Exceptions are not applied. */
export function violationsOf(convention: Convention, root: Schema): Violation[] {
  return partsOf(root).flatMap((part) => {
    if (isRenamed(part) && convention.id !== FOR_RENAMED) return [];
    const message = convention.check(part, root);
    return message === undefined ? [] : [{ convention: convention.id, path: part.path, message }];
  });
}

/** Returns a line for each violation in the CRDs and each unused exception. */
export function conventionViolations(crds: readonly Crd[], exceptions = EXCEPTIONS): string[] {
  const unused = new Set(exceptions);
  const found = crds.flatMap((crd) => {
    const { kind } = crd.spec.names;
    const schema = schemaOf(crd);
    const violations = [
      ...CONVENTIONS.flatMap((one) => violationsOf(one, schema)),
      ...versionViolations(crd),
    ];
    return violations
      .filter((violation) => !isException(violation, exceptions, unused))
      .map(({ convention, path, message }) => `${kind} ${path}: ${message} (${convention})`);
  });
  const stale = [...unused].map(
    ({ conventions, path }) => `exception for ${conventions.join()} at ${path}: no violation, remove it`,
  );
  return [...found, ...ruleConflicts(crds), ...stale];
}

function isException(
  { convention, path }: Violation,
  all: readonly Exception[],
  unused: Set<Exception>,
): boolean {
  const matching = all.filter((one) => one.conventions.includes(convention) && one.path.test(path));
  for (const exception of matching) unused.delete(exception);
  return matching.length > 0;
}

/** Returns violations outside the schema: in subresources, selectable fields and printer columns. */
function versionViolations(crd: Crd): Violation[] {
  const schema = schemaOf(crd);
  const versions: readonly Version[] = crd.spec.versions;
  return versions.flatMap((version) => {
    const { subresources, selectableFields = [], additionalPrinterColumns = [] } = version;
    const paths = [...selectableFields, ...additionalPrinterColumns].map(({ jsonPath }) => jsonPath);
    const missing = paths.filter(
      (path) => !/^\.metadata\.|\[\?/.test(path) && !schemaAt(schema, path.slice(1)),
    );
    const silent = additionalPrinterColumns.filter(({ description = "" }) => !description.endsWith("."));
    const hasStatus = schema.properties?.["status"] !== undefined;
    return [
      ...missing.map((path) => ({ convention: "known-path", path, message: "no such field" })),
      ...silent.map(({ name }) => ({ convention: "column", path: name, message: "add a description" })),
      ...(hasStatus === (subresources?.status !== undefined)
        ? []
        : [{ convention: "status-subresource", path: "status", message: "declare the status subresource" }]),
    ];
  });
}

/** Returns a violation for each ID that different validation rules have in common. */
function ruleConflicts(crds: readonly Crd[]): string[] {
  const rules = new Map<string, string>();
  return crds.flatMap((crd) =>
    partsOf(schemaOf(crd)).flatMap(({ schema, path }) =>
      (schema.rules ?? []).flatMap(({ id, rule, message }) => {
        const text = `${rule}\n${schema.renamed === undefined ? message : ""}`;
        const known = rules.get(id) ?? text;
        rules.set(id, text);
        return known === text
          ? []
          : [`${crd.spec.names.kind} ${path}: another rule has the id ${id} (rule-identity)`];
      }),
    ),
  );
}
