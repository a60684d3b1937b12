/** What is done to the cells of a notebook; every change can be undone there. */

import type { Cell } from '@jupyterlab/cells';
import { NotebookActions } from '@jupyterlab/notebook';
import type { NotebookPanel } from '@jupyterlab/notebook';

/** Insert a code cell below the selected one, and select it. */
export function insertBelow(notebook: NotebookPanel, source: string): Cell | undefined {
  const { content } = notebook;
  if (!content.model) {
    return undefined;
  }
  const index = content.activeCellIndex + 1;
  insertCell(notebook, index, source);
  select(notebook, index);
  return content.widgets[index];
}

/** Insert a code cell at a place. */
export function insertCell(notebook: NotebookPanel, index: number, source: string): void {
  notebook.content.model?.sharedModel.insertCell(index, {
    cell_type: 'code',
    source,
    metadata: { trusted: true }
  });
}

/** Put `source` in place of a cell's. */
export function replaceSource(cell: Cell, source: string): void {
  cell.model.sharedModel.setSource(source);
}

/** Run a cell as ▶ does. */
export async function runCell(notebook: NotebookPanel, cell: Cell): Promise<void> {
  await NotebookActions.runCells(notebook.content, [cell], notebook.sessionContext);
}

/** Select a cell and bring it into view. */
export function select(notebook: NotebookPanel, index: number): void {
  const { content } = notebook;
  content.deselectAll();
  content.activeCellIndex = index;
  content.mode = 'command';
  void content.scrollToItem(index, 'smart');
}

/** Put the cursor into the selected cell, as soon as that has an editor. */
export async function typeInSelected({ content }: NotebookPanel): Promise<void> {
  const cell = content.activeCell;
  await cell?.ready;
  cell?.editor?.focus();
}

/** Where a cell stands in a notebook; -1 if it is not there. */
export function indexOf(notebook: NotebookPanel, cellId: string): number {
  return notebook.content.widgets.findIndex(cell => cell.model.id === cellId);
}

/** Where a cell with this source stands in a notebook; -1 if there is none. */
export function indexOfSource(notebook: NotebookPanel, source: string): number {
  const sourceOf = (cell: Cell) => cell.model.sharedModel.getSource().trim();
  return notebook.content.widgets.findIndex(cell => sourceOf(cell) === source);
}
