import { Command, Option } from "commander";
import { portNumber, wholeNumber } from "../arguments.ts";

const MAX_TIMEOUT_SECONDS = 300;
const MAX_WAIT_SECONDS = 3600;

/** Of everything that checks a way. */
export function waitOption(): Option {
  return new Option("--wait <seconds>", "go a way that is not open again, at most this long").argParser(
    wholeNumber("number of seconds", MAX_WAIT_SECONDS),
  );
}

/** Of everything that connects to one of several addresses. */
export function familyOption(description: string): Option {
  return new Option("--family <family>", description).choices(["ipv4", "ipv6"]);
}

export function checkCommand(): Command {
  return new Command("check")
    .description(
      "connect to a server, log in and list over PASV and EPSV; report the first failing step and its usual cause",
    )
    .argument("<host>", "host name or IP address, as clients dial it")
    .option("--port <port>", "control port; 21, or 990 with implicit TLS, when left out", portNumber)
    .addOption(
      new Option("--tls <mode>", "TLS by AUTH TLS, or from the first byte on")
        .choices(["none", "explicit", "implicit"])
        .default("none"),
    )
    .addOption(
      familyOption(
        "address family to connect in, for a host name with both (default: IPv4 if the name has it)",
      ),
    )
    .option("--insecure", "take any certificate")
    .option("--user <name>", "login name; anonymous needs no password (default: do not log in)")
    .option("--password-file <file>", "file with the password; - is standard input")
    .option(
      "--timeout <seconds>",
      "longest time for each step",
      wholeNumber("number of seconds", MAX_TIMEOUT_SECONDS),
      10,
    )
    .addOption(waitOption())
    .addOption(new Option("--output <format>", "how to print it").choices(["text", "json"]).default("text"))
    .addHelpText(
      "after",
      `
Without --user, the login and the passive ports are not tried. The report names them, and \`outcome\` of the JSON is LoginNotTried instead of Open.

Exit codes: 0 no step failed, 1 a step failed, 2 the command was wrong.

Examples:
  ftp-operator check ftp.example.com
  ftp-operator check ftp.example.com --user anonymous
  ftp-operator check ftp.example.com --family ipv6
  ftp-operator check 192.0.2.10 --tls explicit --insecure --user alice --password-file -`,
    )
    .action(async (host: string, options) => {
      const { runCheck } = await import("./run-check.ts");
      process.exitCode = await runCheck({ host, ...options });
    });
}
