/** Reasons for differences from vsftpd. Each reason explains at least one difference, and each difference has a reason. */

/** Different outcomes of both servers for the same lines: reply codes, and sizes of transferred data. */
export interface Difference {
  /** Name of the probe. */
  lines: string;
  /** Verb of the last line. */
  verb: string;
  theirs: string;
  ours: string;
}

interface Reason {
  /** Name of the difference. */
  title: string;
  /** Reason for the behavior of the engine. */
  why: string;
  covers: (difference: Difference) => boolean;
}

/** Returns whether an outcome is a rejection: the last code is 4yz or 5yz, or there is no reply. */
export function isRejected(outcome: string): boolean {
  const codes = outcome.split(",")[0]?.match(/\d{3}/gu) ?? [];
  return !/^[123]/u.test(codes.at(-1) ?? "");
}

const among =
  (...verbs: string[]) =>
  ({ verb }: Difference): boolean =>
    verbs.includes(verb.toUpperCase());

const onlyOurs =
  (...verbs: string[]) =>
  (difference: Difference): boolean =>
    among(...verbs)(difference) && isRejected(difference.theirs) && !isRejected(difference.ours);

const lines =
  (pattern: RegExp) =>
  ({ lines: text }: Difference): boolean =>
    pattern.test(text);

/** The first reason that covers a difference applies. */
export const REASONS: readonly Reason[] = [
  {
    title: "Both reject, with different codes",
    why: "vsftpd answers nearly every rejected command with 500 or 550. The engine uses the codes of RFC 959: 501 for a wrong argument, 504 for a value that is not supported, 553 for a name that is not allowed.",
    covers: ({ theirs, ours }) => isRejected(theirs) && isRejected(ours),
  },
  {
    title: "Commands that vsftpd does not have",
    why: "RFCs or drafts define these commands, or many other servers support them. FEAT lists the commands that clients check.",
    covers: onlyOurs(
      ..."ACCT REIN RANG MLSD MLST MFMT MFF HASH XCRC XMD5 XSHA1 XSHA256 XSHA512 AVBL LANG CLNT CSID".split(
        " ",
      ),
    ),
  },
  {
    title: "SITE and MDTM for anonymous users",
    why: "The comparison logs in to vsftpd as anonymous. vsftpd allows anonymous users neither SITE CHMOD and SITE UMASK nor a change of times. The other SITE commands are those of ProFTPD and pure-ftpd. The engine checks permissions for every user.",
    covers: ({ verb, theirs, ours }) =>
      (verb.startsWith("SITE") || verb === "MDTM") && isRejected(theirs) && !isRejected(ours),
  },
  {
    title: "Commands before the login",
    why: "vsftpd rejects them. Clients send them to identify the server. The replies reveal nothing that the greeting and FEAT do not reveal.",
    covers: onlyOurs("NOOP", "HELP", "SYST"),
  },
  {
    title: "Unknown user names",
    why: "vsftpd rejects an unknown name. The engine asks for a password for every name, so that clients cannot find out which names exist (RFC 2577 section 6).",
    covers: lines(/^\(before login\) USER nobody-here$/u),
  },
  {
    title: "USER after the login",
    why: "RFC 959 allows it: the login ends and the new user logs in. vsftpd rejects it for anonymous users.",
    covers: lines(/^USER anonymous$/u),
  },
  {
    title: "Spaces around parameters, and OPTS UTF8 without ON",
    why: "The engine ignores spaces before and after the parameters of these commands, and accepts OPTS UTF8 without ON, because some clients send them. vsftpd rejects them.",
    covers: onlyOurs("TYPE", "MODE", "STRU", "OPTS"),
  },
  {
    title: "Invalid numbers for REST",
    why: "vsftpd reads the leading digits, and uses 0 if there are none. The engine rejects an invalid number, because a wrong offset can destroy a file.",
    covers: lines(/^REST(?: |$)(?!.*,)/u),
  },
  {
    title: "Restart after the end of a file, in a new file, and with APPE and STOU",
    why: "vsftpd sends nothing, fills the gap with zeros, or ignores the offset, and answers 226. The engine rejects these with 554 or 550, because the offset does not fit the file on the server.",
    covers: lines(/^REST \d+, (?:RETR|STOR|APPE|STOU)/u),
  },
  {
    title: "Listings and status of missing entries",
    why: "vsftpd answers with an empty listing. The engine reports that no entry has the name, so that a client cannot confuse a wrong name with an empty directory. Spaces and quotation marks are part of names.",
    covers: (difference) => among("LIST", "NLST", "STAT")(difference) && /550|553/u.test(difference.ours),
  },
  {
    title: "Code of STAT with a directory",
    why: "RFC 959 defines 212 for directories and 213 for files.",
    covers: lines(/^stat d$/iu),
  },
  {
    title: "SIZE in TYPE A",
    why: "The size in ASCII type depends on every line end (RFC 3659 section 4). vsftpd reports the size of the stored file. ProFTPD and pyftpdlib reject the command, too.",
    covers: lines(/^TYPE A, SIZE f$/u),
  },
  {
    title: "Names that STOU chooses",
    why: "vsftpd uses the argument as the name if no file has it. The engine always adds a random part, so that two uploads never compete for a name.",
    covers: among("STOU"),
  },
  {
    title: "Code of ABOR without a transfer",
    why: "RFC 959 section 4.1.3 defines 226 for ABOR when no transfer is running and the data connection is closed.",
    covers: among("ABOR"),
  },
  {
    title: "HELP with an argument that is not a command",
    why: "vsftpd ignores arguments of HELP. The engine replies with the syntax of a command, and with 504 for an unknown command.",
    covers: among("HELP"),
  },
  {
    title: "Words after an address or a protocol",
    why: "vsftpd parses the beginning and ignores the rest. The engine rejects an address with extra words.",
    covers: among("EPSV", "PORT"),
  },
  {
    title: "CWD ~",
    why: "The home directory is `/`. A file can have the name `~`.",
    covers: lines(/^CWD ~$/u),
  },
];
