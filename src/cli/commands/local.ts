/** Commands that need no cluster. */
import { Command, Option } from "commander";
import { ipAddress, labels, portNumber, portRange } from "../arguments.ts";

const filenames = (): Option =>
  new Option(
    "-f, --filename <file>",
    "manifests, YAML or JSON, with Secrets beside the FtpServer; - is standard input; can be repeated",
  )
    .argParser((file: string, before: string[] | undefined) => [...(before ?? []), file])
    .makeOptionMandatory();

const namespace = (): Option =>
  new Option("-n, --namespace <name>", "namespace of objects that name none").default("default");

export function renderCommand(): Command {
  return new Command("render")
    .description("print the objects that the operator would apply for an FtpServer; without a cluster")
    .addOption(filenames())
    .addOption(namespace())
    .option("--engine-image <image>", "image of the server pods", "ftp-operator:latest")
    .addOption(
      new Option("--image-pull-policy <policy>", "imagePullPolicy of the server pods")
        .choices(["Always", "IfNotPresent", "Never"])
        .default("IfNotPresent"),
    )
    .option(
      "--operator-namespace <name>",
      "namespace of the operator pods, which the NetworkPolicy admits to the metrics port; requires --operator-labels",
    )
    .option(
      "--operator-labels <labels>",
      "labels of the operator pods, as in --pod-labels of the operator; requires --operator-namespace",
      labels,
    )
    .addOption(new Option("--output <format>", "how to print it").choices(["yaml", "json"]).default("yaml"))
    .addHelpText(
      "after",
      `
What the manifests lack, such as a password Secret, is told on standard error. Where Secrets are given, the output holds password hashes.

Exit codes: 0 printed, 2 a manifest is wrong; each reason is told as \`kubectl apply\` would.

Examples:
  ftp-operator render -f examples/basic.yaml
  kubectl get ftpserver demo -o yaml | ftp-operator render -f - | kubectl diff -f -`,
    )
    .action(async (options) => {
      const { runRender } = await import("./render.ts");
      process.exitCode = await runRender(options);
    });
}

export function convertCommand(): Command {
  return new Command("convert")
    .description("rewrite FtpServers and FtpUsers of the first draft of v1alpha1 with the current fields")
    .addOption(filenames())
    .option("-w, --write", "rewrite the files instead of printing them")
    .addHelpText(
      "after",
      `
Objects in Lists are converted too. Other objects, comments and the order of fields stay. A converted document is printed in the
usual YAML layout; all other documents stay as they are, byte for byte. Each change is reported on standard error.

Exit codes: 0 converted or nothing to convert, 2 a file cannot be read or converted.

Examples:
  ftp-operator convert -f old.yaml > new.yaml
  ftp-operator convert -f servers.yaml -f users.yaml --write`,
    )
    .action(async (options) => {
      const { runConvert } = await import("./convert.ts");
      process.exitCode = await runConvert(options);
    });
}

export function serveCommand(): Command {
  return new Command("serve")
    .description("run the engine of an FtpServer on this machine, without a cluster")
    .addOption(filenames())
    .addOption(namespace())
    .option("--name <name>", "which FtpServer, when the files hold several")
    .option("--directory <path>", "directory to serve (default: a temporary directory, removed at the end)")
    .option(
      "--host <address>",
      "address of this machine to listen on; 0.0.0.0 for all",
      ipAddress,
      "127.0.0.1",
    )
    .option("--port <port>", "control port", portNumber, 2121)
    .option(
      "--passive-ports <first-last>",
      "passive port range (default: the range of the manifest)",
      portRange,
    )
    .option(
      "--metrics-port <port>",
      "port of /healthz, /readyz and /metrics (default: they are not served)",
      portNumber,
    )
    .addOption(
      new Option(
        "--log-format <format>",
        "a readable line for each event, or JSON (default: text on a terminal, JSON elsewhere)",
      ).choices(["text", "json"]),
    )
    .addHelpText(
      "after",
      `
Users, limits and TLS are those of the manifest. PASV announces the address that the client dialled. \`spec.proxyProtocol\` is not applied.
With text, a password is printed at the start if a named manifest file holds it in plain text (\`stringData\`). Logs never contain passwords.
A port that is in use is never replaced by another one. The error names it and a free one.

Exit codes: 0 ended by a signal, 1 failed or stopped by a second signal, 2 a manifest is wrong or a port is not available.

Examples:
  ftp-operator serve -f examples/basic.yaml
  ftp-operator serve -f examples/basic.yaml --directory ./files --host 0.0.0.0`,
    )
    .action(async (options) => {
      const { runServe } = await import("./serve.ts");
      process.exitCode = await runServe(options);
    });
}

export function usersCommand(): Command {
  const hash = new Command("hash")
    .description("print a hash of the password on standard input, for a password Secret")
    .option("--secret <name>", "print a whole Secret of this name")
    .option("-n, --namespace <name>", "namespace of that Secret")
    .addHelpText(
      "after",
      `
The operator takes hashes of scrypt, argon2, bcrypt and sha-crypt in place of a password, so that no Secret holds one in the clear.
It rejects a hash that costs more than scrypt with ln=16,r=8,p=2, argon2 with m=65536,t=4, bcrypt with cost 12 or sha-crypt with rounds=200000.

Exit codes: 0 printed, 2 there is no password on standard input.

Examples:
  ftp-operator users hash
  pwgen 20 1 | ftp-operator users hash --secret alice | kubectl apply -f -`,
    )
    .action(async (options) => {
      const { runHash } = await import("./hash-password.ts");
      process.exitCode = await runHash(options);
    });
  return new Command("users").description("work on accounts").addCommand(hash);
}
