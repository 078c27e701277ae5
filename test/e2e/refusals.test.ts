/**
 * Runs `kubectl apply` with invalid FtpServers. The API server rejects each FtpServer with a message that describes
 * valid input.
 */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { type FirstDraftField, firstDraftFields, firstDraftMessage } from "../../src/api/first-draft.ts";
import { BAD_NAMES, ftpServer, REJECTIONS, UNKNOWN_FIELDS } from "../api/cases.ts";
import { messagesOf } from "../api/crd.ts";
import { OLD_SERVER } from "../support/cli/first-draft.ts";
import { TestNamespace } from "./test-namespace.ts";

const nameOf = (index: number): string => `bad-${index}`;

describe("kubectl apply rejects", () => {
  let namespace: TestNamespace;
  /** Output of kubectl for each FtpServer, keyed by name. */
  let complaints: Map<string, string>;

  before(async () => {
    namespace = await TestNamespace.create("e2e-refusals");
    // The schema validation in kubectl would stop at the first wrong type.
    const items = REJECTIONS.map(({ bad }, index) => ftpServer(bad, nameOf(index)));
    complaints = byName(await refusalOf(items, "--validate=ignore"));
  });

  after(() => namespace?.remove());

  /** Applies objects that the API server must reject. @returns the error messages of kubectl */
  async function refusalOf(items: object[], ...options: string[]): Promise<string> {
    const list = JSON.stringify({ apiVersion: "v1", kind: "List", items });
    const { complaint } = await namespace.kubectl(["apply", ...options, "-f", "-"], list).then(
      (said) => assert.fail(`kubectl took it: ${said}`),
      (error: { finished: { stdout: string; stderr: string } }) => ({ complaint: error.finished.stderr }),
    );
    return complaint;
  }

  for (const [index, { title, path, rule, message = "" }] of REJECTIONS.entries()) {
    it(title, () => {
      const complaint = complaints.get(nameOf(index)) ?? "";
      // Map keys are in brackets, for example `labels[team]`.
      const names = complaint.replaceAll(/\[([a-z]+)\]/g, ".$1");
      assert.ok(names.includes(`spec.${path}`), `${path} is not named: ${complaint}`);
      const expected = rule === undefined ? [message] : messagesOf(rule);
      assert.ok(
        expected.some((text) => (typeof text === "string" ? complaint.includes(text) : text.test(complaint))),
        complaint,
      );
    });
  }

  for (const { spec, path } of UNKNOWN_FIELDS) {
    it(`the unknown field ${path}`, async () => {
      const field = path.split(".").at(-1) ?? "";
      assert.ok((await refusalOf([ftpServer(spec, "unknown")])).includes(`unknown field "${field}"`));
    });
  }

  for (const name of BAD_NAMES) {
    it(`the name ${name.slice(0, 10)}`, async () => {
      await refusalOf([ftpServer({}, name)]);
    });
  }

  it("every field of the first draft, by its new name, type or value", async () => {
    const fields = firstDraftFields({ ...OLD_SERVER, status: {} }).filter(({ change }) => !change.convert);
    const items = fields.map((field, index) =>
      ftpServer(nested(field.path.slice(1), field.value), nameOf(index)),
    );
    const complaints = byName(await refusalOf(items, "--validate=ignore"));
    for (const [index, field] of fields.entries()) {
      const complaint = complaints.get(nameOf(index)) ?? "";
      assert.ok(
        complaint.includes(`${field.change.path}: `),
        `${field.change.path} is not named: ${complaint}`,
      );
      assert.match(complaint, complaintAbout(field));
    }
  });

  it("all of them completely", async () => {
    assert.deepEqual(await namespace.list("ftpservers"), []);
  });
});

/** Returns nested objects with the value at `path`. */
function nested(path: readonly (string | number)[], value: unknown): Record<string, unknown> {
  const [name = "", ...below] = path;
  return { [name]: below.length === 0 ? value : nested(below, value) };
}

/**
 * Returns a pattern for the expected error message about a field in the first API draft. For a field that also exists
 * in the current API, the type or the allowed values reject the value, not a validation rule.
 */
function complaintAbout(field: FirstDraftField): RegExp {
  const { values, isOld } = field.change;
  if (isOld) return /must be of type object/;
  if (values) return /supported values: |should be greater than or equal to 1/;
  return new RegExp(`Forbidden: ${firstDraftMessage(field).replaceAll(".", "\\.")}`);
}

/**
 * Splits the output of kubectl for a list of objects into one error message for each object. Each error names its
 * object and is followed by its causes.
 */
function byName(complaint: string): Map<string, string> {
  const parts = complaint.split(/ "(?=bad-\d+" is invalid)/).slice(1);
  return new Map(parts.map((part): [string, string] => [part.slice(0, part.indexOf('"')), part]));
}
