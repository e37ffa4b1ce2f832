import { arrows, at, h, inline, prose } from './elements';
import type { Checked, Files, Finding, Fixed, Level, Range } from './protocol';

/** What a click in the results does. */
export interface Actions {
  jump(range: Range): void;
  fix(finding: Finding): void;
  write(files: Files): void;
}

type View = 'findings' | 'fixed' | 'graph';
const views: View[] = ['findings', 'fixed', 'graph'];

/** The right half of the page. */
export class Results {
  private checked: Checked | undefined;
  private fixed: Partial<Record<Level, Fixed>> = {};
  private pictures: string[] = [];
  private opened = new Set<string>(); // codes whose reasons are shown

  constructor(
    private readonly actions: Actions,
    private readonly why: Record<string, string>,
  ) {
    for (const view of views) {
      at(`tab-${view}`).addEventListener('click', () => this.show(view));
    }
    arrows(at('views'));
    at('unsafe').addEventListener('change', () => this.drawFixed());
    at('apply').addEventListener('click', () => {
      const fixed = this.fixed[this.level];
      if (fixed) {
        this.actions.write(fixed.files);
      }
    });
    for (const input of document.querySelectorAll('input[name=stage]')) {
      input.addEventListener('change', () => this.drawGraph());
    }
    at('zoom').addEventListener('click', () => {
      const large = at('picture').classList.toggle('large');
      at('zoom').setAttribute('aria-pressed', String(large));
    });
  }

  show(view: View): void {
    for (const other of views) {
      const selected = other === view;
      at(`tab-${other}`).setAttribute('aria-selected', String(selected));
      at(`tab-${other}`).tabIndex = selected ? 0 : -1;
      at(`panel-${other}`).hidden = !selected;
    }
  }

  setChecked(checked: Checked): void {
    const same = JSON.stringify(checked) === JSON.stringify(this.checked);
    this.checked = checked;
    if (same) {
      return; // a list that is drawn anew loses the click that is on its way
    }
    this.drawFindings();
    this.drawGraph();
  }

  setFixed(level: Level, fixed: Fixed): void {
    this.fixed[level] = fixed;
    this.drawFixed();
    this.drawGraph();
  }

  /** Marks what is shown as older than the text. */
  age(old: boolean): void {
    at('results').classList.toggle('old', old);
    at<HTMLButtonElement>('apply').disabled = old || !this.fixed[this.level]?.diff;
  }

  private get level(): Level {
    return at<HTMLInputElement>('unsafe').checked ? 'unsafe' : 'safe';
  }

  private drawFindings(): void {
    const grave = ['error', 'warning', 'info'];
    // The gravest first, as in the terminal; of these the order of the file stays.
    const found = [...this.checked?.findings ?? []].sort((a, b) => grave.indexOf(a.severity) - grave.indexOf(b.severity));
    at('tab-findings').textContent = `Findings (${found.length})`;
    const list = at('findings');
    // Who reads with the keyboard stays where he is.
    const focused = [...list.querySelectorAll('button, summary, a')].indexOf(document.activeElement as Element);
    list.replaceChildren(...found.map((f) => this.item(f)));
    if (focused >= 0) {
      [...list.querySelectorAll<HTMLElement>('button, summary, a')].at(focused)?.focus();
    }
    at('no-findings').hidden = found.length > 0 || !this.checked || this.checked.errors.length > 0;
    errors('check-errors', this.checked?.errors ?? []);
    const count = (severity: string): number => found.filter((f) => f.severity === severity).length;
    at('summary').textContent = found.length === 0 ? '' : [
      [count('error'), 'error', 'errors'], [count('warning'), 'warning', 'warnings'], [count('info'), 'piece of advice', 'pieces of advice'],
    ].filter(([n]) => n).map(([n, one, many]) => `${n} ${n === 1 ? one : many}`).join(', ');
  }

  private item(f: Finding): HTMLElement {
    const reason = this.why[f.code];
    const details = reason ? h('details', { open: this.opened.has(f.code), toggle: (event) => this.remember(f.code, event) }, h('summary', {}, 'Why it matters'), ...prose(reason)) : undefined;
    return h('li', { class: f.severity },
      h('button', { class: 'message', type: 'button', click: () => this.actions.jump(f.range) },
        h('span', { class: `severity ${f.severity}` }, f.severity), ' ', h('strong', {}, f.code), ' ', ...inline(f.message)),
      h('p', { class: 'meta' }, `${f.range.path}:${f.range.start.line} · `, h('a', { href: f.url, rel: 'noreferrer', target: '_blank' }, f.name)),
      ...f.related.map((r) => h('p', { class: 'meta' },
        h('button', { class: 'link', type: 'button', click: () => this.actions.jump(r.range) }, `${r.range.path}:${r.range.start.line}`), ' ', ...inline(r.message))),
      details,
      f.fix ? h('p', { class: 'fix' }, h('button', { type: 'button', click: () => this.actions.fix(f) }, ...inline(f.fix.title)), ' ', h('span', { class: 'tag' }, f.fix.applicability)) : undefined,
      f.do ? h('p', { class: 'meta' }, 'Do: ', ...inline(f.do)) : undefined,
      f.no_fix ? h('p', { class: 'meta' }, 'No fix: ', ...inline(f.no_fix)) : undefined);
  }

  private remember(code: string, event: Event): void {
    if ((event.target as HTMLDetailsElement).open) {
      this.opened.add(code);
    } else {
      this.opened.delete(code);
    }
  }

  private drawFixed(): void {
    const fixed = this.fixed[this.level];
    at<HTMLButtonElement>('apply').disabled = !fixed?.diff;
    const lines = fixed?.diff.split('\n') ?? [];
    if (lines.at(-1) === '') {
      lines.pop();
    }
    at('diff').replaceChildren(...lines.map((line) => {
      const kind = /^(---|\+\+\+) /.test(line) ? 'file' : { '+': 'added', '-': 'removed', '@': 'place' }[line[0]] ?? 'same';
      return h('div', { class: kind }, line === '' ? ' ' : line.replace(/\r$/, ''));
    }));
    at('diff').hidden = lines.length === 0;
    at('no-diff').hidden = lines.length > 0 || !fixed;
    at('applied').replaceChildren(...(fixed?.applied ?? []).map((text) => h('li', {}, ...inline(text))));
    const left = fixed?.remaining ?? 0;
    at('remaining').textContent = !fixed ? '' : left === 0 ? 'Nothing is left to find then.' : left === 1 ? '1 finding is left then.' : `${left} findings are left then.`;
    errors('fix-errors', fixed?.errors ?? []);
  }

  private drawGraph(): void {
    const stage = document.querySelector<HTMLInputElement>('input[name=stage]:checked')?.value ?? 'before';
    const svg = stage === 'before' ? this.checked?.graph : this.fixed[stage as Level]?.graph;
    const image = at<HTMLImageElement>('picture');
    for (const url of this.pictures.splice(0)) {
      URL.revokeObjectURL(url);
    }
    at('no-graph').hidden = svg !== '';
    image.hidden = !svg;
    at('save').hidden = !svg;
    if (svg) {
      // As an image it can run nothing and load nothing.
      const url = URL.createObjectURL(new Blob([svg], { type: 'image/svg+xml' }));
      this.pictures.push(url);
      image.src = url;
      at<HTMLAnchorElement>('save').href = url;
    }
  }
}

function errors(id: string, list: string[]): void {
  at(id).replaceChildren(...list.map((text) => h('p', {}, text)));
  at(id).hidden = list.length === 0;
}
