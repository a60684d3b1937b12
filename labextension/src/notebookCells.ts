/** The cells that a panel's turns speak of, in all open notebooks of its kernel. */

import type { JupyterFrontEnd } from '@jupyterlab/application';
import type { Cell } from '@jupyterlab/cells';
import type { NotebookPanel } from '@jupyterlab/notebook';

import { indexOf, replaceSource, runCell, select } from './cellEdits';
import type { INotebookCells } from './chat/host';
import type { ICellRef } from './chat/protocol';
import type { OpenNotebooks } from './openNotebooks';

interface IPlace {
  notebook: NotebookPanel;
  index: number;
  cell: Cell;
}

/**
 * A cell is found by its id alone: the kernel knows only the path of the notebook that started it,
 * which another notebook may have joined since.
 */
export class NotebookCells implements INotebookCells {
  constructor(
    private readonly notebook: NotebookPanel,
    private readonly notebooks: OpenNotebooks,
    private readonly shell: JupyterFrontEnd.IShell
  ) {}

  find(cell: ICellRef): 'here' | 'gone' | 'unknown' {
    if (this.#place(cell)) {
      return 'here';
    }
    return this.#seesAll() ? 'gone' : 'unknown';
  }

  goTo(cell: ICellRef): void {
    const place = this.#place(cell);
    if (place) {
      this.shell.activateById(place.notebook.id);
      select(place.notebook, place.index);
    }
  }

  run(cell: ICellRef): void {
    const place = this.#place(cell);
    if (place) {
      select(place.notebook, place.index);
      void runCell(place.notebook, place.cell);
    }
  }

  replace(cell: ICellRef, source: string): void {
    const place = this.#place(cell);
    if (place) {
      replaceSource(place.cell, source);
      this.goTo(cell);
    }
  }

  onChange(listener: () => void): () => void {
    const changed = () => listener();
    this.notebooks.changed.connect(changed);
    return () => {
      this.notebooks.changed.disconnect(changed);
    };
  }

  #place({ id }: ICellRef): IPlace | undefined {
    for (const notebook of this.notebooks.withKernelOf(this.notebook)) {
      const index = indexOf(notebook, id);
      const cell = notebook.content.widgets[index];
      if (cell) {
        return { notebook, index, cell };
      }
    }
    return undefined;
  }

  #seesAll(): boolean {
    const open = this.notebooks.withKernelOf(this.notebook);
    const paths = new Set(open.map(each => each.sessionContext.session?.path));
    return (
      open.every(each => each.content.model !== null && each.context.isReady) &&
      this.notebooks.pathsBeside(this.notebook).every(path => paths.has(path))
    );
  }
}
