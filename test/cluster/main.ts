/** The command line of the test cluster. `node test/cluster/main.ts --help` */
import { Command, Option } from "commander";
import { build } from "./build.ts";
import { programs } from "./programs.ts";
import { messageOf } from "./wait.ts";

const say = (line: string): void => console.log(line);

const cli = new Command("test/cluster/main.ts")
  .description("a real Kubernetes cluster on this machine, for tests and demos")
  .showHelpAfterError();

cli
  .command("build")
  .description("build the programs a cluster is made of, those that are not built yet")
  .addOption(new Option("--only <part>", "build no more than this").choices(["control-plane"]))
  .action(async ({ only }: { only?: "control-plane" }) => {
    // What `make test` needs: the API server, and helm for the chart's tests.
    await build(only ? programs.filter(({ name }) => name === "kube" || name === "helm") : programs, say);
  });

// Commands that run here are ended on exit (run.ts); what an interrupt leaves half made, `down` and the next `up` remove.
for (const [signal, code] of [
  ["SIGINT", 130],
  ["SIGTERM", 143],
] as const) {
  process.once(signal, () => {
    console.error("interrupted");
    process.exit(code);
  });
}

try {
  await cli.parseAsync();
} catch (error) {
  console.error(messageOf(error));
  process.exitCode = 1;
}
