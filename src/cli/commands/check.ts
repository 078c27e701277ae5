/** The `check` command of both programs: connects as an FTP client and reports the first failing step. */
import { readFile } from "node:fs/promises";
import { isIP } from "node:net";
import { text } from "node:stream/consumers";
import { Command, Option } from "commander";
import { CHECK_USER } from "../../api/engine-config.ts";
import type { FtpServerStatus } from "../../api/ftpserver.generated.ts";
import { childNames } from "../../api/names.ts";
import { CommandError } from "../../common/command-error.ts";
import type { Secret } from "../../plan/model/objects.ts";
import type { ProbeAccount, ProbeRequest } from "../../probe/request.ts";
import { integer, portNumber } from "../options.ts";
import { type FtpServerClient, ftpServerCommand } from "../cluster/ftp-server-client.ts";
import { type OutputFormat, outputOption } from "../output.ts";

const MAX_TIMEOUT_SECONDS = 300;
const MAX_WAIT_SECONDS = 3600;
const STEP_TIMEOUT_SECONDS = 10;
/** Password that servers expect from anonymous users (RFC 1635). */
const ANONYMOUS_PASSWORD = "check@ftp-operator";
/** Login names that accept any password (RFC 1635). */
const ANONYMOUS_USERS: ReadonlySet<string> = new Set(["anonymous", "ftp"]);

const FAMILIES = { ipv4: 4, ipv6: 6 } as const;
type Family = keyof typeof FAMILIES;

const TLS_MODES = { none: "None", explicit: "Explicit", implicit: "Implicit" } as const;

const NO_ACCOUNT = "no account was given: add --user NAME --password-file FILE, or --user anonymous";
const CHECKS_DISABLED =
  "reachability checks are disabled in the FtpServer or in the operator: use `ftp-operator check` with an account";

interface Options {
  family?: Family;
  wait?: number;
  output: OutputFormat;
}

interface HostOptions extends Options {
  port?: number;
  tls: keyof typeof TLS_MODES;
  insecure?: boolean;
  user?: string;
  passwordFile?: string;
  timeout: number;
}

/** `ftp-operator check HOST`. */
export function checkCommand(): Command {
  return new Command("check")
    .description(
      "connect to an FTP server, log in and list a directory with PASV and EPSV; report the first failing step and its usual cause",
    )
    .argument("<host>", "host name or IP address that clients connect to")
    .option("--port <PORT>", "connect to PORT (default: 21, or 990 with --tls implicit)", portNumber)
    .addOption(
      new Option("--tls <MODE>", "use no TLS, AUTH TLS (explicit) or TLS from the first byte (implicit)")
        .choices(["none", "explicit", "implicit"])
        .default("none"),
    )
    .addOption(
      familyOption(
        "use address family FAMILY when the host name has IPv4 and IPv6 addresses (default: IPv4 if available)",
      ),
    )
    .option("--insecure", "skip verification of the server certificate")
    .option("--user <NAME>", "log in as NAME; anonymous requires no password (default: no login)")
    .option("--password-file <FILE>", "read the password from FILE; - is standard input")
    .option(
      "--timeout <SECONDS>",
      "fail a step that takes longer than SECONDS",
      integer(MAX_TIMEOUT_SECONDS),
      STEP_TIMEOUT_SECONDS,
    )
    .addOption(waitOption())
    .addOption(outputOption())
    .addHelpText(
      "after",
      `
Without --user, the check tests neither the login nor the passive ports. The report lists the steps that were not tested. In JSON,
\`outcome\` is \`LoginNotTried\` instead of \`Open\`.

Exit codes: 0 no step failed, 1 a step failed, 2 usage error.

Examples:
  ftp-operator check ftp.example.com
  ftp-operator check ftp.example.com --user anonymous
  ftp-operator check ftp.example.com --family ipv6
  ftp-operator check 192.0.2.10 --tls explicit --insecure --user alice --password-file -`,
    )
    .action(async (host: string, options: HostOptions) => {
      process.exitCode = await checkHost(host, options);
    });
}

/** `kubectl ftpsrv check NAME`. */
export function checkServerCommand(): Command {
  return ftpServerCommand(
    "check",
    "connect from this machine as an FTP client and report the first failing step",
    checkServer,
  )
    .addOption(familyOption("connect to an address of FAMILY (default: the host in the endpoint)"))
    .addOption(waitOption())
    .addOption(outputOption());
}

function waitOption(): Option {
  return new Option("--wait <SECONDS>", "retry a failed check for up to SECONDS").argParser(
    integer(MAX_WAIT_SECONDS),
  );
}

function familyOption(description: string): Option {
  return new Option("--family <FAMILY>", description).choices(["ipv4", "ipv6"]);
}

/** @returns the exit code: 0 if no step failed, 1 if a step failed @throws CommandError for usage errors */
async function checkHost(host: string, options: HostOptions): Promise<number> {
  const { tls, port, insecure, timeout, output, wait } = options;
  const account = await accountOf(options);
  const request: ProbeRequest = {
    ...destinationOf(host, options.family),
    port: port ?? (tls === "implicit" ? 990 : 21),
    tls: TLS_MODES[tls],
    verifyCertificate: insecure !== true,
    ...(account && { account }),
    timeoutMilliseconds: timeout * 1000,
  };
  const { reportProbe } = await import("../probe-report.ts");
  return await reportProbe(request, { output, ...(wait && { wait }), whyNoAccount: NO_ACCOUNT });
}

/** @param host host name or IP address; an IPv6 address can be in brackets @throws CommandError */
function destinationOf(host: string, family: Family | undefined): Pick<ProbeRequest, "host" | "family"> {
  const bare = host.replace(/^\[(.*)\]$/u, "$1");
  if (family === undefined) return { host: bare };
  const version = isIP(bare);
  if (version !== 0 && version !== FAMILIES[family])
    throw new CommandError(`--family ${family} does not match the address: ${bare}`, {
      hint: "remove --family",
    });
  return { host: bare, family: FAMILIES[family] };
}

/** @throws CommandError */
async function accountOf({ user, passwordFile }: HostOptions): Promise<ProbeAccount | undefined> {
  if (user === undefined) {
    if (passwordFile === undefined) return undefined;
    throw new CommandError("--password-file without --user", { hint: "add --user NAME" });
  }
  // A line break in a login name would start another FTP command.
  if (user === "" || /\p{Cc}/u.test(user))
    throw new CommandError(`empty name or control characters in --user: ${user}`, {
      hint: "set --user to a valid login name",
    });
  if (passwordFile !== undefined) return { user, password: await readPassword(passwordFile) };
  if (ANONYMOUS_USERS.has(user.toLowerCase())) return { user, password: ANONYMOUS_PASSWORD };
  throw new CommandError(`no password for user: ${user}`, {
    hint: "add --password-file FILE, or --password-file - to read the password from standard input",
  });
}

/** @throws CommandError */
async function readPassword(file: string): Promise<string> {
  const content = await (file === "-" ? text(process.stdin) : readFile(file, "utf8")).catch(() => "");
  const password = content.replace(/\r?\n$/, "");
  if (password !== "" && !/[\r\n]/.test(password)) return password;
  throw new CommandError(`no password in file: ${file}`, {
    hint: "set --password-file to a readable file that contains the password as its only line",
  });
}

/**
 * Connects from this machine to the endpoint of an FtpServer. Logs in with the account for reachability checks, whose
 * password is in the Secret with the engine configuration. Without this account, the check ends before the login.
 * @returns the exit code: 0 if no step failed, 1 if a step failed
 * @throws CommandError if the FtpServer has no endpoint or no address of the family, or the Secret cannot be read
 */
async function checkServer(server: FtpServerClient, { family, output, wait }: Options): Promise<number> {
  const { spec, status } = server.object;
  if (status?.endpoint === undefined)
    throw new CommandError(`FtpServer without an endpoint: ${server.name}`, {
      hint: `see \`kubectl ftpsrv status ${server.name}\``,
    });
  const { hostname, port } = new URL(status.endpoint);
  const { readConfigSecret } = await import("../../plan/desired/config-secret.ts");
  const secret = await server.kubectl.get<Secret>("secret", childNames.configSecret(server.name));
  const token = readConfigSecret(secret)?.check?.token;
  const isImplicit = spec.tls.mode === "Implicit";
  const tls = isImplicit ? "Implicit" : spec.tls.mode === "Disabled" ? "None" : "Explicit";
  const request: ProbeRequest = {
    host: family === undefined ? hostname.replace(/^\[|\]$/g, "") : addressOf(status, family),
    port: port === "" ? (isImplicit ? 990 : 21) : Number(port),
    tls,
    ...(token !== undefined && { account: { user: CHECK_USER, password: token } }),
    // The check tests only the network path. The certificate does not always contain the host in the endpoint.
    verifyCertificate: false,
    timeoutMilliseconds: STEP_TIMEOUT_SECONDS * 1000,
  };
  const { reportProbe } = await import("../probe-report.ts");
  return await reportProbe(request, { output, ...(wait && { wait }), whyNoAccount: CHECKS_DISABLED });
}

/** @throws CommandError */
function addressOf({ addresses = [] }: FtpServerStatus, family: Family): string {
  const found = addresses.find(({ value }) => isIP(value) === FAMILIES[family])?.value;
  if (found !== undefined) return found;
  const all = addresses.map(({ value }) => value).join(", ") || "none";
  throw new CommandError(`the FtpServer has no IPv${FAMILIES[family]} address`, {
    hint: `addresses of the FtpServer: ${all}`,
  });
}
