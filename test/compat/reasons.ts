/** Why a difference to vsftpd remains. Each reason is for at least one difference, and each difference has a reason. */

/** What both servers made of the same lines: reply codes, and what was sent or stored. */
export interface Difference {
  /** The lines, as `PROBES` names them. */
  lines: string;
  /** Of the last line. */
  verb: string;
  theirs: string;
  ours: string;
}

interface Reason {
  /** What differs, as a heading. */
  title: string;
  /** Why it stays. */
  why: string;
  covers: (difference: Difference) => boolean;
}

/** Whether an outcome is a rejection: the last code is 4xx or 5xx, or there was no reply. */
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

/** The first one that covers a difference is its reason. */
export const REASONS: readonly Reason[] = [
  {
    title: "Both reject, with different codes",
    why: "vsftpd answers 500 or 550 to nearly everything that it rejects. The engine uses the codes of RFC 959: 501 for a wrong argument, 504 for a value that is not supported, 553 for a name that is not allowed.",
    covers: ({ theirs, ours }) => isRejected(theirs) && isRejected(ours),
  },
  {
    title: "Commands that vsftpd does not have",
    why: "They are in RFCs, in drafts that clients follow, or customary. FEAT lists those that clients look for.",
    covers: onlyOurs(
      ..."ACCT REIN RANG MLSD MLST MFMT MFF HASH XCRC XMD5 XSHA1 XSHA256 XSHA512 AVBL LANG CLNT CSID".split(
        " ",
      ),
    ),
  },
  {
    title: "SITE and MDTM for anonymous users",
    why: "The comparison logs in to vsftpd as anonymous, for whom it allows neither SITE CHMOD and SITE UMASK nor a change of times. The other SITE commands are those of ProFTPD and pure-ftpd. In the engine permissions decide, for every user.",
    covers: ({ verb, theirs, ours }) =>
      (verb.startsWith("SITE") || verb === "MDTM") && isRejected(theirs) && !isRejected(ours),
  },
  {
    title: "Commands before the login",
    why: "vsftpd rejects them. Clients send them to find out what a server is, and the answers tell nothing that the greeting and FEAT do not.",
    covers: onlyOurs("NOOP", "HELP", "SYST"),
  },
  {
    title: "Unknown user names",
    why: "vsftpd rejects a name that it does not serve. The engine asks everybody for the password, so that nobody finds out which names exist (RFC 2577 section 6).",
    covers: lines(/^\(before login\) USER nobody-here$/u),
  },
  {
    title: "USER after the login",
    why: "RFC 959 allows it: the login ends and the new user logs in. vsftpd rejects it for anonymous users.",
    covers: lines(/^USER anonymous$/u),
  },
  {
    title: "Spaces around parameters, and OPTS UTF8 without ON",
    why: "The engine ignores spaces before and behind the parameters of these commands, and takes a bare OPTS UTF8, because some clients send them. vsftpd rejects them.",
    covers: onlyOurs("TYPE", "MODE", "STRU", "OPTS"),
  },
  {
    title: "Numbers that are none, for REST",
    why: "vsftpd reads as many digits as there are, and takes 0 for none. A wrong offset destroys a file, so the engine rejects what is no number.",
    covers: lines(/^REST(?: |$)(?!.*,)/u),
  },
  {
    title: "Restart behind the end of a file, in a new file, and with APPE and STOU",
    why: "vsftpd sends nothing, fills the gap with zeros, or ignores the offset, and answers 226. The engine rejects these with 554 or 550, because the client and the server do not mean the same file.",
    covers: lines(/^REST \d+, (?:RETR|STOR|APPE|STOU)/u),
  },
  {
    title: "Listings and status of what is not there",
    why: "vsftpd answers with an empty listing. The engine says that nothing has the name, so that a client does not take a wrong name for an empty directory. Spaces and quotation marks belong to names.",
    covers: (difference) => among("LIST", "NLST", "STAT")(difference) && /550|553/u.test(difference.ours),
  },
  {
    title: "Code of STAT with a directory",
    why: "RFC 959 has 212 for directories and 213 for files.",
    covers: lines(/^stat d$/iu),
  },
  {
    title: "SIZE in TYPE A",
    why: "The size in ASCII type depends on every line end (RFC 3659 section 4), and vsftpd tells the size of the stored file. ProFTPD and pyftpdlib reject it, too.",
    covers: lines(/^TYPE A, SIZE f$/u),
  },
  {
    title: "Names that STOU chooses",
    why: "vsftpd takes the argument itself where it is free. The engine always adds a random part, so that two uploads never race for a name.",
    covers: among("STOU"),
  },
  {
    title: "Code of ABOR without a transfer",
    why: "RFC 959 section 4.1.3: 226 when no transfer runs and the data connection is closed.",
    covers: among("ABOR"),
  },
  {
    title: "HELP with an argument that is no command",
    why: "vsftpd ignores arguments of HELP. The engine shows the syntax of a command, and says 504 for a command that it does not have.",
    covers: among("HELP"),
  },
  {
    title: "Words behind an address or a protocol",
    why: "vsftpd reads the beginning and ignores the rest. An address that is not understood completely is rejected.",
    covers: among("EPSV", "PORT"),
  },
  {
    title: "CWD ~",
    why: "The home directory is `/`. A file may be called `~`.",
    covers: lines(/^CWD ~$/u),
  },
];
