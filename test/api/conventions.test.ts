/** Tests the checks for Kubernetes API conventions. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { CONVENTIONS, conventionViolations, violationsOf } from "../../tools/crds/conventions/check.ts";
import { EXCEPTIONS } from "../../tools/crds/conventions/exceptions.ts";
import { WITHOUT_CONVENTION } from "../../tools/crds/conventions/convention.ts";
import { type Crd, schemaOf } from "../../tools/generate-api/crd.ts";
import { readCrds } from "../../tools/generate-api/files.ts";
import type { Schema } from "../../src/api/schema.ts";
import { ROOT } from "./crd.ts";

/** All linters in the documentation and the registry of kube-api-linter (as of November 2026). */
const KUBE_API_LINTER =
  `arrayofstruct commentstart conditions conflictingmarkers defaultorrequired defaults dependenttags
  discriminatedunions duplicatemarkers forbiddenmarkers integers jsontags markerscope maxlength minlength namingconventions nobools
  nodurations nofloats nomaps nonpointerstructs nonullable nophase noreferences notimestamp optionalfields optionalorrequired
  preferredmarkers requiredfields ssatags statusoptional statussubresource uniquemarkers`.split(/\s+/);

const { ftpserver, ftpuser } = await readCrds(ROOT);

/** Returns a copy of a CRD that a test can change. */
const copyOf = (crd: Crd): any => structuredClone(crd);
const damaged = (damage: (crd: any) => void): string[] => {
  const crd = copyOf(ftpserver);
  damage(crd);
  return conventionViolations([crd, ftpuser]);
};

describe("the CRDs", () => {
  it("follow all conventions, and all exceptions are used", () => {
    assert.deepEqual(conventionViolations([ftpserver, ftpuser]), []);
  });

  for (const convention of CONVENTIONS)
    it(`are checked by ${convention.id}, which reports a violation`, () => {
      const root = {
        properties: { spec: { properties: { example: convention.broken } }, status: convention.broken },
      };
      assert.notDeepEqual(violationsOf(convention, root), []);
    });

  it("are checked for a status subresource, known paths and described columns", () => {
    const version = (crd: any) => crd.spec.versions[0];
    const lines = [
      ...damaged((crd) => delete version(crd).subresources.status),
      ...damaged((crd) => version(crd).selectableFields.push({ jsonPath: ".spec.missing" })),
      ...damaged((crd) => delete version(crd).additionalPrinterColumns[0].description),
    ];
    assert.deepEqual(lines, [
      "FtpServer status: declare the status subresource (status-subresource)",
      "FtpServer .spec.missing: no such field (known-path)",
      "FtpServer Ready: add a description (column)",
    ]);
  });

  it("are checked for different rules with one ID", () => {
    const [line = ""] = damaged((crd) => {
      schemaOf(crd).rules = [{ id: "users-required", rule: "true", message: "another message of this rule" }];
    });
    assert.match(line, /^FtpServer spec: another rule has the id users-required/);
  });

  it("cannot have an unused exception", () => {
    const stale = { conventions: ["no-phase"], path: /^spec\.phase$/, reason: "none" };
    assert.deepEqual(conventionViolations([ftpserver, ftpuser], [...EXCEPTIONS, stale]), [
      "exception for no-phase at /^spec\\.phase$/: no violation, remove it",
    ]);
  });
});

describe("each linter of kube-api-linter", () => {
  it("has a convention or a reason", () => {
    const covered = CONVENTIONS.flatMap(({ linters }) => linters);
    const known = new Set([...covered, "statussubresource", ...Object.keys(WITHOUT_CONVENTION)]);
    assert.deepEqual([...known].toSorted(), KUBE_API_LINTER);
    assert.deepEqual(
      Object.keys(WITHOUT_CONVENTION).filter((linter) => covered.includes(linter)),
      [],
    );
  });
});

describe("an FtpUser", () => {
  const specOf = (crd: Crd) => schemaOf(crd).properties?.["spec"]?.properties;
  /** Returns a schema without descriptions. */
  const bare = (schema: unknown): unknown =>
    JSON.parse(JSON.stringify(schema, (key, value) => (key === "description" ? undefined : value)));

  it("has the fields of spec.users of an FtpServer with the same schema, except that its home directory can start with /@", () => {
    const { name, homeDirectory, ...fields } = specOf(ftpserver)?.["users"]?.items?.properties ?? {};
    const { serverRef, loginName, homeDirectory: ownHome, ...own } = specOf(ftpuser) ?? {};
    assert.ok(serverRef && Object.keys(fields).length > 4);
    assert.deepEqual(bare(own), bare(fields));
    const { rules = [], ...home }: Schema = homeDirectory ?? {};
    assert.deepEqual(
      rules.map(({ id }) => id),
      ["home-directory-syntax", "home-directory-reserved"],
    );
    assert.deepEqual(bare(ownHome), bare({ ...home, rules: rules.slice(0, 1) }));
    assert.deepEqual(bare(loginName), bare(name));
  });
});
