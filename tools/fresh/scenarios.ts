/** Commands that a new user runs, with their expected results. */
import assert from "node:assert/strict";
import type { FreshSystem } from "./system.ts";

const SECOND = 1000;

export const scenarios = {
  serve: async (system: FreshSystem): Promise<void> => {
    const { output, milliseconds } = await system.run("make serve", {
      interruptAt: /^Ready|"msg":"serving"/,
    });
    // The exit code of make after Ctrl-C depends on whether make or the engine exits first.
    assert.match(output, /^Stopped|"msg":"drained"/m, "make serve did not end cleanly after Ctrl-C");
    system.say(`make serve: from a fresh machine to a running engine in ${seconds(milliseconds)}`);
  },

  demo: async (system: FreshSystem): Promise<void> => {
    // All commands run in one shell, because the cluster terminates with the PID namespace of the shell.
    const { code, marks } = await system.run(
      "make demo && echo == cold && make demo && echo == warm && make cluster-down",
    );
    assert.equal(code, 0, `make demo exited with code ${code}`);
    const [cold = 0, both = 0] = marks;
    system.say(`make demo: ${seconds(cold)} with empty caches, ${seconds(both - cold)} with full caches`);
  },

  /**
   * Without root permissions, make prints a command to run as root. After this command, the tests run without root
   * permissions.
   */
  test: async (system: FreshSystem): Promise<void> => {
    const refused = await system.run("make test", { user: "alice" });
    assert.equal(refused.code, 2, `make test without Debian packages exited with code ${refused.code}`);
    const command = /^ {2}run: (?:sudo sh|su root) -c '(.*)'$/m.exec(refused.output)?.[1];
    assert.ok(command, "make test did not print a command for root");
    assert.equal((await system.run(command)).code, 0);
    const { code, milliseconds } = await system.run("make test", { user: "alice" });
    assert.equal(code, 0, `make test exited with code ${code}`);
    system.say(`make test: ${seconds(milliseconds)} without root`);
  },
} as const;

export type Scenario = keyof typeof scenarios;

export function isScenario(name: string): name is Scenario {
  return Object.hasOwn(scenarios, name);
}

function seconds(milliseconds: number): string {
  return `${Math.round(milliseconds / SECOND)} s`;
}
