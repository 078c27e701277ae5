/**
 * Modes of new files and directories in octal, for example `0640`. An absent mode defaults to the mode of the next
 * higher level.
 */
export interface ModeSettings {
  fileMode?: string;
  directoryMode?: string;
}

/** Mode bits of new files and directories. */
export interface FileModes {
  file: number;
  directory: number;
}

/**
 * Allowed modes. The engine owns the files and requires `rw` for files and `rwx` for directories. Files never have the
 * setuid or setgid bit. Files in a directory with the setgid bit inherit the group of the directory.
 */
export const FILE_MODE = /^0?[67][0-7][0-7]$/u;
export const DIRECTORY_MODE = /^[02]?7[0-7][0-7]$/u;

export const DEFAULT_MODES: FileModes = { file: 0o640, directory: 0o750 };

/** Returns the modes in `settings`, with absent modes from `defaults`. */
export function modesOf(settings: ModeSettings | undefined, defaults = DEFAULT_MODES): FileModes {
  const { fileMode, directoryMode } = settings ?? {};
  return {
    file: fileMode === undefined ? defaults.file : Number.parseInt(fileMode, 8),
    directory: directoryMode === undefined ? defaults.directory : Number.parseInt(directoryMode, 8),
  };
}

/** Returns a mode as four octal digits. */
export function modeText(mode: number): string {
  return mode.toString(8).padStart(4, "0");
}
