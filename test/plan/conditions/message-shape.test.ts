/** Checks that every condition message consists of complete sentences and names an object or a field. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { COMMON_REASONS, EVENT_REASONS, SERVER_REASONS } from "../../../src/plan/conditions/reasons.ts";
import { USER_REASONS } from "../../../src/plan/conditions/reasons/accounts.ts";
import { collectMessages } from "../../support/plan/condition-scenarios.ts";
import { WordList } from "../../../tools/words/rules.ts";

const WORDS = new WordList(
  readFileSync(join(import.meta.dirname, "../../../tools/words/never.yaml"), "utf8"),
);
const MAX_WORDS = 30;

const messages = collectMessages();

/** Returns the style violations in a message. */
function violations(text: string): string[] {
  const prose = text.replaceAll(/`[^`]*`/g, "X");
  const sentences = prose.split(/(?<=[.!?]) (?=[A-Z0-9])/);
  return [
    ...(/^[A-Z0-9`[]/.test(text) ? [] : ["does not begin with a capital letter"]),
    ...(text.endsWith(".") ? [] : ["does not end with a period"]),
    ...(/[;!]| {2}/.test(prose) ? ["chains sentences or contains an exclamation mark"] : []),
    ...sentences
      .filter((sentence) => sentence.split(" ").length > MAX_WORDS)
      .map((sentence) => `has a sentence of more than ${MAX_WORDS} words: ${sentence}`),
    ...WORDS.violations("src/plan/conditions", prose).map(({ word }) => `contains "${word}"`),
  ];
}

/** Keys of conditions whose message names no object and no field. */
const GENERAL = /^Reconciling | (?:NotCreated|NotStalled|NotChecked)$/;
/** Object names that messages contain outside code spans. */
const SUBJECT =
  /`|\b(?:Account|account|FtpServer|FtpUser|PASV|PersistentVolumeClaim|Pod|pod|Secret|Service|Slots?|StatefulSet|TLS|certificate|client|clients|engine|load balancer|node|operator|replicas?|slots?|user|users|volume)\b/;

describe("messages of conditions", () => {
  test("exist for every reason of the catalog", () => {
    const expected = [
      ...Object.entries(SERVER_REASONS).flatMap(([type, reasons]) =>
        Object.keys(reasons).map((reason) => `${type} ${reason}`),
      ),
      ...Object.entries(USER_REASONS).flatMap(([type, reasons]) =>
        Object.keys(reasons).map((reason) => `FtpUser ${type} ${reason}`),
      ),
    ];
    assert.deepEqual(
      expected.filter((key) => !messages.has(key)),
      [],
    );
  });

  test("are complete sentences without words of the never list", () => {
    // The reason InvalidSpec contains messages from the schema and its validation rules.
    const own = [...messages].filter(([key]) => !key.endsWith(" InvalidSpec"));
    const wrong = own.flatMap(([key, message]) =>
      violations(message).map((violation) => `${key} ${violation}: ${message}`),
    );
    assert.deepEqual(wrong, []);
  });

  test("name an object or a field", () => {
    const wrong = [...messages].filter(([key, message]) => !GENERAL.test(key) && !SUBJECT.test(message));
    assert.deepEqual(wrong, []);
  });
});

describe("the catalog of reasons", () => {
  test("has complete sentences without words of the never list", () => {
    const entries: [string, { meaning: string; remedy?: string }][] = [
      ...Object.values(SERVER_REASONS),
      ...Object.values(USER_REASONS),
      COMMON_REASONS,
      EVENT_REASONS,
    ].flatMap((reasons) => Object.entries(reasons));
    const wrong = entries.flatMap(([reason, { meaning, remedy }]) =>
      [meaning, ...(remedy === undefined ? [] : [remedy])].flatMap((text) =>
        violations(text).map((violation) => `${reason} ${violation}: ${text}`),
      ),
    );
    assert.deepEqual(wrong, []);
  });
});
