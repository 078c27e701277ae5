import { join } from "node:path";
import { open, mkdir, truncate, writeFile } from "node:fs/promises";

const MIB = 2 ** 20;

export interface Sizes {
  /** Time in seconds for which a load is repeated. */
  seconds: number;
  uploadBytes: number;
  entries: number;
  lineFeeds: number;
  zeros: number;
  hashedBytes: number;
  commands: number;
  guesses: number;
}

export const FULL: Sizes = {
  seconds: 5,
  uploadBytes: 256 * MIB,
  entries: 100_000,
  lineFeeds: 100 * MIB,
  zeros: 1024 * MIB,
  hashedBytes: 10_240 * MIB,
  commands: 10_000,
  guesses: 100,
};
/** Small values for testing the benchmark. */
export const SHORT: Sizes = {
  seconds: 1,
  uploadBytes: MIB,
  entries: 1000,
  lineFeeds: MIB,
  zeros: MIB,
  hashedBytes: MIB,
  commands: 100,
  guesses: 5,
};

/** Number of sessions in which a user runs the same load. */
const SESSIONS = 4;
const UPLOADS = 8;

/** Work of one user while another user sends short requests. */
export interface Case {
  title: string;
  /** Arguments of the load program, or undefined for no load. */
  args?: readonly string[];
  /** Name of the user. Defaults to the user `bench`, whose password hash has the lowest cost. */
  user?: "bench" | "guessed";
  /** Whether vsftpd supports the commands. */
  hasPeer: boolean;
}

function inSessions(...args: string[]): string[] {
  return ["-clients", `${SESSIONS}`, ...args];
}

/** Returns the loads. Each load runs alone. */
export function casesFor({ uploadBytes, entries, lineFeeds, zeros, ...sizes }: Sizes): Case[] {
  const [feeds, bytes] = [`${lineFeeds / MIB} MiB of line feeds`, ["-bytes", `${2 * lineFeeds}`]];
  const uploads = ["-tls", "-clients", `${UPLOADS}`, "-bytes", `${uploadBytes}`, "-name", "up", "upload"];
  const upload = inSessions("-before", "TYPE A", "-fill", "\r\n", ...bytes, "-name", "up", "upload");
  const inflate = ["-before", "MODE Z", "-deflate", "-bytes", `${zeros}`];
  const pipelined = (command: string): string[] =>
    inSessions("-name", command, "-count", `${sizes.commands}`, "pipeline");
  return [
    { title: "none", hasPeer: true },
    { title: `${UPLOADS} uploads over TLS`, args: uploads, hasPeer: true },
    { title: `MLSD of ${entries} entries`, args: inSessions("-name", "MLSD many", "list"), hasPeer: false },
    { title: `LIST of ${entries} entries`, args: inSessions("-name", "LIST many", "list"), hasPeer: true },
    {
      title: `TYPE A download of ${feeds}`,
      args: inSessions("-before", "TYPE A", "-name", "feeds", "download"),
      hasPeer: true,
    },
    { title: `TYPE A upload of ${feeds}`, args: upload, hasPeer: true },
    {
      title: `MODE Z download of ${feeds}`,
      args: inSessions("-before", "MODE Z", "-name", "feeds", "download"),
      hasPeer: false,
    },
    {
      title: `MODE Z upload of ${zeros / MIB} MiB of zeros`,
      args: inSessions("-name", "up", ...inflate, "upload"),
      hasPeer: false,
    },
    {
      title: `HASH of ${sizes.hashedBytes / MIB} MiB`,
      args: inSessions("-name", "HASH large", "pipeline"),
      hasPeer: false,
    },
    { title: `${sizes.commands} pipelined SIZE`, args: pipelined("SIZE feeds"), hasPeer: true },
    { title: `${sizes.commands} pipelined MLST`, args: pipelined("MLST feeds"), hasPeer: false },
    {
      title: `${sizes.guesses} wrong passwords at once`,
      args: ["-count", `${sizes.guesses}`, "guess"],
      user: "guessed",
      hasPeer: false,
    },
  ];
}

/** Creates the files for the loads. */
export async function prepareFiles(files: string, { entries, lineFeeds, hashedBytes }: Sizes): Promise<void> {
  await mkdir(join(files, "many"), { recursive: true });
  for (let number = 0; number < entries; number++)
    await writeFile(join(files, "many", `entry-${number}`), "");
  await writeFile(join(files, "feeds"), Buffer.alloc(lineFeeds, "\n"));
  // A file with a hole needs no memory on tmpfs.
  const large = join(files, "large");
  await using _file = await open(large, "w");
  await truncate(large, hashedBytes);
}
