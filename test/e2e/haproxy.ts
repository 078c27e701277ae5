/** HAProxy on a host outside, in front of an FTP server. It sends the addresses of clients in PROXY protocol headers. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { hostInUrl } from "../../src/common/urls.ts";
import { endWithUs } from "../cluster/run.ts";

export interface ProxySettings {
  /** Address that the proxy listens on. */
  address: string;
  /** Address of the FTP server. */
  server: string;
  /** Control port of the FTP server and of the proxy. */
  controlPort: number;
  /** Another control port of the proxy, which uses version 1 of the protocol. */
  textPort: number;
  passivePorts: { first: number; last: number };
}

/** Configuration: one section for each version on the control port, and one section for the passive port range. A server line without a port uses the port of the client. */
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
 * Starts HAProxy, which ends when the result is disposed.
 * @param outside returns the command that runs another command on the host of the proxy
 * @param directory folder of the configuration file
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
