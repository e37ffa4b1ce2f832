// What the page and its worker tell each other. The answers are those of cmd/internal/playground.

export type Files = Record<string, string>;

export interface Position {
  line: number; // one-based
  column: number; // UTF-16 code units
}

export interface Range {
  path: string;
  start: Position;
  end: Position;
}

export interface Edit {
  range: Range;
  text: string;
  create: boolean;
}

export interface Fix {
  title: string;
  applicability: 'safe' | 'unsafe' | 'suggestion';
  edits: Edit[];
}

export interface Finding {
  code: string;
  name: string;
  severity: 'error' | 'warning' | 'info';
  message: string;
  url: string;
  range: Range;
  related: { message: string; range: Range }[];
  fix: Fix | null;
  /** What a person does about a finding without a fix, or "". */
  do: string;
  no_fix: string;
}

export interface Checked {
  findings: Finding[];
  graph: string;
  errors: string[];
}

export interface Fixed {
  files: Files;
  diff: string;
  applied: string[];
  remaining: number;
  graph: string;
  errors: string[];
}

export type Level = 'safe' | 'unsafe';

/** To the worker: the program first, packed or compiled, then files to look at. Only the latest files count. */
export type ToWorker =
  | { kind: 'start'; module: WebAssembly.Module | { base64: string; properties: number; size: number } }
  | { kind: 'files'; id: number; files: Files };

/** From the worker. For each id come `checked` and then `fixed` for both levels, unless newer files came in between. */
export type FromWorker =
  | { kind: 'ready'; module: WebAssembly.Module }
  | { kind: 'checked'; id: number; answer: Checked }
  | { kind: 'fixed'; id: number; level: Level; answer: Fixed }
  | { kind: 'failed'; message: string };
