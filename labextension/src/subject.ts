/** The cell that a question is about. */

import type { ICodeCellModel } from '@jupyterlab/cells';

import type { ITransport } from './chat/host';
import { isType } from './chat/messages';
import type { ICompletions } from './chat/protocol';
import { Requests } from './chat/requests';

/** A cell as a question can name it. */
export interface ISubject {
  source: string;
  /** Its number, where the kernel has run it: `@cell:3` means it, as it ran. */
  number: number | null;
  /** It has been edited since. */
  isEdited: boolean;
}

/** Ask the kernel whether it has run the cell. */
export async function subjectOf(
  cell: ICodeCellModel,
  transport: ITransport
): Promise<ISubject> {
  const source = cell.sharedModel.getSource();
  const number = cell.executionCount;
  const ran = number === null ? undefined : await ranAs(number, transport);
  const begins = ran !== undefined && source.trimStart().startsWith(ran);
  return {
    source,
    number: ran === undefined ? null : number,
    isEdited: cell.isDirty || !begins
  };
}

/** How a question names it: by its number, or with its code. */
export function mention({ source, number, isEdited }: ISubject): string {
  return number === null || isEdited ? fenced(source) : `@cell:${number} `;
}

/** Code as a block of Markdown, whatever fences it holds itself. */
export function fenced(source: string): string {
  const longest = Math.max(2, ...[...source.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}python\n${source}\n${fence}\n`;
}

/** The beginning of what ran under this number; undefined where nothing is known of it. */
async function ranAs(number: number, transport: ITransport): Promise<string | undefined> {
  const known = await completions(transport);
  return known?.cells.find(each => each.number === number)?.first_line;
}

async function completions(transport: ITransport): Promise<ICompletions | null> {
  const requests = new Requests(transport);
  const stop = transport.onMessage(message => requests.settle(message));
  try {
    const reply = await requests.send('complete', {});
    return isType(reply, 'completions') ? reply : null;
  } catch {
    return null;
  } finally {
    stop();
    requests.dispose();
  }
}
