/** What can be completed at the cursor, and with what. Pure. */

import type { IWords } from './host';
import type { ICommandInfo, ICompletions } from './protocol';

/** One thing to choose. */
export interface ICandidate {
  /** What takes the place of the typed word. */
  insert: string;
  /** How it is typed, in full. */
  label: string;
  /** A few words about it. */
  about: string;
}

/** The word before the cursor that may be completed. */
export interface ITyped {
  kind: 'mention' | 'command';
  /** The word without its `@` or `/`. */
  word: string;
  /** Where the word begins in the text, its `@` or `/` included. */
  start: number;
}

const COMMAND = /^\/(\S*)$/;
const MENTION = /(?:^|[\s([{,;"'])(@([\p{L}\p{N}_.:]*))$/u;

/** The word that ends at `cursor`, if it can be completed. */
export function typedAt(text: string, cursor: number): ITyped | null {
  const before = text.slice(0, cursor);
  const command = COMMAND.exec(before);
  if (command) {
    return { kind: 'command', word: command[1] ?? '', start: 0 };
  }
  const mention = MENTION.exec(before);
  if (mention) {
    const [, whole = '', word = ''] = mention;
    return { kind: 'mention', word, start: cursor - whole.length };
  }
  return null;
}

/** All commands, as candidates. */
export function commandCandidates(commands: readonly ICommandInfo[]): ICandidate[] {
  return commands.map(({ name, usage, summary }) => ({
    insert: `/${name}`,
    label: `/${usage || name}`,
    about: summary
  }));
}

/** All that can be mentioned, as candidates. */
export function mentionCandidates(known: ICompletions, words: IWords): ICandidate[] {
  const candidates: ICandidate[] = [];
  const add = (name: string, about: string) =>
    candidates.push({ insert: `@${name}`, label: `@${name}`, about });
  known.variables.forEach(({ name, type }) => add(name, type));
  if (known.error) {
    add('error', words.__('the newest error'));
  }
  if (known.figure) {
    add('figure', words.__('the newest figure'));
  }
  known.cells.forEach(cell => add(`cell:${cell.number}`, cell.first_line));
  return candidates;
}

/** The candidates that fit the typed word: it itself, what begins with it, what holds it. */
export function fitting(candidates: readonly ICandidate[], word: string): ICandidate[] {
  const wanted = word.toLowerCase();
  const rank = (candidate: ICandidate) => {
    const name = candidate.insert.slice(1).toLowerCase();
    const place = name.indexOf(wanted);
    return name === wanted ? 0 : place === 0 ? 1 : place > 0 ? 2 : 3;
  };
  const fit = candidates.filter(each => rank(each) < 3);
  return fit.sort((one, other) => rank(one) - rank(other));
}
