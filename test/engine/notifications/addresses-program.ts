/**
 * Sends events to sinks at many addresses and host names, and prints the results as JSON. The program runs in its own
 * network namespace, whose loopback interface has public addresses.
 */
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { isIP } from "node:net";
import { CloudEvent, HTTP } from "cloudevents";
import type { CloudEventJson } from "../../../src/engine/notifications/cloud-event.ts";
import { HttpSink } from "../../../src/engine/notifications/delivery/http-sink.ts";
import { NameServer } from "../../support/notifications/name-server.ts";
import { hostInUrl } from "../../../src/common/urls.ts";

export const PUBLIC = ["8.8.8.8", "2001:4860:4860::8888"];
const PORT = 8080;
const REBINDING_ROUNDS = 20;
const EVENT: Omit<CloudEventJson, "time"> = {
  specversion: "1.0",
  id: "1",
  source: "test",
  type: "test",
  subject: "/file",
  datacontenttype: "application/json",
  data: { namespace: "test", server: "files", user: "alice", clientAddress: "192.0.2.1" },
};

/** Input of the program. */
export interface Targets {
  /** Hosts in URLs. */
  hosts: string[];
  /** Lists of addresses. The program resolves one host name to each list. */
  names: string[][];
}

/** Output of the program. */
export interface Outcome {
  /** Results of `check` and `send`: `Delivered` or the reason for the failure. */
  hosts: Record<string, [check: string, send: string]>;
  names: Record<string, [check: string, send: string]>;
  redirects: string[];
  /** Numbers of successful and denied requests to a host name whose addresses change with each lookup. */
  rebinding: { delivered: number; denied: number };
  /** Number of connections to internal addresses. */
  internalConnections: number;
}

let internalConnections = 0;
/** Redirect response of the receivers at public addresses. */
let redirect: { status: number; location: string } | undefined;

async function listen(address: string): Promise<Server> {
  const server = createServer((request, response) => {
    request.resume();
    if (redirect === undefined) response.writeHead(204).end();
    else response.writeHead(redirect.status, { location: redirect.location }).end();
  });
  if (!PUBLIC.includes(address)) server.on("connection", () => internalConnections++);
  server.listen(PORT, address);
  await once(server, "listening");
  return server;
}

async function results(host: string): Promise<[string, string]> {
  const url = `http://${host}:${PORT}/events`;
  const sink = new HttpSink(
    { type: "HTTP", url, mode: "Structured", headers: [] },
    { CloudEvent, HTTP },
    "Deny",
  );
  const check = (await sink.check())?.reason ?? "Connected";
  const sent = await sink.send({ ...EVENT, time: new Date().toISOString() });
  await sink.close();
  return [check, sent.type === "Retry" ? sent.reason : sent.type];
}

async function main({ hosts, names }: Targets): Promise<Outcome> {
  let lookups = 0;
  await using _names = await NameServer.start((name) => {
    const [label = ""] = name.split(".");
    if (label !== "rebind") return names[Number(label.replace("name", ""))] ?? [];
    return lookups++ % 2 === 0 ? ["8.8.8.8"] : ["127.0.0.1"];
  });
  const servers = await Promise.all(["127.0.0.1", "::1", "fc00::1", ...PUBLIC].map(listen));
  const outcome: Outcome = {
    hosts: {},
    names: {},
    redirects: [],
    rebinding: { delivered: 0, denied: 0 },
    internalConnections: 0,
  };
  for (const host of hosts) outcome.hosts[host] = await results(isIP(host) === 6 ? hostInUrl(host) : host);
  for (const [index, addresses] of names.entries())
    outcome.names[addresses.join(" ")] = await results(`name${index}.test`);
  for (const location of [`http://127.0.0.1:${PORT}/`, `http://[::1]:${PORT}/`, `//localhost:${PORT}/`])
    for (const status of [301, 302, 303, 307, 308]) {
      redirect = { status, location };
      outcome.redirects.push((await results("8.8.8.8"))[1]);
    }
  redirect = undefined;
  for (let round = 0; round < REBINDING_ROUNDS; round++) {
    // Shifts the order of the answers, so that the check receives each answer in some rounds, and the request in other
    // rounds.
    if (round % 3 === 0) lookups++;
    for (const result of await results("rebind.test"))
      if (result === "AddressDenied") outcome.rebinding.denied++;
      else if (["Connected", "Delivered"].includes(result)) outcome.rebinding.delivered++;
  }
  for (const server of servers) {
    server.close();
    server.closeAllConnections();
  }
  return { ...outcome, internalConnections };
}

if (import.meta.main) console.log(JSON.stringify(await main(JSON.parse(process.argv[2] ?? ""))));
