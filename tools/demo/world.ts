/** Receives progress, one line at a time. */
type Progress = (line: string) => void;

/** Environment of the demo: a cluster, and a place outside it where the FTP client runs. */
export interface World {
  /** One line each: what will happen to what, said before anything does. */
  readonly outlook: readonly string[];
  /** Makes sure that the cluster runs; returns what it is, in one line. */
  up(progress: Progress): Promise<string>;
  /** Makes sure that every node can start the image. */
  image(progress: Progress): Promise<Image>;
  kubectl(args: readonly string[], stdin?: string): Promise<string>;
  helm(args: readonly string[]): Promise<string>;
  /** What a person types for kubectl. */
  readonly kubectlCommand: string;
  /** Returns a command line that runs at the place of the FTP client. */
  outside(argv: readonly string[]): string[];
  /** Puts what a person types there. */
  outsideCommand(command: string): string;
  readonly tearDown: readonly string[];
}

/** A container image as the chart's values name it. */
export interface Image {
  repository: string;
  tag: string;
  /** What was done for it, in one line. */
  summary: string;
}

/**
 * Splits `repository:tag`.
 * @throws Error when there is no tag
 */
export function parseImage(reference: string): { repository: string; tag: string } {
  const [, repository, tag] = /^(.+):([^:/]+)$/.exec(reference) ?? [];
  if (repository === undefined || tag === undefined) {
    throw new Error(`--image "${reference}" has no tag; write REPOSITORY:TAG`);
  }
  return { repository, tag };
}
