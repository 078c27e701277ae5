/** Runs probes on a server and returns their outcomes. */
import { chmod, mkdir, readdir, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { buffer } from "node:stream/consumers";
import { codeOf, PlainClient } from "./plain-client.ts";
import { FILES, type Probe } from "./probes.ts";

/** A server, and the path of the user's home directory. */
export interface Target {
  controlPort: number;
  home: string;
}

const DOWNLOADS = new Set(["RETR", "LIST", "NLST", "MLSD"]);
const UPLOADS = new Set(["STOR", "STOU", "APPE"]);
const UPLOADED = "hello";

/** Runs all probes and returns their outcomes, keyed by probe name. */
export async function play(target: Target, probes: ReadonlyMap<string, Probe>): Promise<Map<string, string>> {
  const outcomes = new Map<string, string>();
  for (const [name, probe] of probes) outcomes.set(name, await playOne(target, probe));
  return outcomes;
}

/** Returns the reply codes for the last line, and the sizes in bytes of the transferred data and of the files. */
async function playOne(target: Target, { lines, login }: Probe): Promise<string> {
  await putFiles(target.home);
  const client = await PlainClient.open(target.controlPort);
  if (login === "After")
    for (const line of ["USER anonymous", "PASS secret", "TYPE I", "CWD home"]) await client.command(line);
  let outcome = "";
  for (const line of lines) outcome = await send(client, target.home, line);
  client.close();
  return outcome;
}

async function send(client: PlainClient, home: string, line: string): Promise<string> {
  const verb = (line.split(" ")[0] ?? "").toUpperCase();
  const isUpload = UPLOADS.has(verb);
  if (!isUpload && !DOWNLOADS.has(verb)) return codeOf(await client.command(line));
  const data = await client.dataConnection();
  const first = codeOf(await client.command(line));
  if (data === undefined || !first.startsWith("1")) {
    data?.destroy();
    return first;
  }
  if (isUpload) data.end(UPLOADED);
  const { length } = await buffer(data);
  const last = await client.code();
  if (!last.startsWith("2")) return `${first} ${last}`;
  const result = isUpload ? `, then ${await sizes(home)}` : verb === "RETR" ? `, ${length} bytes` : "";
  return `${first} ${last}${result}`;
}

async function putFiles(home: string): Promise<void> {
  for (const name of await readdir(home)) await rm(join(home, name), { recursive: true });
  for (const [name, text] of Object.entries(FILES)) {
    const path = join(home, name);
    await mkdir(dirname(path), { recursive: true });
    await chmod(dirname(path), 0o777);
    await writeFile(path, text);
    await chmod(path, 0o666);
  }
}

/**
 * Returns the sizes in bytes of the files in the home directory. Replaces a file name that the server has chosen with
 * `another`.
 */
async function sizes(home: string): Promise<string> {
  const names = (await readdir(home, { withFileTypes: true })).filter((entry) => entry.isFile());
  const described = names.map(async ({ name }) => {
    const { size } = await stat(join(home, name));
    return name === "f" || name === "new" ? `${name} has ${size}` : `another has ${size}`;
  });
  return (await Promise.all(described)).toSorted().join(", ");
}
