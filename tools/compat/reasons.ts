/**
 * Reasons for the differences between the engine and vsftpd. Each reason explains at least one difference, and each
 * difference has a reason.
 */

/**
 * Different outcomes of the same lines on the two servers. An outcome contains reply codes and sizes of transferred
 * data.
 */
export interface Difference {
  /** Name of the probe. */
  lines: string;
  /** Verb in the last line. */
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

/**
 * Returns whether an outcome is a rejection, which means that the last reply code is 4yz or 5yz, or that no reply
 * arrived.
 */
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

/** The first reason in this list that matches a difference applies. */
export const REASONS: readonly Reason[] = [
  {
    title: "Both servers reject the command with different codes",
    why: "vsftpd answers nearly every rejected command with 500 or 550. The engine uses the codes of RFC 959: 501 for an invalid argument, 504 for an unsupported value, and 553 for a name that is not allowed.",
    covers: ({ theirs, ours }) => isRejected(theirs) && isRejected(ours),
  },
  {
    title: "Commands that vsftpd does not have",
    why: "RFCs or drafts define these commands, or many other servers support them. The FEAT reply lists the commands whose support clients check.",
    covers: onlyOurs(
      ..."ACCT REIN RANG MLSD MLST MFMT MFF HASH XCRC XMD5 XSHA1 XSHA256 XSHA512 AVBL LANG CLNT CSID".split(
        " ",
      ),
    ),
  },
  {
    title: "SITE and MDTM for anonymous users",
    why: "The comparison uses an anonymous login on vsftpd. vsftpd does not allow anonymous users to use SITE CHMOD or SITE UMASK, or to change file times. The other SITE commands come from ProFTPD and Pure-FTPd. The engine checks permissions for every user.",
    covers: ({ verb, theirs, ours }) =>
      (verb.startsWith("SITE") || verb === "MDTM") && isRejected(theirs) && !isRejected(ours),
  },
  {
    title: "Commands before the login",
    why: "vsftpd rejects these commands. Clients send these commands before the login to identify the server. The replies reveal no more information than the greeting and FEAT.",
    covers: onlyOurs("NOOP", "HELP", "SYST"),
  },
  {
    title: "Unknown user names",
    why: "vsftpd rejects an unknown user name. The engine requests a password for every user name, so that clients cannot discover existing names (RFC 2577 section 6).",
    covers: lines(/^\(before login\) USER nobody-here$/u),
  },
  {
    title: "USER after the login",
    why: "RFC 959 allows USER after the login: the current login ends, and the new user logs in. vsftpd rejects USER after an anonymous login.",
    covers: lines(/^USER anonymous$/u),
  },
  {
    title: "Spaces around parameters, and OPTS UTF8 without ON",
    why: "Some clients send spaces around parameters, or OPTS UTF8 without ON. The engine accepts these forms, but vsftpd rejects them.",
    covers: onlyOurs("TYPE", "MODE", "STRU", "OPTS"),
  },
  {
    title: "Invalid numbers for REST",
    why: "vsftpd parses the leading digits, or uses 0 if the argument has no leading digits. The engine rejects an invalid number, because a wrong offset can destroy a file.",
    covers: lines(/^REST(?: |$)(?!.*,)/u),
  },
  {
    title: "Restart after the end of a file, in a new file, and with APPE and STOU",
    why: "vsftpd sends no data, fills the gap with zeros, or ignores the offset, and replies 226. The engine rejects these commands with 554 or 550, because the offset does not match the stored file.",
    covers: lines(/^REST \d+, (?:RETR|STOR|APPE|STOU)/u),
  },
  {
    title: "Listings and status of missing entries",
    why: "vsftpd returns an empty listing. The engine reports a missing name, so that a client cannot confuse a wrong name with an empty directory. The engine treats spaces and quotation marks as part of the name.",
    covers: (difference) => among("LIST", "NLST", "STAT")(difference) && /550|553/u.test(difference.ours),
  },
  {
    title: "Reply code for STAT with a directory",
    why: "RFC 959 defines 212 for directories and 213 for files.",
    covers: lines(/^stat d$/iu),
  },
  {
    title: "SIZE in TYPE A",
    why: "The size in ASCII type depends on every line end in the file (RFC 3659 section 4). vsftpd reports the size of the stored file. ProFTPD and pyftpdlib also reject SIZE in TYPE A.",
    covers: lines(/^TYPE A, SIZE f$/u),
  },
  {
    title: "Names that STOU chooses",
    why: "vsftpd uses the argument as the file name if no file has this name. The engine always adds a random part, so that two uploads never use the same name.",
    covers: among("STOU"),
  },
  {
    title: "Reply code for ABOR without a transfer",
    why: "RFC 959 section 4.1.3 defines 226 for ABOR when no transfer is running and the data connection is closed.",
    covers: among("ABOR"),
  },
  {
    title: "HELP with an argument that is not a command",
    why: "vsftpd ignores the argument of HELP. The engine replies with the syntax of a known command, and with 504 for an unknown command.",
    covers: among("HELP"),
  },
  {
    title: "Words after an address or a protocol",
    why: "vsftpd parses the beginning of the argument and ignores the rest. The engine rejects an address or a protocol that is followed by extra words.",
    covers: among("EPSV", "PORT"),
  },
  {
    title: "CWD ~",
    why: "Users see their home directory as `/`, so the engine treats `~` as an ordinary name.",
    covers: lines(/^CWD ~$/u),
  },
];
