/** A service that exchanges tokens for credentials, like the STS action AssumeRoleWithWebIdentity. */
import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import type { Credentials } from "./kind.ts";

/** One exchange. */
export interface Exchange {
  readonly roleArn: string;
  readonly token: string;
}

export class TokenService implements AsyncDisposable {
  readonly exchanges: Exchange[] = [];
  /** The only valid token. */
  token: string;
  /** Lifetime of the credentials in seconds. */
  seconds = 3600;
  readonly #server: Server;
  readonly #credentials: Credentials;

  private constructor(server: Server, token: string, credentials: Credentials) {
    this.#server = server;
    this.token = token;
    this.#credentials = credentials;
  }

  /** @param credentials credentials that the service issues */
  static async start(token: string, credentials: Credentials): Promise<TokenService> {
    const server = createServer();
    const service = new TokenService(server, token, credentials);
    server.on("request", (request: IncomingMessage, response: ServerResponse) => {
      void service.#serve(request, response);
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return service;
  }

  get endpoint(): string {
    const address = this.#server.address();
    if (typeof address !== "object" || address === null) throw new Error("the service does not listen");
    return `http://127.0.0.1:${address.port}`;
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { status, body } = this.#answer(new URLSearchParams(await text(request)));
    response.writeHead(status, { "content-type": "text/xml" }).end(body);
  }

  #answer(form: URLSearchParams): { status: number; body: string } {
    const field = (name: string): string => form.get(name) ?? "";
    if (field("Action") !== "AssumeRoleWithWebIdentity")
      return { status: 400, body: errorOf("InvalidAction") };
    const exchange = { roleArn: field("RoleArn"), token: field("WebIdentityToken") };
    this.exchanges.push(exchange);
    if (exchange.token !== this.token) return { status: 400, body: errorOf("InvalidIdentityToken") };
    const { accessKeyId, secretAccessKey, sessionToken = "" } = this.#credentials;
    const expiration = new Date(Date.now() + this.seconds * 1000).toISOString();
    return {
      status: 200,
      body: `<AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
  <AssumeRoleWithWebIdentityResult><Credentials>
    <AccessKeyId>${accessKeyId}</AccessKeyId><SecretAccessKey>${secretAccessKey}</SecretAccessKey>
    <SessionToken>${sessionToken}</SessionToken><Expiration>${expiration}</Expiration>
  </Credentials></AssumeRoleWithWebIdentityResult>
</AssumeRoleWithWebIdentityResponse>`,
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.close();
    this.#server.closeAllConnections();
  }
}

function errorOf(code: string): string {
  return `<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type><Code>${code}</Code><Message>no</Message></Error></ErrorResponse>`;
}
