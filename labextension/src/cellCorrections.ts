/** Puts the corrected cell of `%mibyan fix --apply` where the failing one stands. */

import type { NotebookPanel } from '@jupyterlab/notebook';
import type { Kernel, KernelMessage as Wire } from '@jupyterlab/services';

import { indexOf, insertCell, replaceSource } from './cellEdits';

/** What the kernel proposes: `source` in place of `was`. */
interface IEdit {
  cell: string;
  was: string;
  source: string;
}

const followed = new WeakSet<Kernel.IKernelConnection>();

/** Follow what the notebook's kernel answers to its cells; again is harmless. */
export function followCorrections(notebook: NotebookPanel): void {
  const kernel = notebook.sessionContext.session?.kernel;
  if (kernel && !followed.has(kernel)) {
    followed.add(kernel);
    kernel.iopubMessage.connect((_, message) => {
      const edit = editIn(message);
      // Other notebooks and tabs of this kernel hear it, too.
      if (edit && isAnswer(message, kernel) && !notebook.isDisposed) {
        correct(notebook, edit);
      }
    });
  }
}

/** A cell that was edited meanwhile keeps its text: the correction comes below. */
function correct(notebook: NotebookPanel, { cell: id, was, source }: IEdit): void {
  const index = indexOf(notebook, id);
  const cell = notebook.content.widgets[index];
  if (!cell) {
    return;
  }
  if (cell.model.sharedModel.getSource() === was) {
    replaceSource(cell, source);
  } else {
    insertCell(notebook, index + 1, source);
  }
}

function isAnswer(message: Wire.IIOPubMessage, kernel: Kernel.IKernelConnection): boolean {
  const { parent_header: parent } = message;
  return 'session' in parent && parent.session === kernel.clientId;
}

function editIn(message: Wire.IIOPubMessage): IEdit | null {
  const { content } = message;
  if (message.header.msg_type !== 'display_data' || !('transient' in content)) {
    return null;
  }
  const transient: object = content.transient ?? {};
  const edit: unknown = 'mibyan_edit' in transient ? transient.mibyan_edit : null;
  return isEdit(edit) ? edit : null;
}

function isEdit(value: unknown): value is IEdit {
  const parts = typeof value === 'object' && value !== null ? { ...value } : {};
  return ['cell', 'was', 'source'].every(
    name => typeof (parts as Record<string, unknown>)[name] === 'string'
  );
}
