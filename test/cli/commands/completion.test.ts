import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { test } from "node:test";
import { stepsOf } from "../../../src/cli/commands/completion.ts";
import { createProgram } from "../../../src/cli/ftp-operator.ts";
import { ftpOperator } from "../../support/cli/command-line.ts";

/** Returns the bash completions for the last word. */
function complete(script: string, ...words: string[]): string[] {
  const ask = `${script}\nCOMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _ftp_operator; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const output = execFileSync("bash", ["-c", ask, "bash", "ftp-operator", ...words], { encoding: "utf8" });
  return output.split("\n").filter((line) => line !== "");
}

test("bash completes commands, their options and choices", async () => {
  const { stdout: script } = await ftpOperator(["completion", "bash"]);
  assert.ok(complete(script, "").includes("render"));
  assert.deepEqual(complete(script, "re"), ["render"]);
  assert.deepEqual(complete(script, "render", "-f", "file.yaml", "--out"), ["--output"]);
  assert.deepEqual(complete(script, "users", ""), ["hash", "--help"]);
  assert.deepEqual(complete(script, "users", "hash", "--se"), ["--secret"]);
  assert.deepEqual(complete(script, "completion", "f"), ["fish"]);
});

test("the script of each shell contains all commands and options", async () => {
  const words = stepsOf(await createProgram()).flatMap(({ words }) => words);
  assert.ok(words.length > 40);
  for (const shell of ["bash", "zsh", "fish"]) {
    const { stdout, code } = await ftpOperator(["completion", shell]);
    assert.equal(code, 0);
    for (const word of words) assert.ok(stdout.includes(word), `${shell}: ${word}`);
  }
});
