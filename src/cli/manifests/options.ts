import { Option } from "commander";

/** Option of every command that reads manifests. Its value is the list of files. */
export function filenamesOption(): Option {
  return new Option(
    "-f, --filename <FILE>",
    "read FtpServers, FtpUsers and their Secrets from FILE, YAML or JSON; - is standard input; repeatable",
  )
    .argParser((file: string, before: string[] | undefined) => [...(before ?? []), file])
    .makeOptionMandatory();
}

export function namespaceOption(): Option {
  return new Option("-n, --namespace <NAME>", "use namespace NAME for objects without one").default(
    "default",
  );
}
