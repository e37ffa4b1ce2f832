// The files of a workspace as the program sees them. It knows paths; VS Code knows addresses of any scheme.
import * as vscode from 'vscode';

/** What the worker asks about a path, and what it is answered. An error is a code of Unix. */
export interface Question {
  id: number;
  about: 'stat' | 'list' | 'read';
  path: string;
}
export interface Answer {
  id: number;
  error?: string;
  stat?: { directory: boolean; size: number; changed: number };
  names?: string[];
  content?: Uint8Array;
}

/** The path of an address: its scheme and authority are the first two folders. */
export function pathOf(uri: vscode.Uri): string {
  return `/${uri.scheme}/${encodeURIComponent(uri.authority) || '-'}${uri.path}`.replace(/\/$/, '');
}

/** The address of a path; undefined for the folders that stand for schemes and authorities. */
export function uriOf(path: string): vscode.Uri | undefined {
  const [, scheme, authority, ...rest] = path.split('/');
  if (!scheme || !authority) {
    return undefined;
  }
  return vscode.Uri.from({ scheme, authority: authority === '-' ? '' : decodeURIComponent(authority), path: `/${rest.join('/')}` });
}

/** What the language client writes for an address, and reads. Documents without a file keep theirs. */
export const converters = {
  code2Protocol: (uri: vscode.Uri): string => (uri.scheme === 'untitled' ? uri : vscode.Uri.from({ scheme: 'file', path: pathOf(uri) })).toString(),
  protocol2Code: (text: string): vscode.Uri => {
    const uri = vscode.Uri.parse(text);
    return (uri.scheme === 'file' && uriOf(uri.path)) || uri;
  },
};

/** Answers from the file systems of VS Code. */
export async function answer({ id, about, path }: Question): Promise<Answer> {
  try {
    const names = above(path);
    if (names && about !== 'read') {
      return about === 'list' ? { id, names } : { id, stat: { directory: true, size: 0, changed: 0 } };
    }
    const uri = uriOf(path);
    if (!uri || !vscode.workspace.getWorkspaceFolder(uri)) {
      return { id, error: 'ENOENT' }; // what is outside of the workspace is nobody's business
    }
    switch (about) {
      case 'stat': {
        const { type, size, mtime } = await vscode.workspace.fs.stat(uri);
        return { id, stat: { directory: (type & vscode.FileType.Directory) !== 0, size, changed: mtime } };
      }
      case 'list':
        return { id, names: (await vscode.workspace.fs.readDirectory(uri)).map(([name]) => name) };
      case 'read':
        return { id, content: await vscode.workspace.fs.readFile(uri) };
    }
  } catch (error) {
    const code = error instanceof vscode.FileSystemError ? error.code : '';
    return { id, error: code === 'FileIsADirectory' ? 'EISDIR' : code === 'NoPermissions' ? 'EACCES' : 'ENOENT' };
  }
}

/** The names in a folder that workspace folders are below of; undefined when none are. */
function above(path: string): string[] | undefined {
  const start = path === '/' ? path : `${path}/`;
  const below = (vscode.workspace.workspaceFolders ?? []).map((folder) => pathOf(folder.uri)).filter((folder) => folder.startsWith(start) && folder !== start);
  return below.length > 0 ? [...new Set(below.map((folder) => folder.slice(start.length).split('/')[0] ?? ''))] : undefined;
}
