/** Modes of new files and directories, in octal as the API writes them: "0640". Absent: the mode of the level above. */
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
 * What a mode may be. The owner is the engine, so a mode without its `rw` or `rwx` would lock it out. Files never get setuid or
 * setgid. A directory may have setgid, which gives its group to what is created in it.
 */
export const FILE_MODE = /^0?[67][0-7][0-7]$/u;
export const DIRECTORY_MODE = /^[02]?7[0-7][0-7]$/u;

export const DEFAULT_MODES: FileModes = { file: 0o640, directory: 0o750 };

/** Returns the modes of `settings`. A mode that is absent is the one of `defaults`. */
export function modesOf(settings: ModeSettings | undefined, defaults = DEFAULT_MODES): FileModes {
  const { fileMode, directoryMode } = settings ?? {};
  return {
    file: fileMode === undefined ? defaults.file : Number.parseInt(fileMode, 8),
    directory: directoryMode === undefined ? defaults.directory : Number.parseInt(directoryMode, 8),
  };
}

/** Returns a mode in octal with four digits, as the API writes it. */
export function modeText(mode: number): string {
  return mode.toString(8).padStart(4, "0");
}
