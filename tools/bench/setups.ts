/** Configurations for all servers. Each configuration is optimized for speed according to the server manual. */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { EngineConfig } from "../../src/api/engine-config.ts";
import { run } from "../../test/cluster/run.ts";
import { makeCertificate } from "../../test/support/engine/certificates.ts";
import { testConfig } from "../../test/support/engine/server.ts";
import { imageSettings } from "../support/image-settings.ts";
import { engineUsers, passwdEntries } from "./accounts.ts";
import type { Installed } from "./install.ts";

export const ENGINE = "ftp-operator";
export const SERVERS = [ENGINE, "vsftpd", "proftpd", "pure-ftpd", "pyftpdlib"] as const;
/** Another build of the engine, for example from the commit before a change. */
export const BASELINE = "baseline";
export type ServerName = (typeof SERVERS)[number] | typeof BASELINE;

export interface Site {
  installed: Installed;
  /** Folder for configurations. */
  work: string;
  /** Folder on tmpfs with the files that the servers transfer. All servers can write to this folder. */
  files: string;
  tls: boolean;
  /** Checkout that contains the `dist/main.js` of the server `baseline`. */
  baseline: string;
}

const ROOT = join(import.meta.dirname, "../..");
const PASSIVE = { first: 21_000, last: 31_999 };

const OPENSSL = `openssl_conf = all
[all]
ssl_conf = ssl
[ssl]
system_default = system
[system]
Ciphersuites = TLS_AES_128_GCM_SHA256
`;

export interface Setup {
  user: string;
  directory: string;
  version(site: Site): Promise<string>;
  /** Writes the configuration. Returns the command line. */
  prepare(site: Site, port: number): Promise<string[]>;
}

async function certificate(site: Site): Promise<{ certificateFile: string; keyFile: string; both: string }> {
  const both = join(site.work, "both.pem");
  const files = { certificateFile: join(site.work, "tls.crt"), keyFile: join(site.work, "tls.key"), both };
  const made = await makeCertificate({ commonName: "localhost" });
  const [certificate, key] = [await readFile(made.certificateFile), await readFile(made.keyFile)];
  await writeFile(files.certificateFile, certificate);
  await writeFile(files.keyFile, key, { mode: 0o600 });
  await writeFile(both, Buffer.concat([key, certificate]), { mode: 0o600 });
  return files;
}

/**
 * Returns the engine setup.
 * @param checkout folder with a build in `dist`
 * @param firstPort first of ten passive ports, which the engine binds when it starts
 */
function engineOf(checkout: (site: Site) => string, version: string, firstPort: number): Setup {
  return {
    user: "bench",
    directory: "/",
    version: async () => version,
    async prepare(site, port) {
      const file = join(site.work, "engine.json");
      await writeFile(file, JSON.stringify(await engineConfig(site, port, firstPort)));
      const program = join(checkout(site), "dist/main.js");
      const { node, variables } = await imageSettings();
      return ["env", ...variables, process.execPath, ...node, program, "engine", "--config", file];
    },
  };
}

export const SETUPS: Readonly<Record<ServerName, Setup>> = {
  [ENGINE]: engineOf(() => ROOT, "this commit", 20_000),
  [BASELINE]: engineOf(({ baseline }) => baseline, "the commit before", 20_100),
  vsftpd: {
    user: "anonymous",
    directory: "/files",
    version: async ({ installed }) => await debianVersion(installed, "vsftpd"),
    async prepare(site, port) {
      const { certificateFile, keyFile } = await certificate(site);
      const tls = site.tls
        ? [
            "ssl_enable=YES",
            "allow_anon_ssl=YES",
            "require_ssl_reuse=NO",
            `rsa_cert_file=${certificateFile}`,
            `rsa_private_key_file=${keyFile}`,
            "ssl_ciphers=HIGH",
          ]
        : [];
      // Logins are anonymous, because logins without PAM are the fastest.
      const lines = [
        "listen=YES",
        "listen_address=127.0.0.1",
        `listen_port=${port}`,
        "background=NO",
        "anonymous_enable=YES",
        "ascii_download_enable=YES",
        "ascii_upload_enable=YES",
        "ftp_username=daemon",
        `anon_root=${join(site.files, "..")}`,
        "anon_upload_enable=YES",
        "anon_mkdir_write_enable=YES",
        "anon_other_write_enable=YES",
        "anon_world_readable_only=NO",
        "write_enable=YES",
        "use_sendfile=YES",
        "max_clients=0",
        "max_per_ip=0",
        `pasv_min_port=${PASSIVE.first}`,
        `pasv_max_port=${PASSIVE.last}`,
        "xferlog_enable=NO",
        "seccomp_sandbox=NO",
        `secure_chroot_dir=${join(site.work, "empty")}`,
        ...(tls.length > 0 ? [] : ["one_process_model=YES"]),
        ...tls,
      ];
      const file = join(site.work, "vsftpd.conf");
      await writeFile(file, `${lines.join("\n")}\n`, { mode: 0o600 });
      return [join(site.installed.root, "usr/sbin/vsftpd"), file];
    },
  },
  proftpd: {
    user: "bench",
    directory: "",
    version: async ({ installed }) => await debianVersion(installed, "proftpd-core"),
    async prepare(site, port) {
      const { certificateFile, keyFile } = await certificate(site);
      const [users, groups] = [join(site.work, "proftpd.passwd"), join(site.work, "proftpd.group")];
      await writeFile(users, await passwdEntries(site.files, ":/bin/sh"), { mode: 0o600 });
      await writeFile(groups, "nogroup:x:65534:\n", { mode: 0o600 });
      const tls = [
        "LoadModule mod_tls.c",
        "TLSEngine on",
        "TLSProtocol TLSv1.2 TLSv1.3",
        `TLSRSACertificateFile ${certificateFile}`,
        `TLSRSACertificateKeyFile ${keyFile}`,
        `TLSECCertificateFile ${certificateFile}`,
        `TLSECCertificateKeyFile ${keyFile}`,
        "TLSOptions NoSessionReuseRequired",
        "TLSVerifyClient off",
      ].filter((line) => !line.startsWith("TLSRSA"));
      const lines = [
        "ServerName bench",
        "ServerType standalone",
        "DefaultAddress 127.0.0.1",
        "SocketBindTight on",
        `Port ${port}`,
        `ModulePath ${join(site.installed.root, "usr/lib/proftpd")}`,
        "User nobody",
        "Group nogroup",
        "AuthOrder mod_auth_file.c",
        `AuthUserFile ${users}`,
        `AuthGroupFile ${groups}`,
        "RequireValidShell off",
        "UseReverseDNS off",
        "DelayEngine off",
        "UseSendfile on",
        "WtmpLog off",
        "TransferLog none",
        "SystemLog none",
        `PidFile ${join(site.work, "proftpd.pid")}`,
        "ScoreboardFile none",
        "MaxInstances 20000",
        "AllowOverwrite on",
        "AllowStoreRestart on",
        `PassivePorts ${PASSIVE.first} ${PASSIVE.last}`,
        "TimesGMT on",
        ...(site.tls ? tls : []),
      ];
      const file = join(site.work, "proftpd.conf");
      await writeFile(file, `${lines.join("\n")}\n`);
      return [join(site.installed.root, "usr/sbin/proftpd"), "-n", "-q", "-c", file];
    },
  },
  "pure-ftpd": {
    user: "bench",
    directory: "",
    version: async ({ installed }) => await debianVersion(installed, "pure-ftpd"),
    async prepare(site, port) {
      const { both } = await certificate(site);
      const [users, database] = [join(site.work, "pure.passwd"), join(site.work, "pure.pdb")];
      await writeFile(users, await passwdEntries(site.files, "/./::::::::::::"));
      const { root } = site.installed;
      await run([join(root, "usr/bin/pure-pw"), "mkdb", database, "-f", users], {
        env: await environment(site),
      });
      const tls = site.tls ? ["-Y", "1", "-2", both] : [];
      const limits = [
        "-c",
        "20000",
        "-C",
        "20000",
        "-L",
        "1000000:8",
        "-p",
        `${PASSIVE.first}:${PASSIVE.last}`,
      ];
      // The options disable DNS and anonymous logins, and confine users to their home directories.
      const options = ["-H", "-E", "-A", "-l", `puredb:${database}`, "-S", `127.0.0.1,${port}`];
      return [join(root, "usr/sbin/pure-ftpd"), ...options, ...limits, ...tls];
    },
  },
  pyftpdlib: {
    user: "bench",
    directory: "",
    version: async (site) =>
      (
        await run(["python3", "-c", "import pyftpdlib; print(pyftpdlib.__ver__)"], {
          env: await environment(site),
        })
      ).trim(),
    async prepare(site, port) {
      const { both } = await certificate(site);
      const range = `${PASSIVE.first},${PASSIVE.last + 1}`;
      return [
        "python3",
        join(import.meta.dirname, "pyftpdlib-server.py"),
        String(port),
        site.files,
        range,
        site.tls ? both : "",
      ];
    },
  },
};

async function engineConfig(site: Site, port: number, first: number): Promise<EngineConfig> {
  const { certificateFile, keyFile } = await certificate(site);
  const base = testConfig();
  return {
    ...base,
    controlPort: port,
    metricsPort: port + 1,
    passive: { ...base.passive, portRange: { first, last: first + 9 } },
    users: await engineUsers("/files"),
    limits: { ...base.limits, sessions: 20_000, sessionsPerClient: 20_000, idleTimeoutSeconds: 3600 },
    storage: { root: join(site.files, "..") },
    logging: { level: "Error", transferLog: "Disabled" },
    drainPeriodSeconds: 0,
    ...(site.tls
      ? {
          tls: {
            mode: "Optional",
            certificateFile,
            keyFile,
            minimumVersion: "TLS12",
            dataProtection: "Required",
            clearControl: "Deny",
            sessionReuse: "Preferred",
            serverNames: [],
            clientCertificates: { mode: "Disabled" },
          },
        }
      : {}),
  };
}

/**
 * Returns the environment variables for a server, for example its library paths and the TLS cipher. All servers use one
 * cipher, because their default ciphers differ.
 */
export async function environment({ installed: { root, python }, work }: Site): Promise<NodeJS.ProcessEnv> {
  const openssl = join(work, "openssl.cnf");
  await writeFile(openssl, OPENSSL);
  const libraries = ["usr/lib/x86_64-linux-gnu", "lib/x86_64-linux-gnu"].map((path) => join(root, path));
  return {
    ...process.env,
    LD_LIBRARY_PATH: libraries.join(":"),
    PYTHONPATH: python,
    OPENSSL_CONF: openssl,
  };
}

async function debianVersion({ root }: Installed, name: string): Promise<string> {
  const text = await readFile(join(root, "..", "versions"), "utf8").catch(() => "");
  return new RegExp(`^${name} (.*)$`, "mu").exec(text)?.[1] ?? "unknown";
}
