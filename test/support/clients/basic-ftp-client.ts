/** Runs one job with the npm package basic-ftp: HOST PORT USER PASSWORD upload|download|list [NAME FILE] */
import { Client } from "basic-ftp";

const TIMEOUT_MILLISECONDS = 10_000;

const [host = "", port = "", user = "", password = "", job, name = "", file = ""] = process.argv.slice(2);
const client = new Client(TIMEOUT_MILLISECONDS);
try {
  await client.access({ host, port: Number(port), user, password });
  if (job === "upload") await client.uploadFrom(file, name);
  else if (job === "download") await client.downloadTo(file, name);
  else console.log((await client.list()).map((entry) => entry.name).join("\n"));
} finally {
  client.close();
}
