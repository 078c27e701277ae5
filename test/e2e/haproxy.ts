/** A real proxy in front of an FTP server: HAProxy on a host outside, which tells clients' addresses by the PROXY protocol. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { hostInUrl } from "../../src/common/urls.ts";
import { endWithUs } from "../cluster/run.ts";

export interface ProxySettings {
  /** Where it listens. */
  address: string;
  /** The FTP server's address. */
  server: string;
  /** The FTP server's port for control connections; the proxy has the same. */
  controlPort: number;
  /** One more for control connections, which are told by version 1 of the protocol. */
  textPort: number;
  passivePorts: { first: number; last: number };
}

/** For control, version 2 and 1; for data, one section for the whole range: without a port, the server's is the client's. */
function configuration({ address, server, controlPort, textPort, passivePorts }: ProxySettings): string {
  return `
defaults
  mode tcp
  timeout connect 5s
  timeout client 5m
  timeout server 5m
listen control
  bind ${hostInUrl(address)}:${controlPort}
  server ftp ${hostInUrl(server)}:${controlPort} send-proxy-v2
listen control-in-text
  bind ${hostInUrl(address)}:${textPort}
  server ftp ${hostInUrl(server)}:${controlPort} send-proxy
listen data
  bind ${hostInUrl(address)}:${passivePorts.first}-${passivePorts.last}
  server ftp ${hostInUrl(server)} send-proxy-v2
`;
}

/**
 * Starts it; it ends when it is disposed of.
 * @param outside puts a command where the proxy stands
 * @param directory for its configuration file
 */
export async function startProxy(
  outside: (argv: readonly string[]) => string[],
  directory: string,
  settings: ProxySettings,
): Promise<AsyncDisposable> {
  const file = join(directory, "haproxy.cfg");
  await writeFile(file, configuration(settings));
  const [command = "", ...args] = outside(["haproxy", "-db", "-f", file]);
  const proxy = spawn(command, args, { stdio: ["ignore", "inherit", "inherit"] });
  endWithUs(proxy);
  const ended = once(proxy, "close");
  return {
    [Symbol.asyncDispose]: async () => {
      proxy.kill();
      await ended;
    },
  };
}
