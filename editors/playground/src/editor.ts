import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { HighlightStyle, StreamLanguage, syntaxHighlighting } from '@codemirror/language';
import { dockerFile } from '@codemirror/legacy-modes/mode/dockerfile';
import { properties } from '@codemirror/legacy-modes/mode/properties';
import { python } from '@codemirror/legacy-modes/mode/python';
import { toml } from '@codemirror/legacy-modes/mode/toml';
import { yaml } from '@codemirror/legacy-modes/mode/yaml';
import { type Diagnostic, lintGutter, lintKeymap, setDiagnostics } from '@codemirror/lint';
import { EditorState, type Extension, type TransactionSpec } from '@codemirror/state';
import { drawSelection, EditorView, highlightActiveLine, highlightActiveLineGutter, highlightSpecialChars, keymap, lineNumbers } from '@codemirror/view';
import { tags } from '@lezer/highlight';
import type { Edit, Files, Finding, Position } from './protocol';
import { dockerfile } from './share';

const colours = HighlightStyle.define([
  { tag: tags.keyword, color: 'var(--code-keyword)', fontWeight: '600' },
  { tag: [tags.string, tags.special(tags.string)], color: 'var(--code-string)' },
  { tag: [tags.comment, tags.meta], color: 'var(--code-comment)', fontStyle: 'italic' },
  { tag: [tags.number, tags.bool, tags.atom], color: 'var(--code-number)' },
  { tag: [tags.definition(tags.variableName), tags.propertyName, tags.attributeName, tags.heading], color: 'var(--code-name)' },
]);

function languageOf(path: string): Extension {
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (name === dockerfile) {
    return StreamLanguage.define(dockerFile);
  }
  if (/\.(toml|lock)$|^Pipfile$/.test(name)) {
    return StreamLanguage.define(toml);
  }
  if (/\.ya?ml$/.test(name)) {
    return StreamLanguage.define(yaml);
  }
  if (name.endsWith('.py')) {
    return StreamLanguage.define(python);
  }
  return /\.(txt|in|cfg|ini)$|ignore$/.test(name) ? StreamLanguage.define(properties) : [];
}

/** The files in an editor that shows one of them. Texts keep their line endings to the byte. */
export class Editor {
  private states = new Map<string, EditorState>();
  private current = dockerfile;
  readonly view: EditorView;

  constructor(
    parent: HTMLElement,
    private readonly changed: () => void,
  ) {
    this.view = new EditorView({
      parent,
      state: this.stateOf(dockerfile, ''),
      dispatchTransactions: (transactions, view) => {
        view.update(transactions);
        this.states.set(this.current, view.state);
        if (transactions.some((t) => t.docChanged)) {
          this.changed();
        }
      },
    });
    this.states.set(dockerfile, this.view.state);
  }

  /** The path of the file that is shown. */
  get active(): string {
    return this.current;
  }

  /** The paths, the Dockerfile first. */
  get paths(): string[] {
    return [...this.states.keys()];
  }

  /** The texts, the Dockerfile first. */
  files(): Files {
    const files: Files = {};
    for (const [path, state] of this.states) {
      files[path] = state.sliceDoc();
    }
    return files;
  }

  /** Replaces all files. */
  open(files: Files, active: string): void {
    this.states = new Map([[dockerfile, this.stateOf(dockerfile, files[dockerfile] ?? '')]]);
    for (const path of Object.keys(files).sort()) {
      if (path !== dockerfile) {
        this.states.set(path, this.stateOf(path, files[path]));
      }
    }
    this.current = dockerfile;
    this.show(active);
    this.changed();
  }

  show(path: string): void {
    const state = this.states.get(path);
    if (!state) {
      return;
    }
    this.current = path;
    this.view.setState(state);
  }

  add(path: string, text: string): void {
    this.states.set(path, this.stateOf(path, text));
    this.show(path);
    this.changed();
  }

  rename(from: string, to: string): void {
    this.states = new Map([...this.states].map(([path, state]) => (path === from ? [to, this.stateOf(to, state.sliceDoc())] : [path, state])));
    this.show(to);
    this.changed();
  }

  remove(path: string): void {
    this.states.delete(path);
    this.show(dockerfile);
    this.changed();
  }

  /** Makes files have these texts, so that it can be undone. */
  write(files: Files): void {
    for (const [path, text] of Object.entries(files)) {
      const state = this.states.get(path);
      if (!state) {
        this.states.set(path, this.stateOf(path, text));
        continue;
      }
      const old = state.doc;
      const now = state.toText(text);
      const [from, to] = [old.toString(), now.toString()]; // one character for each line ending
      let start = 0;
      while (start < from.length && from[start] === to[start]) {
        start++;
      }
      let end = 0;
      while (end < from.length - start && end < to.length - start && from[from.length - 1 - end] === to[to.length - 1 - end]) {
        end++;
      }
      this.change(path, { changes: { from: start, to: from.length - end, insert: now.slice(start, to.length - end) } });
    }
    this.changed();
  }

  /** Applies edits of one fix. */
  apply(edits: Edit[]): void {
    for (const path of new Set(edits.map((e) => e.range.path))) {
      const own = edits.filter((e) => e.range.path === path);
      const state = this.states.get(path);
      if (!state) {
        this.states.set(path, this.stateOf(path, own.map((e) => e.text).join('')));
        continue;
      }
      this.change(path, {
        changes: own.map((e) => ({ from: place(state, e.range.start), to: place(state, e.range.end), insert: state.toText(e.text) })),
      });
    }
    this.changed();
  }

  private change(path: string, spec: TransactionSpec): void {
    if (path === this.current) {
      this.view.dispatch({ ...spec, scrollIntoView: false });
      return;
    }
    const state = this.states.get(path);
    if (state) {
      this.states.set(path, state.update(spec).state);
    }
  }

  /** Selects a place and brings it into view. */
  jump(path: string, start: Position, end: Position): void {
    this.show(path);
    const { state } = this.view;
    const anchor = place(state, start);
    this.view.dispatch({ selection: { anchor, head: place(state, end) }, effects: EditorView.scrollIntoView(anchor, { y: 'center' }) });
    this.view.focus();
  }

  /** Marks findings in the texts. */
  mark(findings: Finding[], fix: (finding: Finding) => void): void {
    for (const [path, state] of this.states) {
      const marks: Diagnostic[] = [];
      for (const f of findings) {
        if (f.range.path !== path) {
          continue;
        }
        marks.push({
          from: place(state, f.range.start), to: place(state, f.range.end), severity: f.severity,
          message: `${f.code} ${f.name}: ${f.message}`,
          actions: f.fix ? [{ name: `${f.fix.title} (${f.fix.applicability})`, apply: () => fix(f) }] : [],
        });
      }
      this.change(path, setDiagnostics(state, marks));
    }
  }

  private stateOf(path: string, text: string): EditorState {
    return EditorState.create({
      doc: text,
      extensions: [
        // Without it, CodeMirror takes every kind of line ending for one, and gives back newlines.
        EditorState.lineSeparator.of(/\r\n/.test(text) && !/(^|[^\r])\n/.test(text) ? '\r\n' : '\n'),
        lineNumbers(), highlightActiveLineGutter(), highlightSpecialChars(), history(), drawSelection(), highlightActiveLine(), lintGutter(),
        syntaxHighlighting(colours), languageOf(path), EditorView.lineWrapping,
        EditorView.contentAttributes.of({ 'aria-label': `Text of ${path}`, spellcheck: 'false', autocapitalize: 'off' }),
        keymap.of([...defaultKeymap, ...historyKeymap, ...lintKeymap]), // Tab leaves the editor, as without a mouse it must
      ],
    });
  }
}

function place(state: EditorState, { line, column }: Position): number {
  if (line > state.doc.lines) {
    return state.doc.length;
  }
  const { from, to } = state.doc.line(line);
  return Math.min(from + column, to);
}
