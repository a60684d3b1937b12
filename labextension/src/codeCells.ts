/** Finding code cells, and how they ended. */

import { CodeCell } from '@jupyterlab/cells';
import type { NotebookPanel } from '@jupyterlab/notebook';

/** The code cell with this id or node, or the selected one; null where that holds no code. */
export function codeCellIn(notebook: NotebookPanel, which: unknown): CodeCell | null {
  const { content } = notebook;
  const cell =
    typeof which === 'string' || which instanceof Node
      ? content.widgets.find(each => each.model.id === which || each.node === which)
      : content.activeCell;
  const holdsCode = cell instanceof CodeCell && cell.model.sharedModel.getSource().trim() !== '';
  return holdsCode ? cell : null;
}

/** The last line of the error that a cell shows; null if it shows none. */
export function errorOf(cell: CodeCell): string | null {
  const { outputs } = cell.model;
  for (let n = 0; n < outputs.length; n++) {
    const output = outputs.get(n).toJSON();
    if (output.output_type === 'error') {
      return `${String(output['ename'])}: ${String(output['evalue'])}`;
    }
  }
  return null;
}

/** Whether no cell of these notebooks has failed later. */
export function isNewestFailure(cell: CodeCell, notebooks: readonly NotebookPanel[]): boolean {
  const count = cell.model.executionCount ?? 0;
  const others = notebooks.flatMap(notebook => [...notebook.content.widgets]);
  return others.every(
    other =>
      !(other instanceof CodeCell) ||
      errorOf(other) === null ||
      (other.model.executionCount ?? 0) <= count
  );
}
