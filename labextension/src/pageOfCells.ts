/** Tells the kernel how the notebook stands before a question in a cell. */

import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { NotebookActions } from '@jupyterlab/notebook';

import { followCorrections } from './cellCorrections';
import { tellPageInQueue } from './page';
import { IOpenNotebooks } from './tokens';

const MAGIC = /^\s*%%?mibyan\b/m;

/** The page goes ahead of questions in cells, too. */
export const pagePlugin: JupyterFrontEndPlugin<void> = {
  id: 'mibyan-jupyter:page',
  description: 'Tells the kernel the order of the cells before a question.',
  autoStart: true,
  requires: [IOpenNotebooks],
  activate: (_app: JupyterFrontEnd, notebooks: IOpenNotebooks) => {
    NotebookActions.executionScheduled.connect((_: unknown, { notebook, cell }) => {
      const panel = notebooks.containing(notebook.node);
      if (panel && MAGIC.test(cell.model.sharedModel.getSource())) {
        tellPageInQueue(panel);
        followCorrections(panel);
      }
    });
  }
};
