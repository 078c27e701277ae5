/**
 * Runs one job with the npm package basic-ftp. Arguments: HOST PORT USER PASSWORD plain|explicit|implicit JOB [NAME
 * FILE]
 */
import { stat } from "node:fs/promises";
import { Client } from "basic-ftp";

const TIMEOUT_MILLISECONDS = 10_000;
const SECURE = new Map<string, boolean | "implicit">([
  ["plain", false],
  ["explicit", true],
  ["implicit", "implicit"],
]);

const [host = "", port = "", user = "", password = "", protection = "", job = "list", name = "", file = ""] =
  process.argv.slice(2);
const client = new Client(TIMEOUT_MILLISECONDS);
try {
  const secure = SECURE.get(protection) ?? false;
  const secureOptions = { rejectUnauthorized: false };
  await client.access({ host, port: Number(port), user, password, secure, secureOptions });
  switch (job) {
    case "upload":
      await client.uploadFrom(file, name);
      break;
    case "download":
      await client.downloadTo(file, name);
      break;
    case "resume-upload":
      await client.appendFrom(file, name, { localStart: await client.size(name) });
      break;
    case "resume-download":
      await client.downloadTo(file, name, (await stat(file)).size);
      break;
    default:
      console.log((await client.list()).map((entry) => entry.name).join("\n"));
  }
} finally {
  client.close();
}
