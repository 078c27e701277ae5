import assert from "node:assert/strict";
import { test } from "node:test";
import { changesIn, parseChangelog, releaseUnreleased } from "../../../tools/release/changelog.ts";

const HOME = "https://github.com/example/example";
const TEXT = `# Changelog

Introduction.

## [Unreleased]

### Added

- One thing, with a
  second line.

### Security

- Another.

## [0.1.0] - 2026-01-02

### Added

- The first.

[Unreleased]: ${HOME}/compare/v0.1.0...HEAD
[0.1.0]: ${HOME}/releases/tag/v0.1.0
`;

test("a release moves the unreleased entries below its heading and links the changes", () => {
  const released = releaseUnreleased(TEXT, "0.2.0", "2026-11-29", HOME);
  assert.equal(
    released,
    TEXT.replace("## [Unreleased]", "## [Unreleased]\n\n## [0.2.0] - 2026-11-29").replace(
      `${HOME}/compare/v0.1.0...HEAD\n`,
      `${HOME}/compare/v0.2.0...HEAD\n[0.2.0]: ${HOME}/compare/v0.1.0...v0.2.0\n`,
    ),
  );
  const { unreleased, sections } = parseChangelog(released);
  assert.equal(unreleased, "");
  assert.deepEqual(
    sections.map(({ version, date }) => [version, date]),
    [
      ["0.2.0", "2026-11-29"],
      ["0.1.0", "2026-01-02"],
    ],
  );
  assert.throws(() => releaseUnreleased(released, "0.3.0", "2026-11-30", HOME), /nothing below/u);
});

test("entries of a section have their kind and one line each", () => {
  assert.deepEqual(changesIn(parseChangelog(TEXT).unreleased), [
    { kind: "Added", text: "One thing, with a second line." },
    { kind: "Security", text: "Another." },
  ]);
});
