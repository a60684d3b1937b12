/** What surrounds a panel. Everything optional is a capability: without it, its buttons are hidden. */

import type { ICellRef, IRequest, ITranscript, KernelMessage } from './protocol';

/** The way to one kernel's session. */
export interface ITransport {
  send(request: IRequest): void;
  /** Call `listener` with every message of the kernel; returns how to end that. */
  onMessage(listener: (message: KernelMessage) => void): () => void;
}

/** Words in the user's language, in gettext's manner: `%1` is the first argument, in plurals `n`. */
export interface IWords {
  __(text: string, ...args: (string | number)[]): string;
  _n(singular: string, plural: string, n: number, ...args: (string | number)[]): string;
}

/** The cells of the notebook beside the panel. */
export interface INotebookCells {
  /** `gone`: deleted from its notebook; `unknown`: that notebook is not open. */
  find(cell: ICellRef): 'here' | 'gone' | 'unknown';
  goTo(cell: ICellRef): void;
  run(cell: ICellRef): void;
  /** Put `source` in place of the cell's; undoable. */
  replace(cell: ICellRef, source: string): void;
  onChange(listener: () => void): () => void;
}

export interface IPreferences {
  /** Enter sends and Shift+Enter starts a line, or the other way round. */
  enterSends: boolean;
}

export interface IChatHost {
  readonly words: IWords;
  readonly preferences: IPreferences;
  onPreferences(listener: () => void): () => void;
  /** The unsent question, which survives a reload. */
  loadDraft(): string;
  saveDraft(text: string): void;
  copy(text: string): Promise<void>;
  /** Typeset the TeX in an element, once. */
  typeset?(element: HTMLElement): void;
  insertBelow?(source: string): void;
  /** Put `source` in place of the selected cell's; undoable. */
  replaceSelected?(source: string): void;
  /** Insert a cell and run it; the panel has asked for confirmation before. */
  insertAndRun?(source: string): void;
  cells?: INotebookCells;
  /** Put the cursor into a cell that asks for the key; below the selected one where none is there. */
  insertLoginCell?(): void;
  openSettings?(): void;
  /** Write the conversation below this panel, which is in an output; again replaces it. */
  keep?(transcript: ITranscript): void;
}
