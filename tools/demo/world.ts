/** Function that prints a line of progress. */
type Progress = (line: string) => void;

/** Environment of the demo: a cluster, and a host outside the cluster that runs the FTP client. */
export interface World {
  /** Lines that describe the planned changes, printed before the first change. */
  readonly outlook: readonly string[];
  /** Starts the cluster if necessary, and returns a description of one line. */
  up(progress: Progress): Promise<string>;
  /** Builds the image if necessary, and makes it available to every node. */
  image(progress: Progress): Promise<Image>;
  kubectl(args: readonly string[], stdin?: string): Promise<string>;
  helm(args: readonly string[]): Promise<string>;
  /** Command with which a user runs kubectl for this cluster. */
  readonly kubectlCommand: string;
  /** Returns the command line that runs a program on the host of the FTP client. */
  outside(argv: readonly string[]): string[];
  /** Returns the command with which a user runs a program on the host of the FTP client. */
  outsideCommand(command: string): string;
  readonly tearDown: readonly string[];
}

/** A container image, with members named after the chart values. */
export interface Image {
  repository: string;
  tag: string;
  /** Description of the image in one line. */
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
