import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export const ROOT = join(import.meta.dirname, '../..');

interface Placed {
  /** Line of the guide, from 1. */
  readonly line: number;
}

export interface HttpExample extends Placed {
  readonly kind: 'http';
  readonly request: string;
  readonly answer: string | null;
}

export interface ScriptExample extends Placed {
  readonly kind: 'sh';
  readonly script: string;
  readonly isBackground: boolean;
  readonly output: string | null;
}

export interface StatementExample extends Placed {
  readonly kind: 'sql';
  readonly statements: readonly string[];
}

export interface EnvironmentExample extends Placed {
  readonly kind: 'env';
  readonly text: string;
}

export interface FileExample extends Placed {
  readonly kind: 'file';
  readonly name: string;
  readonly text: string;
}

/** What the reader of a guide does, and what the guide says comes of it. */
export type Example = HttpExample | ScriptExample | StatementExample | EnvironmentExample | FileExample;

export function isProgram(example: Example): example is FileExample {
  return example.kind === 'file' && example.name.endsWith('.ts');
}

/** The guide does not say what is to be done with it. The message names the line. */
export class GuideError extends Error {
  override readonly name = 'GuideError';
}

interface Block {
  readonly line: number;
  /** The language of the fence, '' when there is none. */
  readonly kind: string;
  /** What stands after it. */
  readonly argument: string;
  readonly text: string;
}

export function readGuide(name: string): Example[] {
  return examplesOf(readFileSync(join(ROOT, 'docs/guides', name), 'utf8'));
}

/**
 * The examples of a guide, in their order. Fenced blocks are
 *
 * - `http` with a request, and after it `http` with the answer to it,
 * - `sh`, and after it `output` with what it prints; `sh background` goes on while the reader reads on,
 * - `sql`, as the superuser of a new PostgreSQL,
 * - `env`: variables for all `sh` that follow,
 * - `ts FILE` and `csv FILE`: what the reader saves under that name,
 * - `text`: nothing to be done.
 *
 * @throws GuideError for any other block
 */
export function examplesOf(markdown: string): Example[] {
  const examples: Example[] = [];
  const blocks = blocksOf(markdown);
  for (let at = 0; at < blocks.length; at += 1) {
    const { line, kind, argument, text } = blocks[at];
    const next = blocks.at(at + 1);
    if (kind === 'text') continue;
    if (kind === 'http' && argument === '' && !isAnswer(text)) {
      const answer = next?.kind === 'http' && isAnswer(next.text) ? next.text : null;
      examples.push({ kind, line, request: text, answer });
      if (answer !== null) at += 1;
    } else if (kind === 'sh' && ['', 'background'].includes(argument)) {
      const isBackground = argument === 'background';
      const output = !isBackground && next?.kind === 'output' ? next.text : null;
      examples.push({ kind, line, script: text, isBackground, output });
      if (output !== null) at += 1;
    } else if (kind === 'sql' && argument === '') {
      examples.push({ kind, line, statements: text.split(/;$/m).filter((statement) => statement.trim() !== '') });
    } else if (kind === 'env' && argument === '') {
      examples.push({ kind, line, text });
    } else if (['ts', 'csv'].includes(kind) && argument !== '') {
      examples.push({ kind: 'file', line, name: argument, text });
    } else {
      throw new GuideError(`Line ${line}: nobody knows what to do with the block "${kind} ${argument}"`);
    }
  }
  return examples;
}

function isAnswer(text: string): boolean {
  return text.startsWith('HTTP/');
}

function blocksOf(markdown: string): Block[] {
  const blocks: Block[] = [];
  let open: { line: number; info: string; lines: string[] } | null = null;
  for (const [index, text] of markdown.split('\n').entries()) {
    const fence = /^\s*(?:`{3,}|~{3,})(.*)$/.exec(text);
    if (fence === null) open?.lines.push(text);
    else if (open === null) open = { line: index + 1, info: fence[1].trim(), lines: [] };
    else {
      const [, kind, argument] = /^(\S*)\s*(.*)$/.exec(open.info) ?? ['', '', ''];
      blocks.push({ line: open.line, kind, argument, text: open.lines.join('\n') });
      open = null;
    }
  }
  if (open !== null) throw new GuideError(`Line ${open.line}: the block has no end`);
  return blocks;
}
