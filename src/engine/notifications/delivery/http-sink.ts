import { randomUUID } from "node:crypto";
import { Agent, buildConnector, type Dispatcher } from "undici";
import type { EngineHttpSink } from "../../../api/engine-notifications.ts";
import type { CloudEventJson } from "../cloud-event.ts";
import { CONNECT_TIMEOUT, MAX_REQUESTS, MAX_RESPONSE_BYTES, RESPONSE_TIMEOUT } from "../limits.ts";
import { addressIn, lookupPublic, requirePublic } from "./denied-address.ts";
import { type Sdk, toMessage } from "./http-message.ts";
import { failureOf, resultOf, type SinkResult } from "./response.ts";
import { invalidSecret, SecretFile } from "./secret-file.ts";
import { signatureHeaders } from "./signature.ts";
import { type ProbeFailure, probeSink } from "./sink-probe.ts";

export type InternalSinks = "Allow" | "Deny";

/** Connections to a sink. The engine replaces the agent when the CA certificates change. */
interface Connections {
  authorities: string | undefined;
  agent: Agent;
}

/** Sends events to an HTTP receiver. Never follows redirects. */
export class HttpSink {
  readonly #sink: EngineHttpSink;
  readonly #sdk: Sdk;
  readonly #internal: InternalSinks;
  readonly #url: URL;
  readonly #headers: { name: string; value: SecretFile }[];
  readonly #key: SecretFile | undefined;
  readonly #authorities: SecretFile | undefined;
  readonly #closing = new AbortController();
  #connections: Connections | undefined;

  constructor(sink: EngineHttpSink, sdk: Sdk, internal: InternalSinks) {
    const { url, headers, hmacKeyFile, caFile } = sink;
    this.#sink = sink;
    this.#sdk = sdk;
    this.#internal = internal;
    this.#url = new URL(url);
    this.#headers = headers.map(({ name, file }) => ({ name, value: new SecretFile(file) }));
    this.#key = hmacKeyFile === undefined ? undefined : new SecretFile(hmacKeyFile);
    this.#authorities = caFile === undefined ? undefined : new SecretFile(caFile);
  }

  /** Sends one event. Never rejects. */
  async send(event: CloudEventJson): Promise<SinkResult> {
    try {
      const { agent } = await this.#open();
      const { statusCode, headers, body } = await agent.request(await this.#requestFor(event));
      await body.dump({ limit: MAX_RESPONSE_BYTES });
      const { "retry-after": retryAfter } = headers;
      return resultOf(statusCode, typeof retryAfter === "string" ? retryAfter : undefined, Date.now());
    } catch (error) {
      return { type: "Retry", reason: failureOf(error) };
    }
  }

  /** Checks the sink without sending an event. Returns undefined if the check succeeds. */
  async check(): Promise<ProbeFailure | undefined> {
    try {
      this.#requireAllowed();
      const headers = await this.#ownHeaders();
      const key = await this.#key?.read();
      const signature = key === undefined ? {} : signatureHeaders(key, randomUUID(), "", Date.now());
      const ca = await this.#authorities?.read();
      return await probeSink({
        url: this.#url,
        headers: { ...headers, ...signature },
        eventHeaders: { ...headers, ...signature, "content-type": "application/cloudevents+json" },
        ...(ca !== undefined && { ca }),
        ...(this.#internal === "Deny" && { lookup: lookupPublic }),
        signal: this.#closing.signal,
      });
    } catch (error) {
      return { reason: failureOf(error) };
    }
  }

  /** Aborts all requests and closes the connections. */
  async close(): Promise<void> {
    this.#closing.abort();
    await this.#connections?.agent.destroy();
  }

  async #requestFor(event: CloudEventJson): Promise<Dispatcher.RequestOptions> {
    const { headers, body } = toMessage(this.#sdk, event, this.#sink.mode);
    Object.assign(headers, await this.#ownHeaders());
    const key = await this.#key?.read();
    return {
      origin: this.#url.origin,
      path: `${this.#url.pathname}${this.#url.search}`,
      method: "POST",
      headers: { ...headers, ...(key !== undefined && signatureHeaders(key, event.id, body, Date.now())) },
      body,
      headersTimeout: RESPONSE_TIMEOUT,
      bodyTimeout: RESPONSE_TIMEOUT,
    };
  }

  async #ownHeaders(): Promise<Record<string, string>> {
    const headers: Record<string, string> = {};
    for (const { name, value } of this.#headers) headers[name] = headerValue(await value.read());
    return headers;
  }

  /** @throws Error with the code ERR_ADDRESS_DENIED if the URL contains an internal address that is not allowed */
  #requireAllowed(): void {
    const address = addressIn(this.#url.hostname);
    if (this.#internal === "Deny" && address !== undefined) requirePublic(address);
  }

  async #open(): Promise<Connections> {
    this.#requireAllowed();
    const authorities = await this.#authorities?.read();
    this.#closing.signal.throwIfAborted();
    const known = this.#connections;
    if (known !== undefined && known.authorities === authorities) return known;
    const connect = buildConnector({
      timeout: CONNECT_TIMEOUT,
      ...(authorities !== undefined && { ca: authorities }),
      ...(this.#internal === "Deny" && { lookup: lookupPublic }),
    });
    const opened = { authorities, agent: new Agent({ connect, connections: MAX_REQUESTS }) };
    this.#connections = opened;
    void known?.agent.close();
    return opened;
  }
}

/**
 * Returns the value if the value is valid in a header (RFC 9110 section 5.5).
 * @throws Error with the code ERR_SECRET_INVALID
 */
function headerValue(value: string): string {
  if (!/^[\t\u0020-\u007e\u0080-\u00ff]*$/u.test(value))
    throw invalidSecret("contains characters that a header cannot contain");
  return value;
}
