/** Compares command output in the tutorials with the output of the programs. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, it } from "node:test";
import { promisify } from "node:util";
import { Steps } from "../../tools/demo/steps.ts";
import { Serving } from "../support/cli/serving.ts";
import { consoleBlock, notOfDemo, withoutVarying } from "./console-block.ts";

const ROOT = join(import.meta.dirname, "../..");
const TUTORIAL = readFileSync(join(ROOT, "docs/tutorials/try-it.md"), "utf8");
const DEMO = globSync("tools/demo/demo.ts", { cwd: ROOT }).map((file) =>
  readFileSync(join(ROOT, file), "utf8"),
);
const READY = "Press Ctrl-C to stop.";
const run = promisify(execFile);
/** PATH that starts with the folder of the current Node.js, as in the Makefile. */
const PATH = `${dirname(process.execPath)}:${process.env["PATH"]}`;

/** Returns the recipe of `make serve` as a shell command. */
async function recipe(variables: readonly string[]): Promise<string> {
  const options = ["--no-print-directory", "--dry-run", "--old-file=install"];
  // When make runs this test, the environment contains the options of make, which must be removed.
  const { MAKEFLAGS: _flags, MAKEOVERRIDES: _overrides, ...env } = process.env;
  const { stdout } = await run("make", [...options, "serve", ...variables], { cwd: ROOT, env });
  return stdout.replaceAll("\\\n", " ").replaceAll(/ +/g, " ").trim();
}

/** Runs `make serve` and the client commands that it prints, and returns the output of `make serve`. */
async function serveAndTry(): Promise<string> {
  const plain = await recipe(["ARGS=--log-format text"]);
  const withPorts = await recipe(["ARGS=--log-format text", "PORT=12345", "PASSIVE_PORTS=1-2"]);
  assert.equal(withPorts.replace(" --port 12345 --passive-ports 1-2", ""), plain);
  let range = "";
  await using serving = await Serving.start([], {
    ready: READY,
    argv: ({ port, passive }) => {
      range = passive;
      const command = withPorts
        .replace("12345", String(port))
        .replace("--passive-ports 1-2", `--passive-ports ${passive}`);
      return ["bash", "-c", `cd '${ROOT}'; PATH='${PATH}'; exec ${command}`];
    },
  });
  for (const command of serving.stdout.match(/^ {2}curl .*$/gm) ?? [])
    await run("bash", ["-c", command.replace("curl", "curl --silent")], { cwd: ROOT });
  assert.equal(await serving.end("SIGINT"), 0);
  return (
    serving.stdout
      .replaceAll(`:${serving.port}/`, ":2121/")
      .replace(`${serving.port} and ${range}`, "2121 and 50000-50009")
      // The engine prints the line that this call removes only if the last client is still connected when the engine
      // stops.
      .replace(/^Stopping\. .*\n/m, "")
  );
}

describe("docs/tutorials/try-it.md shows", () => {
  it("the output of make serve", async () => {
    const shown = consoleBlock(TUTORIAL, "make serve").map(withoutVarying);
    const printed = (await serveAndTry()).trimEnd().split("\n").map(withoutVarying);
    assert.deepEqual(shown, printed);
  });

  it("the steps of make demo", () => {
    assert.deepEqual(notOfDemo(consoleBlock(TUTORIAL, "make demo"), DEMO.join("\n")), []);
  });
});

describe("check of a block of make demo", () => {
  const source =
    "steps.run('x'); await steps.run(\"first\", a); steps.run(\n `second ${name} of ${other}`, b)";
  const printed = async (...titles: string[]): Promise<string[]> => {
    let text = "";
    const steps = new Steps({ write: (part) => void (text += part), interactive: false });
    for (const title of titles) await steps.run(title, async () => undefined);
    return text.trimEnd().split("\n");
  };

  it("accepts the output of the demo", async () => {
    const lines = await printed("first", "second a of b");
    assert.deepEqual(notOfDemo([...lines, "", "All checks passed in 99.5 s."], source), []);
  });

  it("reports a step with another title, in another place, and a missing step", async () => {
    const [first = "", second = ""] = await printed("first", "third");
    assert.deepEqual(notOfDemo([first, second], source), [second]);
    assert.equal(notOfDemo(await printed("second a of b", "first"), source).length, 2);
    assert.deepEqual(notOfDemo([first], source), ["1 steps are missing"]);
    assert.equal(
      notOfDemo([first, (await printed("first", "second a of b"))[1] ?? "", "All is well."], source).length,
      1,
    );
  });
});
