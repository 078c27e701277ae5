/** Tested client programs, with a command line for each job. */
import { join } from "node:path";
import type { Mode } from "../../test/support/clients/clients.ts";
import type { Programs } from "./install.ts";

export const PROTECTIONS = ["plain", "explicit", "implicit"] as const;
export type Protection = (typeof PROTECTIONS)[number];

export const JOBS = ["upload", "download", "list", "resume-upload", "resume-download"] as const;
export type Job = (typeof JOBS)[number];

/** A job that a client program runs. */
export interface Task {
  job: Job;
  host: string;
  port: number;
  user: string;
  password: string;
  protection: Protection;
  mode: Mode;
  /** File name in the home directory of the user. */
  name: string;
  /** Local path of the file. */
  file: string;
}

export interface Program {
  name: string;
  /** Command that prints the program version. */
  version(installed: Programs): string[];
  protections: readonly Protection[];
  modes: readonly Mode[];
  jobs: readonly Job[];
  /** Unsupported combinations. */
  cannot?: (protection: Protection, mode: Mode) => boolean;
  /** Limitations and their reasons. */
  note?: string;
  command(task: Task, installed: Programs): string[];
  /** Commands that upload and then download a directory tree, for programs that support directory trees. */
  mirror?: (task: Task, folders: { from: string; to: string }, installed: Programs) => string[][];
}

const BOTH = ["passive", "active"] as const;
const PASSIVE = ["passive"] as const;
const NO_UPLOADS = ["download", "list", "resume-download"] as const;
const NO_RESUMING = ["upload", "download", "list"] as const;
const TIMEOUT_SECONDS = "10";
const ONCE = ["--retries", "1", "--low-level-retries", "1"];

function script(name: string): string {
  return join(import.meta.dirname, name);
}

function address({ host, port, user, password }: Task): string[] {
  return [host, `${port}`, user, password];
}

function jobAndFile({ job, name, file }: Task): string[] {
  return job === "list" ? [job] : [job, name, file];
}

/** Returns the command line for a script. The script receives all parts of a job as arguments. */
function interpreted(program: readonly string[], task: Task): string[] {
  return [...program, ...address(task), task.protection, task.mode, ...jobAndFile(task)];
}

function commonsNet({ root }: Programs): string {
  return join(root, "usr/share/java/commons-net.jar");
}

function curl(task: Task): string[] {
  const { host, port, user, password, protection, mode, job, name, file } = task;
  const scheme = protection === "implicit" ? "ftps" : "ftp";
  const url = `${scheme}://${host}:${port}/${job === "list" ? "" : name}`;
  const tls = protection === "plain" ? [] : ["--ssl-reqd", "-k"];
  const active = mode === "active" ? ["--ftp-port", "-"] : [];
  const work: Record<Job, string[]> = {
    upload: ["-T", file],
    download: ["-o", file],
    list: [],
    "resume-upload": ["-C", "-", "-T", file],
    "resume-download": ["-C", "-", "-o", file],
  };
  return ["curl", "-sS", "-u", `${user}:${password}`, ...tls, ...active, ...work[job], url];
}

function lftp(task: Task): string[] {
  const { job, name, file } = task;
  const work: Record<Job, string> = {
    upload: `put ${file} -o ${name}`,
    download: `get ${name} -o ${file}`,
    list: "ls",
    "resume-upload": `put -c ${file} -o ${name}`,
    "resume-download": `get -c ${name} -o ${file}`,
  };
  return lftpCommand(task, work[job]);
}

function lftpCommand({ host, port, user, password, protection, mode }: Task, work: string): string[] {
  const settings = [
    "cmd:fail-exit yes",
    "cmd:move-background no",
    "net:max-retries 1",
    `net:timeout ${TIMEOUT_SECONDS}`,
    `ftp:passive-mode ${mode === "passive" ? "on" : "off"}`,
    "ssl:verify-certificate no",
    ...(protection === "plain" ? ["ftp:ssl-allow no"] : ["ftp:ssl-force yes", "ftp:ssl-protect-data yes"]),
  ].map((setting) => `set ${setting}; `);
  const scheme = protection === "implicit" ? "ftps" : "ftp";
  const open = `open -u ${user},${password} ${scheme}://${host}:${port}/; `;
  return ["lftp", "-c", settings.join("") + open + work];
}

function wget({ host, port, user, password, protection, mode, job, name, file }: Task): string[] {
  const work: Partial<Record<Job, string[]>> = {
    download: ["-O", file],
    list: ["-O", "-"],
    // With `-c`, wget saves the file under its remote name in the directory that `-P` specifies.
    "resume-download": ["-c", "-P", join(file, "..")],
  };
  const base = ["wget", "-q", "-t1", `-T${TIMEOUT_SECONDS}`, `--user=${user}`, `--password=${password}`];
  return [
    ...base,
    ...(protection === "plain" ? [] : ["--no-check-certificate"]),
    ...(protection === "implicit" ? ["--ftps-implicit"] : []),
    ...(mode === "active" ? ["--no-passive-ftp"] : []),
    ...(work[job] ?? []),
    `${protection === "plain" ? "ftp" : "ftps"}://${host}:${port}/${job === "list" ? "" : name}`,
  ];
}

function rclone(task: Task, installed: Programs): string[] {
  const { job, name, file } = task;
  const work = { upload: ["copyto", file, `:ftp:${name}`], download: ["copyto", `:ftp:${name}`, file] };
  return rcloneCommand(
    task,
    installed,
    job === "upload" || job === "download" ? work[job] : ["lsf", ":ftp:"],
  );
}

function rcloneCommand(task: Task, { root }: Programs, work: readonly string[], retries = ONCE): string[] {
  const { host, port, user, password, protection } = task;
  const tls = { plain: [], explicit: ["--ftp-explicit-tls"], implicit: ["--ftp-tls"] }[protection];
  const script = 'password=$1; shift; exec "$0" --ftp-pass "$("$0" obscure "$password")" "$@"';
  const server = ["--ftp-host", host, "--ftp-port", `${port}`, "--ftp-user", user];
  const options = ["--config", "/dev/null", ...retries, "--ignore-times"];
  return ["bash", "-c", script, join(root, "usr/bin/rclone"), password].concat(
    options,
    server,
    ["--ftp-no-check-certificate"],
    tls,
    work,
  );
}

function ncftp({ host, port, user, password, mode, job, name, file }: Task, { root }: Programs): string[] {
  const login = ["-u", user, "-p", password, "-P", `${port}`, mode === "active" ? "-E" : "-F"];
  const transfer = [...login, "-V", "-t", TIMEOUT_SECONDS, "-r", "1"];
  const program = (end: string): string => join(root, "usr/bin", `ncftp${end}`);
  switch (job) {
    case "list":
      return [program("ls"), ...login, `ftp://${host}/`];
    case "upload":
    case "resume-upload":
      return [program("put"), ...transfer, job === "upload" ? "-Z" : "-z", host, ".", file];
    case "download":
    case "resume-download":
      return [program("get"), ...transfer, job === "download" ? "-Z" : "-z", host, join(file, ".."), name];
  }
}

export const PROGRAMS: readonly Program[] = [
  {
    name: "curl",
    version: () => ["curl", "--version"],
    protections: PROTECTIONS,
    modes: BOTH,
    jobs: JOBS,
    cannot: (protection, mode) => protection !== "plain" && mode === "active",
    note: "7.87 and 7.88 do not start TLS on data connections in active mode (curl issue 10666, fixed in 8.0)",
    command: curl,
  },
  {
    name: "lftp",
    version: () => ["lftp", "--version"],
    protections: PROTECTIONS,
    modes: BOTH,
    jobs: JOBS,
    command: lftp,
    mirror: (task, { from, to }) => [
      lftpCommand(task, `mirror -R --parallel=3 ${from} /tree`),
      lftpCommand(task, `mirror --parallel=3 /tree ${to}`),
    ],
  },
  {
    name: "wget",
    version: () => ["wget", "--version"],
    protections: PROTECTIONS,
    modes: BOTH,
    jobs: NO_UPLOADS,
    note: "does not upload",
    command: wget,
  },
  {
    name: "Python ftplib",
    version: () => ["python3", "--version"],
    protections: ["plain", "explicit"],
    modes: BOTH,
    jobs: JOBS,
    note: "does not support implicit FTPS and never resumes TLS sessions",
    command: (task) => interpreted(["python3", script("ftplib-client.py")], task),
  },
  {
    name: "Ruby Net::FTP",
    version: () => ["ruby", "-r", "net/ftp", "-e", "puts Net::FTP::VERSION"],
    protections: ["plain", "explicit"],
    modes: BOTH,
    jobs: JOBS,
    note: "0.1.3 does not support implicit FTPS",
    command: (task) => interpreted(["ruby", script("net-ftp-client.rb")], task),
  },
  {
    name: "Perl Net::FTP",
    version: () => ["perl", "-MNet::FTP", "-e", "print Net::FTP->VERSION"],
    protections: PROTECTIONS,
    modes: BOTH,
    jobs: JOBS,
    command: (task) => interpreted(["perl", script("net-ftp-client.pl")], task),
  },
  {
    name: "PHP ftp",
    version: () => ["php", "--version"],
    protections: ["plain", "explicit"],
    modes: BOTH,
    jobs: JOBS,
    note: "does not support implicit FTPS",
    command: (task) => interpreted(["php", script("ftp-client.php")], task),
  },
  {
    name: "basic-ftp",
    version: () => ["node", "-p", "require('basic-ftp/package.json').version"],
    protections: PROTECTIONS,
    modes: PASSIVE,
    jobs: JOBS,
    note: "does not support active mode",
    command: (task) =>
      [process.execPath, script("basic-ftp-client.ts")].concat(
        address(task),
        task.protection,
        jobAndFile(task),
      ),
  },
  {
    name: "rclone",
    version: ({ root }) => [join(root, "usr/bin/rclone"), "version"],
    protections: PROTECTIONS,
    modes: PASSIVE,
    jobs: NO_RESUMING,
    note: "does not support active mode, and transfers complete files instead of resuming transfers",
    command: rclone,
    mirror: (task, { from, to }, installed) => [
      rcloneCommand(task, installed, ["copy", "--create-empty-src-dirs", from, ":ftp:tree"], []),
      rcloneCommand(task, installed, ["copy", "--create-empty-src-dirs", ":ftp:tree", to], []),
    ],
  },
  {
    name: "commons-net",
    version: (installed) => ["ls", join(commonsNet(installed), "..")],
    protections: PROTECTIONS,
    modes: BOTH,
    jobs: JOBS,
    command: (task, installed) =>
      interpreted(["java", "-cp", commonsNet(installed), script("java/Client.java")], task),
  },
  {
    name: "jlaffaye/ftp",
    version: () => ["grep", "jlaffaye", script("go/go.mod")],
    protections: PROTECTIONS,
    modes: PASSIVE,
    jobs: JOBS,
    note: "does not support active mode",
    command: (task, { goClient }) =>
      [goClient, `${task.host}:${task.port}`, task.user, task.password, task.protection].concat(
        jobAndFile(task),
      ),
  },
  {
    name: "ncftp",
    version: ({ root }) => [join(root, "usr/bin/ncftpget"), "--help"],
    protections: ["plain"],
    modes: BOTH,
    jobs: ["upload", "download", "list", "resume-download"],
    note: "does not support FTPS. ncftp 3.2.6 does not resume uploads: after REST, ncftp sends the complete file",
    command: ncftp,
  },
];
