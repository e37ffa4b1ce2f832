// Where the pylint-docker program is. Nothing here needs VS Code, so that it can be tested without.
import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import * as path from 'node:path';

/** Why a program was chosen; shown to the user. */
export type Origin = 'setting' | 'environment' | 'PATH' | 'bundled';

export interface Binary {
  path: string;
  origin: Origin;
}

export interface Search {
  /** The setting pylint-docker.path. */
  paths: string[];
  importStrategy: 'fromEnvironment' | 'useBundled';
  /** Interpreters of environments to look into: of the setting, or what the Python extension says. */
  interpreters: string[];
  /** The folders of the workspace, absolute. */
  folders: string[];
  /** The folder that the extension is installed in. */
  extension: string;
  /** A workspace that is not trusted may have put a program anywhere: then only the bundled one is started. */
  trusted: boolean;
  env: NodeJS.ProcessEnv;
  platform: NodeJS.Platform;
  home: string;
}

/** What ruff, Poetry and `python -m venv` call the virtual environment of a project. */
const environments = ['.venv', 'venv', 'env', '.env'];

/** Finds the program; undefined when there is none. */
export async function findBinary(s: Search): Promise<Binary | undefined> {
  for (const [origin, candidate] of candidates(s)) {
    if (await isProgram(candidate, s.platform)) {
      return { path: candidate, origin };
    }
  }
  return undefined;
}

/** All places where the program may be, the best first. */
export function candidates(s: Search): [Origin, string][] {
  const name = s.platform === 'win32' ? 'pylint-docker.exe' : 'pylint-docker';
  const bundled: [Origin, string] = ['bundled', path.join(s.extension, 'bundled', name)];
  if (!s.trusted) {
    return [bundled];
  }
  const list: [Origin, string][] = [];
  for (const setting of s.paths) {
    for (const folder of s.folders.length > 0 ? s.folders : [s.home]) {
      list.push(['setting', expand(setting, folder, s.home)]);
    }
  }
  if (s.importStrategy === 'useBundled') {
    list.push(bundled);
  }
  const scripts = s.platform === 'win32' ? 'Scripts' : 'bin';
  for (const folder of s.folders) {
    for (const environment of environments) {
      list.push(['environment', path.join(folder, environment, scripts, name)]);
    }
  }
  for (const interpreter of s.interpreters) {
    const at = s.folders[0] ?? s.home;
    list.push(['environment', path.join(path.dirname(expand(interpreter, at, s.home)), name)]);
  }
  if (s.env.VIRTUAL_ENV) {
    list.push(['environment', path.join(s.env.VIRTUAL_ENV, scripts, name)]);
  }
  const variable = Object.keys(s.env).find((key) => key.toUpperCase() === 'PATH') ?? 'PATH';
  for (const folder of (s.env[variable] ?? '').split(s.platform === 'win32' ? ';' : ':')) {
    // An empty or relative entry means the folder where VS Code was started, which is anybody's.
    if (path.isAbsolute(folder)) {
      list.push(['PATH', path.join(folder, name)]);
    }
  }
  list.push(bundled);
  return list;
}

function expand(text: string, folder: string, home: string): string {
  const expanded = text
    .replace(/^~(?=$|[\\/])/, home)
    .replaceAll('${workspaceFolder}', folder)
    .replaceAll('${userHome}', home);
  return path.resolve(folder, expanded);
}

async function isProgram(file: string, platform: NodeJS.Platform): Promise<boolean> {
  try {
    if (!(await stat(file)).isFile()) {
      return false;
    }
    // Windows has no such permission.
    await access(file, platform === 'win32' ? constants.F_OK : constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
