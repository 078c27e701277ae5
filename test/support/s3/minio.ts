import { copyFile, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { hostInUrl } from "../../../src/common/urls.ts";
import { run } from "../../cluster/run.ts";
import type { Credentials, Kind, Launch, UserRequest } from "./kind.ts";

/** MinIO on one drive. */
export const minio: Kind = {
  listensOnSocket: false,

  async prepare({ folder, tls }) {
    const certificates = join(folder, "certificates");
    await mkdir(certificates);
    if (tls === undefined) return;
    await copyFile(tls.certificateFile, join(certificates, "public.crt"));
    await copyFile(tls.keyFile, join(certificates, "private.key"));
  },

  command({ folder, address, port, region, accessKeyId, secretAccessKey }: Launch) {
    return {
      args: [
        "server",
        `--address=${hostInUrl(address)}:${port}`,
        `--certs-dir=${join(folder, "certificates")}`,
        join(folder, "objects"),
      ],
      env: {
        MINIO_ROOT_USER: accessKeyId,
        MINIO_ROOT_PASSWORD: secretAccessKey,
        MINIO_REGION: region,
        MINIO_BROWSER: "off",
        MINIO_UPDATE: "off",
      },
    };
  },

  /** Creates temporary credentials with a session policy. */
  async userWith({ server, statements }: UserRequest): Promise<Credentials> {
    const { endpoint, region, accessKeyId, secretAccessKey, caFile } = server;
    const request = new URLSearchParams({
      Action: "AssumeRole",
      Version: "2011-06-15",
      DurationSeconds: "3600",
      Policy: JSON.stringify({ Version: "2012-10-17", Statement: statements }),
    });
    const signature = ["--aws-sigv4", `aws:amz:${region}:sts`, "--user", `${accessKeyId}:${secretAccessKey}`];
    const trust = caFile === undefined ? [] : ["--cacert", caFile];
    const answer = await run(
      ["curl", "--silent", "--show-error", "--fail-with-body", "--data", request.toString(), endpoint].concat(
        signature,
        trust,
      ),
    );
    const field = (name: string): string => {
      const value = new RegExp(`<${name}>(.*?)</${name}>`).exec(answer)?.[1];
      if (value === undefined) throw new Error(`no ${name} in ${answer}`);
      return value;
    };
    return {
      accessKeyId: field("AccessKeyId"),
      secretAccessKey: field("SecretAccessKey"),
      sessionToken: field("SessionToken"),
    };
  },
};
