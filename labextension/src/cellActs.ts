/** What a user can have done with a cell in the chat. */

import type { IWords } from './chat/host';
import type { IChat } from './chat/mountChat';
import { fenced, mention } from './subject';
import type { ISubject } from './subject';

/** A cell, and how it failed. */
export interface IFailed extends ISubject {
  /** The last line of its error; empty if it did not fail. */
  error: string;
  /** Whether no cell has failed after it. */
  isNewest: boolean;
}

/** Put the cell into the box, or ask `question` about it at once. */
export function askAbout(chat: IChat, cell: ISubject, question: string): void {
  if (question) {
    void chat.ask(`${question}\n\n${mention(cell)}`.trimEnd());
  } else {
    chat.fill(mention(cell));
  }
}

/** Have the cell explained. */
export function explain(chat: IChat, cell: ISubject, words: IWords): void {
  if (cell.number !== null && !cell.isEdited) {
    void chat.command(`explain ${cell.number}`);
  } else {
    const request = words.__('Explain this cell, step by step, to someone who is learning.');
    void chat.ask(`${request}\n\n${fenced(cell.source)}`.trimEnd());
  }
}

/** Have the cell's failure explained and the cell corrected. */
export function fix(chat: IChat, cell: IFailed, words: IWords): void {
  if (cell.number !== null && cell.isNewest) {
    void chat.command('fix');
  } else {
    const request = words.__(
      'This cell fails. Explain why in a few sentences, then give the whole corrected cell in one code block.'
    );
    void chat.ask(`${request}\n\n${mention(cell)}\n${cell.error}`.trimEnd());
  }
}
