import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";

const FOLDER = join(import.meta.dirname, "../../docs/contributing/decisions");
const FILES = globSync("[0-9]*.md", { cwd: FOLDER }).toSorted();
const PARTS = ["Context", "Decision", "Alternatives", "Consequences"];

interface Record {
  number: string;
  title: string;
  status: string;
  date: string;
  parts: string[];
}

/** Returns the parts of a decision record. @throws Error when the record has no title, status or date */
function readRecord(file: string): Record {
  const text = readFileSync(join(FOLDER, file), "utf8");
  const head = /^# (\d{4}): (.+)\n\n- Status: (.+)\n- Date: (\d{4}-\d{2}-\d{2})\n/.exec(text);
  if (!head) throw new Error(`${file} does not begin with its number, title, status and date`);
  const [, number = "", title = "", status = "", date = ""] = head;
  const sections = text.split(/^## /m).slice(1);
  for (const section of sections) assert.match(section, /^.+\n\n\S/, `${file}: a part is empty`);
  return { number, title, status, date, parts: sections.map((section) => section.split("\n")[0] ?? "") };
}

describe("decision records", () => {
  for (const [index, file] of FILES.entries())
    it(`${file} has the parts of a record`, () => {
      const { number, status, parts } = readRecord(file);
      assert.equal(number, String(index + 1).padStart(4, "0"));
      assert.ok(file.startsWith(`${number}-`));
      assert.match(status, /^(?:proposed|accepted|rejected|superseded by \d{4})$/);
      assert.deepEqual(parts, PARTS);
    });

  it("are in the list of the folder with number, title, status and date", () => {
    const list = readFileSync(join(FOLDER, "index.md"), "utf8");
    const rows = list.split("\n").filter((line) => line.startsWith("| ["));
    const expected = FILES.map((file) => {
      const { number, title, status, date } = readRecord(file);
      return `| [${number}](${file}) | ${title} | ${status} | ${date} |`;
    });
    assert.deepEqual(rows, expected);
  });
});
