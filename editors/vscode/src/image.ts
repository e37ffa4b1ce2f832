import * as vscode from 'vscode';
import { section } from './settings';

let last = '';

/**
 * showImage asks for a built image and has the program tell, in a terminal, whether it can start and what it carries for nothing. The program reads
 * the image; it runs nothing of it.
 */
export async function showImage(program: string | undefined): Promise<void> {
  if (!program) {
    void vscode.window.showWarningMessage('There is no program pylint-docker; the logs say where it was looked for.');
    return;
  }
  const name = await vscode.window.showInputBox({
    title: 'What is in the image?',
    prompt: 'An image that Docker or Podman has, or an archive that docker save, podman save or a build wrote',
    placeHolder: 'app:latest or app.tar',
    value: last,
    validateInput: (text) => (text.startsWith('-') ? 'A name does not begin with a dash.' : undefined),
  });
  if (!name?.trim()) {
    return;
  }
  last = name.trim();
  const folder = vscode.workspace.workspaceFolders?.[0];
  // No shell: the name is one argument, whatever is in it.
  const task = new vscode.Task(
    { type: section, image: last }, folder ?? vscode.TaskScope.Workspace, `image ${last}`, 'pylint-docker',
    new vscode.ProcessExecution(program, ['image', last], folder ? { cwd: folder.uri.fsPath } : {}),
  );
  task.presentationOptions = { reveal: vscode.TaskRevealKind.Always, clear: true, panel: vscode.TaskPanelKind.Dedicated, echo: false };
  await vscode.tasks.executeTask(task);
}
