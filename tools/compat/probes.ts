/** Input for both servers: command sequences, and all verbs from the command table with arguments in several forms. */
import { SITE_COMMANDS } from "../../src/engine/commands/site.ts";
import { COMMANDS, NOT_IMPLEMENTED } from "../../src/engine/commands/table.ts";

/** Lines of one session. The comparison uses only the outcome of the last line. */
export interface Probe {
  /** Verb in the last line. */
  verb: string;
  lines: readonly string[];
  login: "Before" | "After";
}

/** Content of the home directory before each probe: a file of 10 bytes, and a directory that contains a file. */
export const FILES = { f: "0123456789", "d/inner": "x" } as const;

/** Usual arguments, by verb. */
const ARGUMENTS: Readonly<Record<string, string>> = {
  USER: "anonymous",
  ACCT: "x",
  HOST: "localhost",
  AUTH: "TLS",
  PBSZ: "0",
  PROT: "P",
  CWD: "d",
  XCWD: "d",
  SMNT: "d",
  TYPE: "I",
  MODE: "S",
  STRU: "F",
  ALLO: "10",
  OPTS: "UTF8 ON",
  EPSV: "1",
  PORT: "127,0,0,1,200,1",
  EPRT: "|1|127.0.0.1|51201|",
  STOR: "new",
  STOU: "new",
  REST: "5",
  RANG: "1 3",
  LIST: "d",
  NLST: "d",
  MLSD: "d",
  MFMT: "20200229120000 f",
  MFCT: "20200229120000 f",
  MFF: "Modify=20200229120000; f",
  MKD: "new",
  XMKD: "new",
  RMD: "empty",
  XRMD: "empty",
  RNTO: "new",
  LANG: "EN",
  CLNT: "probe",
  CSID: "Name=probe;",
  HELP: "RETR",
  AVBL: "d",
  "SITE CHMOD": "644 f",
  "SITE UTIME": "20200229120000 f",
  "SITE CPTO": "new",
  "SITE UMASK": "022",
  "SITE IDLE": "60",
  "SITE HELP": "CHMOD",
};

/** Command lines to send before the probed line, keyed by verb. */
const PRELUDES: Readonly<Record<string, readonly string[]>> = {
  RNTO: ["RNFR f"],
  RMD: ["MKD empty"],
  XRMD: ["MKD empty"],
  "SITE CPTO": ["SITE CPFR f"],
};

/** Returns command lines for one verb with an argument in several forms. */
function forms(verb: string, argument: string): string[] {
  return [
    verb,
    `${verb} `,
    `${verb.toLowerCase()} ${argument}`,
    `${verb} ${argument}`,
    `${verb} ${argument} `,
    `${verb}  ${argument}`,
    `${verb} "${argument}"`,
    `${verb} -a ${argument}`,
    `${verb} ${argument} x`,
    `${verb} ${"y".repeat(300)}`,
  ];
}

/**
 * Verbs for which no argument forms are generated. Any string is a valid user name or password, and QUIT ends the
 * session.
 */
const WITHOUT_FORMS = new Set(["USER", "PASS", "QUIT"]);

const ROWS = [
  ...COMMANDS.values().map((row) => ({ verb: row.verb, argument: row.argument })),
  ...SITE_COMMANDS.values().map((row) => ({ verb: `SITE ${row.verb}`, argument: row.argument })),
  ...NOT_IMPLEMENTED.values().map((verb) => ({ verb, argument: "Optional" as const })),
];

/** Verbs that occur in at least one probe. */
export const VERBS: readonly string[] = ROWS.map(({ verb }) => verb);

const BY_VERB: readonly Probe[] = ROWS.filter(({ verb }) => !WITHOUT_FORMS.has(verb)).flatMap(
  ({ verb, argument }) => {
    const usual = argument === "None" ? ["x"] : [ARGUMENTS[verb] ?? "f"];
    return forms(verb, usual[0] ?? "").map(
      (line): Probe => ({ verb, lines: [...(PRELUDES[verb] ?? []), line], login: "After" }),
    );
  },
);

function sequence(...lines: string[]): Probe {
  const [verb = ""] = (lines.at(-1) ?? "").split(" ");
  return { verb, lines, login: "After" };
}

function before(...lines: string[]): Probe {
  return { ...sequence(...lines), login: "Before" };
}

const SEQUENCES: readonly Probe[] = [
  before("USER anonymous"),
  before("user anonymous"),
  before("USER"),
  before("USER nobody-here"),
  before("USER anonymous", "USER anonymous"),
  before("PASS x"),
  before("USER anonymous", "NOOP", "PASS secret"),
  before("USER anonymous", "pass secret"),
  before("PWD"),
  before("FEAT"),
  before("HELP"),
  before("SYST"),
  before("NOOP"),
  before("OPTS UTF8 ON"),
  before("CLNT probe"),
  before("QUIT"),
  sequence("USER anonymous"),
  sequence("PASS secret"),
  sequence("QUIT"),
  sequence("quit"),
  sequence("QUIT now"),
  sequence(""),
  sequence(" NOOP"),
  sequence("NOOP\t"),
  sequence("XYZZY"),
  sequence("OPTS UTF8"),
  sequence("OPTS UTF8 OFF"),
  sequence("OPTS utf8 on"),
  sequence("TYPE A"),
  sequence("TYPE A N"),
  sequence("TYPE a"),
  sequence("TYPE L 8"),
  sequence("TYPE L8"),
  sequence("TYPE L"),
  sequence("TYPE E"),
  sequence("MODE B"),
  sequence("STRU R"),
  sequence("ALLO 10 R 20"),
  sequence("ALLO x"),
  sequence("EPSV 2"),
  sequence("EPSV ALL"),
  sequence("EPSV ALL", "PASV"),
  sequence("PASV", "PASV"),
  sequence("PORT 127,0,0,1,0,80"),
  sequence("PORT 192,0,2,1,200,1"),
  sequence("CWD"),
  sequence("CWD ~"),
  sequence("CWD /"),
  sequence("CWD d/../d"),
  sequence("CWD none"),
  sequence("CWD f"),
  sequence("CWD d", "CDUP"),
  sequence("CDUP"),
  sequence("LIST -la"),
  sequence("LIST none"),
  sequence("LIST *"),
  sequence("NLST -la"),
  sequence("NLST none"),
  sequence("STAT d"),
  sequence("STAT none"),
  sequence("RETR none"),
  sequence("RETR d"),
  sequence("STOR none/new"),
  sequence("STOR d"),
  sequence("APPE new"),
  sequence("DELE none"),
  sequence("DELE d"),
  sequence("MKD f"),
  sequence("RMD d"),
  sequence("RMD f"),
  sequence("RNTO new"),
  sequence("RNFR f", "NOOP", "RNTO new"),
  sequence("RNFR f", "LIST", "RNTO new"),
  sequence("RNFR f", "RNFR none", "RNTO new"),
  sequence("RNFR f", "RNTO new", "RNTO newer"),
  sequence("REST x"),
  sequence("REST -1"),
  sequence("REST 5", "RETR f"),
  sequence("REST 5", "NOOP", "RETR f"),
  sequence("REST 5", "LIST", "RETR f"),
  sequence("REST 5", "RETR none", "RETR f"),
  sequence("REST 5", "REST 0", "RETR f"),
  sequence("REST 100", "RETR f"),
  sequence("REST 5", "STOR f"),
  sequence("REST 5", "NOOP", "SIZE f", "STOR f"),
  sequence("REST 5", "STOR new"),
  sequence("REST 100", "STOR f"),
  sequence("REST 5", "APPE f"),
  sequence("REST 5", "STOU"),
  sequence("SIZE f", "APPE f"),
  sequence("TYPE A", "SIZE f"),
  sequence("TYPE A", "REST 5", "RETR f"),
  sequence("SIZE d"),
  sequence("MDTM d"),
  sequence("MDTM 20200229120000 f"),
  sequence("SITE HELP"),
  sequence("SITE chmod 644 f"),
  sequence("SITE CHMOD 1755 d"),
  sequence("SITE XYZZY"),
  sequence("HELP SITE"),
  sequence("HELP XYZZY"),
  sequence("ABOR"),
  sequence("REIN", "NOOP"),
];

/** All probes by name. */
export const PROBES: ReadonlyMap<string, Probe> = new Map(
  [...BY_VERB, ...SEQUENCES].map((probe) => [nameOf(probe), probe]),
);

/** Returns the lines of a probe as a single string. */
function nameOf({ lines, login }: Probe): string {
  return `${login === "Before" ? "(before login) " : ""}${lines.map((line) => line.replace("y".repeat(300), "y…").replace("\t", "\\t")).join(", ")}`;
}
