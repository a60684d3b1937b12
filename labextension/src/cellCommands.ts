/** The commands about a cell, as the registry describes them. */

import type { LabIcon } from '@jupyterlab/ui-components';
import type { ReadonlyJSONObject, ReadonlyPartialJSONObject } from '@lumino/coreutils';

import { askAbout, explain, fix } from './cellActs';
import type { IFailed } from './cellActs';
import type { IWords } from './chat/host';
import type { IChat } from './chat/mountChat';
import { chatIcon, explainIcon, fixIcon } from './icons';

const CELL = {
  type: 'string',
  description: 'The id of a code cell in the current notebook; without it, the selected cell.'
};
const UNDER_POINTER = {
  type: 'boolean',
  description: 'The cell that the context menu was opened on, selected or not.'
};
const WHICH = { cell: CELL, underPointer: UNDER_POINTER };
const QUESTION = {
  type: 'string',
  description: 'Ask this at once; without it, the cell is put into the box.'
};

/** One command about a cell. */
export interface ICellCommand {
  id: string;
  label: string;
  caption: string;
  icon: LabIcon;
  /** Its arguments, as JSON Schema's properties. */
  properties: ReadonlyJSONObject;
  /** Only for cells that failed. */
  afterFailure: boolean;
  act(chat: IChat, cell: IFailed, args: ReadonlyPartialJSONObject): void;
}

/** Ask about, explain and fix a cell. */
export function cellCommands(words: IWords): ICellCommand[] {
  return [
    {
      id: 'mibyan:ask-about-cell',
      label: words.__('Ask About This Cell'),
      caption: words.__('Ask Mibyan about this cell'),
      icon: chatIcon,
      properties: { ...WHICH, question: QUESTION },
      afterFailure: false,
      act: (chat, cell, { question }) =>
        askAbout(chat, cell, typeof question === 'string' ? question.trim() : '')
    },
    {
      id: 'mibyan:explain-cell',
      label: words.__('Explain This Cell'),
      caption: words.__('Have Mibyan explain this cell, step by step'),
      icon: explainIcon,
      properties: WHICH,
      afterFailure: false,
      act: (chat, cell) => explain(chat, cell, words)
    },
    {
      id: 'mibyan:fix-cell',
      label: words.__('Fix This Cell'),
      caption: words.__('Have Mibyan explain why this cell failed, and correct it'),
      icon: fixIcon,
      properties: WHICH,
      afterFailure: true,
      act: (chat, cell) => fix(chat, cell, words)
    }
  ];
}
