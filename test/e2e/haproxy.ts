/**
 * Runs HAProxy on an outside host in front of an FtpServer. HAProxy sends the client addresses in PROXY protocol
 * headers.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { hostInUrl } from "../../src/common/urls.ts";
import { endWithUs } from "../cluster/run.ts";

export interface ProxySettings {
  /** Address on which HAProxy listens. */
  address: string;
  /** Address of the FtpServer. */
  server: string;
  /** Control port on which the FtpServer and HAProxy listen. */
  controlPort: number;
  /** Second control port of HAProxy, which uses version 1 of the PROXY protocol. */
  textPort: number;
  passivePorts: { first: number; last: number };
}

/**
 * HAProxy configuration: one section for each protocol version on the control port, and one section for the passive
 * port range. A `server` line without a port uses the destination port of the client connection.
 */
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
 * Starts HAProxy. Disposal of the result ends HAProxy.
 * @param outside returns a command that runs the given command on the proxy host
 * @param directory folder for the configuration file
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
