/**
 * STS service with one action, AssumeRoleWithWebIdentity. The service verifies the role and the signature, issuer,
 * audience, subject and lifetime of the token. Usage: `node fake-sts.ts FILE`. The file contains StsSettings.
 */
import { createPublicKey, verify, type webcrypto } from "node:crypto";
import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import type { Credentials } from "./kind.ts";

export interface StsSettings {
  address: string;
  port: number;
  /** Public keys of the API server, which issues the tokens. */
  keys: readonly (webcrypto.JsonWebKey & { kid?: string })[];
  issuer: string;
  audience: string;
  subject: string;
  roleArn: string;
  /** Credentials of the role. */
  credentials: Credentials;
}

interface Claims {
  iss?: string;
  aud?: string | string[];
  sub?: string;
  exp?: number;
}

/** Lifetime of credentials in milliseconds. */
const LIFETIME = 900_000;

/** Returns the reason why a token is rejected, or undefined if the token is valid. */
function rejection(token: string, settings: StsSettings): string | undefined {
  const [header = "", body = "", signature = ""] = token.split(".");
  const { kid }: { kid?: string } = JSON.parse(decode(header));
  const key = settings.keys.find((one) => one.kid === kid);
  if (key === undefined) return "unknown key";
  const publicKey = createPublicKey({ key, format: "jwk" });
  const signed = Buffer.from(`${header}.${body}`);
  if (!verify("sha256", signed, publicKey, Buffer.from(signature, "base64url"))) return "invalid signature";
  return claimRejection(JSON.parse(decode(body)), settings);
}

function claimRejection(
  { iss, aud = [], sub, exp = 0 }: Claims,
  { issuer, audience, subject }: StsSettings,
): string | undefined {
  const audiences = [aud].flat();
  if (iss !== issuer) return `wrong issuer ${iss}`;
  if (!audiences.includes(audience)) return `wrong audience ${audiences.join(" ")}`;
  if (sub !== subject) return `wrong subject ${sub}`;
  return exp * 1000 > Date.now() ? undefined : "expired";
}

function decode(part: string): string {
  return Buffer.from(part, "base64url").toString();
}

function answer(request: URLSearchParams, settings: StsSettings): { status: number; body: string } {
  const fault = (status: number, code: string, message: string) => ({
    status,
    body: `<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error></ErrorResponse>`,
  });
  if (request.get("Action") !== "AssumeRoleWithWebIdentity")
    return fault(400, "InvalidAction", "unknown action");
  const rejected = rejection(request.get("WebIdentityToken") ?? "", settings);
  if (rejected !== undefined) return fault(400, "InvalidIdentityToken", rejected);
  if (request.get("RoleArn") !== settings.roleArn) return fault(403, "AccessDenied", "another role");
  const { accessKeyId, secretAccessKey, sessionToken } = settings.credentials;
  const fields = {
    AccessKeyId: accessKeyId,
    SecretAccessKey: secretAccessKey,
    ...(sessionToken !== undefined && { SessionToken: sessionToken }),
    Expiration: new Date(Date.now() + LIFETIME).toISOString(),
  };
  const credentials = Object.entries(fields).map(([name, value]) => `<${name}>${value}</${name}>`);
  return {
    status: 200,
    body: `<AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleWithWebIdentityResult><Credentials>${credentials.join("")}</Credentials></AssumeRoleWithWebIdentityResult></AssumeRoleWithWebIdentityResponse>`,
  };
}

const settings: StsSettings = JSON.parse(readFileSync(process.argv[2] ?? "", "utf8"));
async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { status, body } = answer(new URLSearchParams(await text(request)), settings);
  // The test reads the reason for each rejection.
  console.log(`${status} ${/<Message>(.*?)<\/Message>/u.exec(body)?.[1] ?? "accepted"}`);
  response.writeHead(status, { "content-type": "text/xml" }).end(body);
}

createServer((request, response) => void handle(request, response)).listen(
  settings.port,
  settings.address,
  () => console.log("listening"),
);
