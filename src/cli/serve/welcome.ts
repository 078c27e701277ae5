/** The text that `serve` prints at startup: addresses, users and example commands. */
import { networkInterfaces } from "node:os";
import type { EngineConfig, EngineUser } from "../../api/engine-config.ts";
import type { FtpServer } from "../../api/ftpserver.generated.ts";
import { KIND } from "../../api/names.ts";
import { hostInUrl } from "../../common/urls.ts";
import { BUILD } from "../../common/version.ts";
import { accountLock } from "../../plan/accounts/account-state.ts";
import { type Manifests, secretValueKey } from "../manifests/read-manifests.ts";
import { placeOf } from "./storage-place.ts";

/** Maximum number of user names in the text. For additional users, the text contains only their number. */
const MAX_NAMED_USERS = 5;
const LABEL_WIDTH = 10;
const ALL_ADDRESSES: ReadonlySet<string> = new Set(["0.0.0.0", "::"]);
const LOOPBACK = "127.0.0.1";
/** Control characters, format characters and lone surrogates, which URLs cannot contain. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;
/** Characters that curl interprets as part of a pattern, also in the file name after `-T`. */
const CURL_PATTERN = /[[\]{}]/;

export interface WelcomeOptions {
  server: FtpServer;
  manifests: Manifests;
  /** Manifest files in the form given on the command line. */
  files: readonly string[];
  config: EngineConfig;
  host: string;
  /** HTTP port. If this field is undefined, the engine does not serve metrics. */
  metricsPort: number | undefined;
  /** True if the files are removed on exit. */
  isTemporary: boolean;
}

/**
 * Returns the startup text. The text contains a password only if a manifest file contains the password in plain text.
 */
export function welcome(options: WelcomeOptions): string {
  const { server, files, config, host, metricsPort, isTemporary } = options;
  const accounts = accountsOf(options);
  const { first, last } = config.passive.portRange;
  const reach = isLoopback(host) ? "; on this machine only, unless you add --host 0.0.0.0" : "";
  const facts = [
    ["URL", urlOf(config, host)],
    ["Users", usersText(accounts, config)],
    [
      "Files",
      `${placeOf(config.storage)}${isTemporary && "root" in config.storage ? ", removed on exit (use --directory PATH to keep the files)" : ""}`,
    ],
    ["Ports", `${config.controlPort} and ${first}-${last}${reach}`],
    ...(metricsPort === undefined ? [] : [["Metrics", `http://${urlHost(host)}:${metricsPort}/metrics`]]),
  ];
  const commands = commandsFor(accounts, options);
  return [
    `ftp-operator ${BUILD.version} serves ${KIND} ${server.metadata.name} from ${files.map(sourceName).join(", ")}`,
    "",
    ...facts.map(([label = "", text]) => `  ${label.padEnd(LABEL_WIDTH)}${text}`),
    "",
    ...(commands.length === 0
      ? []
      : ["Try these commands in another terminal:", "", ...commands.map(indented), ""]),
  ].join("\n");
}

function sourceName(file: string): string {
  return file === "-" ? "standard input" : file;
}

interface Account {
  user: EngineUser;
  /** The value is undefined if the text must not contain the password. */
  password: string | undefined;
}

/** Returns the accounts that can log in. Accounts with printable passwords come first. */
function accountsOf({ server, manifests: { plainValues }, config }: WelcomeOptions): Account[] {
  const { metadata, spec } = server;
  const passwords = new Map(
    spec.users.map(({ name, passwordSecretRef: ref }) => [
      name,
      ref && plainValues.get(secretValueKey(metadata.namespace ?? "", ref.name, ref.key)),
    ]),
  );
  const now = Date.now();
  const accounts = config.users
    .filter((user) => accountLock(user, now) === undefined)
    .map((user) => ({ user, password: printablePassword(passwords.get(user.name)) }));
  return accounts.toSorted((a, b) => Number(a.password === undefined) - Number(b.password === undefined));
}

/**
 * Returns the password, or undefined if the value is a hash or contains control characters. A hash is not usable as a
 * password, and control characters could affect the terminal.
 */
function printablePassword(value: string | undefined): string | undefined {
  return value === undefined || value.startsWith("$") || UNPRINTABLE.test(value) ? undefined : value;
}

function usersText(accounts: readonly Account[], { anonymous }: EngineConfig): string {
  const named = accounts
    .slice(0, MAX_NAMED_USERS)
    .map(({ user, password }) => `${user.name}${password === undefined ? "" : ` (password: ${password})`}`);
  const more = accounts.length - named.length;
  const all = [
    ...named,
    ...(more > 0 ? [`${more} more`] : []),
    ...(anonymous === undefined ? [] : ["anonymous"]),
  ];
  return all.join(", ") || "no user can log in";
}

/** Returns curl commands that the permissions of the first account allow. */
function commandsFor([account]: readonly Account[], { config, host, files }: WelcomeOptions): string[] {
  const { tls } = config;
  // Certificates rarely contain the address of this machine, so curl skips the verification.
  const encryption =
    tls === undefined ? "" : tls.mode === "Implicit" ? " --insecure" : " --ssl-reqd --insecure";
  const certificate = tls?.clientCertificates.mode === "Required" ? " --cert FILE --key FILE" : "";
  const curl = `curl${encryption}${certificate}`;
  if (account === undefined)
    return config.anonymous === undefined ? [] : [`${curl} ${quoted(urlOf(config, host))}`];
  const { user, password } = account;
  const credentials = password === undefined ? undefined : `${encoded(user.name)}:${encoded(password)}`;
  const target = `${credentials === undefined ? `--user ${quoted(user.name)} ` : ""}${quoted(urlOf(config, host, credentials))}`;
  return [
    ...(user.permissions.includes("Write") ? [`${curl} ${uploadOptions(files)} ${target}`] : []),
    ...(user.permissions.includes("List") ? [`${curl} ${target}`] : []),
  ];
}

/**
 * Returns curl options that upload the first manifest file. The options prevent curl from interpreting characters in
 * the file name.
 */
function uploadOptions(files: readonly string[]): string {
  const file = files.find((name) => name !== "-") ?? "FILE";
  return `${CURL_PATTERN.test(file) ? "--globoff " : ""}-T ${quoted(file)}`;
}

function urlOf({ controlPort, tls }: EngineConfig, host: string, credentials?: string): string {
  const scheme = tls?.mode === "Implicit" ? "ftps" : "ftp";
  return `${scheme}://${credentials === undefined ? "" : `${credentials}@`}${urlHost(host)}:${controlPort}/`;
}

/**
 * Returns the address to connect to. If the engine listens on all addresses, returns an address that other machines can
 * reach.
 */
function urlHost(host: string): string {
  if (!ALL_ADDRESSES.has(host)) return hostInUrl(host);
  const own = Object.values(networkInterfaces()).flatMap((addresses = []) => addresses);
  return own.find(({ family, internal }) => family === "IPv4" && !internal)?.address ?? LOOPBACK;
}

function isLoopback(host: string): boolean {
  return host === "::1" || host.startsWith("127.");
}

/** Encodes text for a URL so that a shell requires no quotes. */
function encoded(text: string): string {
  return encodeURIComponent(text).replaceAll(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}

function indented(line: string): string {
  return `  ${line}`;
}
