/** Code in the answers of `%%mibyan` cells gets the panel's toolbar, where the user points at it. */

import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { CodeCell } from '@jupyterlab/cells';

import { decorateCode } from './chat/codeBlocks';
import { INotebookHosts, IOpenNotebooks } from './tokens';

const CODE = '.jp-OutputArea-output .mibyan-code';
const PANEL = '.mibyan-chat';

/** The code block that an event is about; null in a panel, which has toolbars of its own. */
export function codeAt(target: EventTarget | null): HTMLElement | null {
  const code = target instanceof Element ? target.closest<HTMLElement>(CODE) : null;
  return code === null || code.closest(PANEL) ? null : code;
}

/** Listens for the pointer and the focus; nothing is done while an answer grows. */
export const answerToolbarPlugin: JupyterFrontEndPlugin<void> = {
  id: 'mibyan-jupyter:answer-toolbar',
  description: 'Copy, insert and run the code of answers in cells.',
  autoStart: true,
  requires: [IOpenNotebooks, INotebookHosts],
  activate: (_app: JupyterFrontEnd, notebooks: IOpenNotebooks, hosts: INotebookHosts) => {
    const decorate = (event: Event) => {
      const code = codeAt(event.target);
      const notebook = code && notebooks.containing(code);
      const cell = notebook?.content.widgets.find(each => each.node.contains(code));
      if (code && notebook && cell instanceof CodeCell && !isRunning(cell)) {
        // A signal of its own, so that nothing holds the block once its output is gone.
        const { signal } = new AbortController();
        decorateCode(code, hosts.of(notebook, 'inline'), { signal });
      }
    };
    document.addEventListener('pointerover', decorate, { passive: true });
    document.addEventListener('focusin', decorate);
  }
};

function isRunning(cell: CodeCell): boolean {
  return cell.model.executionState === 'running';
}
