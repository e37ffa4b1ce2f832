import { Analyzer } from './analyzer';
import { Editor } from './editor';
import { arrows, at, h } from './elements';
import type { Files, Range } from './protocol';
import { Results } from './results';
import { decode, dockerfile, encode, nameProblem, type Shared } from './share';

/** What the build puts into the page. */
interface Built {
  properties: number;
  size: number;
  examples: { title: string; files: Files }[];
  why: Record<string, string>;
}

const built = JSON.parse(at('built').textContent ?? '') as Built;
/** How long nobody must have typed before the text is looked at, in milliseconds. */
const pause = 150;
/** What all files may have together, in characters; the command line refuses a larger Dockerfile too. */
const maxSize = 4 << 20;
const draft = 'pylint-docker playground';

let timer = 0;
let sequence = 0; // of changes
let looked = 0; // the sequence that was looked at last
let linkProblem = ''; // of the link that the page was opened with

const editor = new Editor(at('editor'), changed);
const results = new Results({
  jump: ({ path, start, end }: Range) => {
    editor.jump(path, start, end);
    drawTabs();
  },
  fix: (finding) => {
    if (finding.fix) {
      editor.apply(finding.fix.edits);
      say(`${finding.code}: ${finding.fix.title}. Undo with Ctrl+Z in the text.`);
    }
  },
  write: (files) => {
    editor.write(files);
    say(`The fixes are applied to ${Object.keys(files).join(', ')}. Undo with Ctrl+Z in the text.`);
  },
}, built.why);
const analyzer = new Analyzer(at('worker').textContent ?? '', {
  base64: (at('program').textContent ?? '').trim(), properties: built.properties, size: built.size,
}, {
  ready: () => say('Ready.'),
  checked: (answer) => {
    complain(linkProblem); // what is shown instead of it is no reason to hide it
    linkProblem = '';
    results.setChecked(answer);
    results.age(false);
    editor.mark(answer.findings, (finding) => finding.fix && editor.apply(finding.fix.edits));
    drawTabs();
    document.body.dataset.checked = String(Number(document.body.dataset.checked ?? 0) + 1); // for tests
  },
  fixed: (level, answer) => {
    results.setFixed(level, answer);
    results.age(false);
    if (level === 'unsafe' && sequence === looked) {
      document.body.dataset.done = ''; // for tests: what is shown is of the text that is there
    }
  },
  ended: complain,
});

function changed(): void {
  sequence++;
  delete document.body.dataset.done;
  window.clearTimeout(timer);
  timer = window.setTimeout(look, pause);
}

function look(): void {
  looked = sequence;
  drawTabs();
  const files = editor.files();
  let size = 0;
  for (const text of Object.values(files)) {
    size += text.length;
  }
  results.age(true);
  if (size > maxSize) {
    complain(`The files have more than ${maxSize >> 20} million characters together: too much to look at here.`);
    return;
  }
  try {
    sessionStorage.setItem(draft, JSON.stringify({ files, active: editor.active } satisfies Shared));
  } catch {
    // No storage, or a full one: then a reload forgets.
  }
  analyzer.look(files);
}

function say(text: string): void {
  at('status').textContent = text;
}

function complain(text: string): void {
  at('problem').textContent = text;
  at('problem').hidden = text === '';
}

// --- files

function drawTabs(): void {
  const list = at('files');
  const inside = list.contains(document.activeElement);
  list.replaceChildren(...editor.paths.map((path, i) => h('button', {
    type: 'button', role: 'tab', id: `file-${i}`, 'aria-selected': String(path === editor.active), 'aria-controls': 'editor',
    tabindex: path === editor.active ? '0' : '-1', click: () => {
      editor.show(path);
      drawTabs();
    },
  }, path)));
  if (inside) {
    list.querySelector<HTMLElement>('[aria-selected=true]')?.focus();
  }
  for (const id of ['rename', 'delete']) {
    at(id).hidden = editor.active === dockerfile;
  }
}

/** Asks for the name of a file; done gets one that is good and new. */
function askName(title: string, value: string, done: (name: string) => void): void {
  const dialog = at<HTMLDialogElement>('name-dialog');
  const input = at<HTMLInputElement>('name');
  at('name-title').textContent = title;
  at('name-problem').textContent = '';
  input.value = value;
  at('name-form').onsubmit = (event) => {
    event.preventDefault();
    const name = input.value.trim();
    const problem = nameProblem(name) || (name !== value && editor.paths.includes(name) ? 'There is a file of that name already.' : '');
    at('name-problem').textContent = problem;
    if (!problem) {
      dialog.close();
      done(name);
    }
  };
  dialog.showModal();
  input.select();
}

at('add').addEventListener('click', () => askName('Name of the new file', editor.paths.includes('requirements.txt') ? '' : 'requirements.txt', (name) => {
  editor.add(name, '');
  drawTabs();
  editor.view.focus();
}));
at('rename').addEventListener('click', () => askName(`New name of ${editor.active}`, editor.active, (name) => {
  if (name !== editor.active) {
    editor.rename(editor.active, name);
    drawTabs();
  }
}));
at('delete').addEventListener('click', () => {
  say(`${editor.active} is deleted.`);
  editor.remove(editor.active);
  drawTabs();
});
arrows(at('files'));

// --- examples and links

const menu = at<HTMLSelectElement>('examples');
menu.append(h('option', { value: 'own' }, 'My own Dockerfile'), ...built.examples.map(({ title }, i) => h('option', { value: String(i) }, title)));
menu.addEventListener('change', () => {
  // A Dockerfile of one's own has nothing beside it: the files of an example would say something of somebody else's project.
  const files = menu.value === 'own' ? { [dockerfile]: '' } : built.examples[Number(menu.value)]?.files;
  if (files) {
    history.replaceState(null, '', location.pathname + location.search);
    open({ files, active: dockerfile });
  }
  if (menu.value === 'own') {
    say('Paste your Dockerfile. With + you can add files beside it, such as requirements.txt.');
    editor.view.focus();
  }
  menu.value = '';
});

at('share').addEventListener('click', () => {
  void share();
});
at('close-link').addEventListener('click', () => at<HTMLDialogElement>('link-dialog').close());
at('cancel-name').addEventListener('click', () => at<HTMLDialogElement>('name-dialog').close());

async function share(): Promise<void> {
  let fragment: string;
  try {
    fragment = await encode({ files: editor.files(), active: editor.active });
  } catch (error) {
    complain((error as Error).message);
    return;
  }
  complain('');
  linkProblem = '';
  history.replaceState(null, '', fragment);
  const link = at<HTMLInputElement>('link');
  link.value = location.href;
  const copied = await navigator.clipboard?.writeText(location.href).then(() => true, () => false) ?? false;
  at('link-text').textContent = `${copied ? 'It is copied. ' : ''}The link holds the files themselves: nothing was sent anywhere, and whoever has the link can read them.`;
  at<HTMLDialogElement>('link-dialog').showModal();
  link.select();
}

function open({ files, active }: Shared): void {
  editor.open(files, active);
  drawTabs();
}

async function fromLink(): Promise<boolean> {
  linkProblem = '';
  try {
    const shared = await decode(location.hash);
    if (shared) {
      complain('');
      open(shared);
      return true;
    }
  } catch (error) {
    linkProblem = (error as Error).message;
    complain(linkProblem);
  }
  return false;
}

function fromDraft(): boolean {
  try {
    const { files, active } = JSON.parse(sessionStorage.getItem(draft) ?? '') as Shared;
    if (typeof files[dockerfile] === 'string') {
      open({ files, active });
      return true;
    }
  } catch {
    // none, or none that can be read
  }
  return false;
}

window.addEventListener('hashchange', () => {
  void fromLink();
});
void fromLink().then((linked) => {
  if (!linked && !fromDraft()) {
    open({ files: built.examples[0].files, active: dockerfile });
  }
});

// From a server, the page stays usable without a network; as a file it is anyway.
if (location.protocol.startsWith('http') && 'serviceWorker' in navigator) {
  navigator.serviceWorker.register('sw.js').catch(() => undefined);
}
