/** Function that prints a line of progress. */
type Progress = (line: string) => void;

/** Environment for the demo: a cluster, and a host outside the cluster on which the FTP client runs. */
export interface World {
  /** Lines that describe the planned changes. The demo prints these lines before the first change. */
  readonly outlook: readonly string[];
  /** Starts the cluster if necessary, and returns a one-line description. */
  up(progress: Progress): Promise<string>;
  /** Builds the image if necessary, and makes it available to every node. */
  image(progress: Progress): Promise<Image>;
  kubectl(args: readonly string[], stdin?: string): Promise<string>;
  helm(args: readonly string[]): Promise<string>;
  /** Command with which a user runs kubectl for this cluster. */
  readonly kubectlCommand: string;
  /** Returns the command line that runs a program on the host of the FTP client. */
  outside(argv: readonly string[]): string[];
  /** Returns the command line with which a user runs `command` on the host of the FTP client. */
  outsideCommand(command: string): string;
  readonly tearDown: readonly string[];
}

/** A container image. The members have the same names as the chart values. */
export interface Image {
  repository: string;
  tag: string;
  /** One-line description of the image. */
  summary: string;
}

/**
 * Splits `repository:tag`.
 * @throws Error when there is no tag
 */
export function parseImage(reference: string): { repository: string; tag: string } {
  const [, repository, tag] = /^(.+):([^:/]+)$/.exec(reference) ?? [];
  if (repository === undefined || tag === undefined) {
    throw new Error(`--image "${reference}" has no tag; use REPOSITORY:TAG`);
  }
  return { repository, tag };
}
