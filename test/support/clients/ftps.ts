/** FTPS clients that encrypt the control connection and the data connections, and trust one authority. */
import { basename } from "node:path";
import { curl, type FtpClient, lftp, type Mode, type Site, url } from "./clients.ts";

/** @param authorityFile PEM file of the trusted authority */
export function ftpsClients(authorityFile: string): readonly FtpClient[] {
  return [curlOverTls(authorityFile), lftpOverTls(authorityFile)];
}

export function curlOverTls(authorityFile: string, ...options: string[]): FtpClient {
  const run = (site: Site, mode: Mode, ...args: string[]): Promise<string> =>
    curl(site, mode, "--ssl-reqd", "--cacert", authorityFile, ...options, ...args);
  return {
    name: "curl",
    modes: ["passive"],
    upload: (site, mode, file) => run(site, mode, "-T", file, url(site)),
    download: (site, mode, file) => run(site, mode, "-o", file, url(site, basename(file))),
    list: (site, mode) => run(site, mode, url(site)),
  };
}

function lftpOverTls(authorityFile: string): FtpClient {
  const settings = ["ftp:ssl-force yes", "ftp:ssl-protect-data yes", `ssl:ca-file ${authorityFile}`];
  const run = (site: Site, mode: Mode, commands: string): Promise<string> =>
    lftp(site, mode, commands, settings);
  return {
    name: "lftp",
    modes: ["passive"],
    upload: (site, mode, file) => run(site, mode, `put ${file}`),
    download: (site, mode, file) => run(site, mode, `get ${basename(file)} -o ${file}`),
    list: (site, mode) => run(site, mode, "ls"),
  };
}
