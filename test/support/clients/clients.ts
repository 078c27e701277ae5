/** Runs common FTP clients through one interface. Each client is a separate program. */
import { basename, join } from "node:path";
import { hostInUrl } from "../../../src/common/urls.ts";

export const MODES = ["passive", "active"] as const;
export type Mode = (typeof MODES)[number];

/** Address and account for a login. */
export interface Login {
  host: string;
  port: number;
  user: string;
  password: string;
}

/** The host on which a client runs, and the login that it uses. */
export interface Site {
  login: Login;
  /** Runs a program to completion and returns its standard output. @throws Error when the program fails */
  run(argv: readonly string[]): Promise<string>;
}

/**
 * An FTP client, with its implementation of each job. Each file has the same name on the client host and in the home
 * directory of the user.
 */
export interface FtpClient {
  name: string;
  modes: readonly Mode[];
  /** Undefined if the program does not support uploads. */
  upload?(site: Site, mode: Mode, file: string): Promise<unknown>;
  download(site: Site, mode: Mode, file: string): Promise<unknown>;
  /** Returns a listing with the names of all files in the home directory. */
  list(site: Site, mode: Mode): Promise<string>;
}

/** Maximum time in seconds that a client waits for a reply. */
const TIMEOUT_SECONDS = "10";

export function url({ login }: Site, name = ""): string {
  return `ftp://${hostInUrl(login.host)}:${login.port}/${encodeURIComponent(name)}`;
}

export function curl(site: Site, mode: Mode, ...args: string[]): Promise<string> {
  const { user, password } = site.login;
  const active = mode === "active" ? ["--ftp-port", "-"] : [];
  return site.run([
    "curl",
    "-sS",
    "--connect-timeout",
    TIMEOUT_SECONDS,
    "-u",
    `${user}:${password}`,
    ...active,
    ...args,
  ]);
}

/** Runs lftp. @param more settings that lftp requires before it connects */
export function lftp(
  site: Site,
  mode: Mode,
  commands: string,
  more: readonly string[] = [],
): Promise<string> {
  const { user, password } = site.login;
  const settings = [
    "cmd:fail-exit yes",
    // Without this setting, a background job would keep the output open, and the test would not end.
    "cmd:move-background no",
    "net:max-retries 1",
    `net:timeout ${TIMEOUT_SECONDS}`,
    `ftp:passive-mode ${mode === "passive" ? "on" : "off"}`,
    ...more,
  ];
  const set = settings.map((setting) => `set ${setting}; `).join("");
  return site.run(["lftp", "-c", `${set}open -u "${user},${password}" ${url(site)}; ${commands}`]);
}

function wget(site: Site, mode: Mode, output: string, name: string): Promise<string> {
  const { user, password } = site.login;
  const active = mode === "active" ? ["--no-passive-ftp"] : [];
  const options = ["-q", "-t1", `-T${TIMEOUT_SECONDS}`, "--output-document", output];
  return site.run([
    "wget",
    ...options,
    `--user=${user}`,
    `--password=${password}`,
    ...active,
    url(site, name),
  ]);
}

function ftplib(site: Site, mode: Mode, job: string, ...file: string[]): Promise<string> {
  return site.run(["python3", script("ftplib-client.py"), ...address(site), mode, job, ...file]);
}

function basicFtp(site: Site, job: string, ...file: string[]): Promise<string> {
  return site.run([process.execPath, script("basic-ftp-client.ts"), ...address(site), job, ...file]);
}

function address({ login: { host, port, user, password } }: Site): string[] {
  return [host, String(port), user, password];
}

function script(name: string): string {
  return join(import.meta.dirname, name);
}

export const CLIENTS: readonly FtpClient[] = [
  {
    name: "curl",
    modes: MODES,
    upload: (site, mode, file) => curl(site, mode, "-T", file, url(site)),
    download: (site, mode, file) => curl(site, mode, "-o", file, url(site, basename(file))),
    list: (site, mode) => curl(site, mode, url(site)),
  },
  {
    name: "lftp",
    modes: MODES,
    upload: (site, mode, file) => lftp(site, mode, `put ${file}`),
    download: (site, mode, file) => lftp(site, mode, `get ${basename(file)} -o ${file}`),
    list: (site, mode) => lftp(site, mode, "ls"),
  },
  {
    name: "wget",
    modes: MODES,
    download: (site, mode, file) => wget(site, mode, file, basename(file)),
    list: (site, mode) => wget(site, mode, "-", ""),
  },
  {
    name: "ftplib",
    modes: MODES,
    upload: (site, mode, file) => ftplib(site, mode, "upload", basename(file), file),
    download: (site, mode, file) => ftplib(site, mode, "download", basename(file), file),
    list: (site, mode) => ftplib(site, mode, "list"),
  },
  {
    name: "basic-ftp",
    modes: ["passive"],
    upload: (site, _, file) => basicFtp(site, "upload", basename(file), file),
    download: (site, _, file) => basicFtp(site, "download", basename(file), file),
    list: (site) => basicFtp(site, "list"),
  },
];
