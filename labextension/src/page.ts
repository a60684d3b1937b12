/** Tells the kernel how the notebook stands now, before a question: the order and texts of cells. */

import type { Notebook, NotebookPanel } from '@jupyterlab/notebook';
import type { Kernel } from '@jupyterlab/services';

import type { ITransport } from './chat/host';
import type { Operation } from './chat/protocol';
import { pageMessage, queuedPageMessage, saidIn } from './wire';

const QUESTIONS: ReadonlySet<Operation> = new Set<Operation>([
  'ask',
  'regenerate',
  'edit',
  'preview',
  'command'
]);

/**
 * The ids of the code cells from top to bottom, and the texts that the kernel was not told yet, `at`
 * a time (milliseconds): what waits behind a cell comes later than what was told since.
 */
export interface IPage {
  at: number;
  order: string[];
  texts: Record<string, string>;
}

/** What a kernel was told of the texts of cells; one that loads our extension knows nothing. */
class Told {
  #texts = new Map<string, string>();

  constructor(kernel: Kernel.IKernelConnection) {
    kernel.iopubMessage.connect((_, message) => {
      const said: { type: string } | null = saidIn(message);
      if (said?.type === 'hello') {
        this.#texts.clear();
      }
    });
  }

  /** The part of the notebook that is news; from now on it counts as told. */
  news(notebook: Notebook): IPage {
    const page: IPage = { at: Date.now(), order: [], texts: {} };
    for (const { model } of notebook.widgets) {
      if (model.type === 'code') {
        const text = model.sharedModel.getSource();
        page.order.push(model.id);
        if (this.#texts.get(model.id) !== text) {
          page.texts[model.id] = text;
          this.#texts.set(model.id, text);
        }
      }
    }
    return page;
  }
}

const told = new WeakMap<Kernel.IKernelConnection, Told>();

/** Tell a notebook's kernel how it stands now, whatever runs there. */
export function tellPage(notebook: NotebookPanel): void {
  const kernel = kernelOf(notebook);
  kernel?.sendControlMessage(pageMessage(kernel, newsFor(kernel, notebook)), false);
}

/** Tell it ahead of the cell that is about to be run. */
export function tellPageInQueue(notebook: NotebookPanel): void {
  const kernel = kernelOf(notebook);
  kernel?.sendShellMessage(queuedPageMessage(kernel, newsFor(kernel, notebook)), false);
}

function kernelOf(notebook: NotebookPanel): Kernel.IKernelConnection | null {
  const kernel = notebook.sessionContext.session?.kernel;
  return kernel && !kernel.isDisposed ? kernel : null;
}

function newsFor(kernel: Kernel.IKernelConnection, notebook: NotebookPanel): IPage {
  const known = told.get(kernel) ?? new Told(kernel);
  told.set(kernel, known);
  return known.news(notebook.content);
}

/** The transport of a panel beside a notebook: the page goes ahead of each question. */
export function withPage(transport: ITransport, notebook: NotebookPanel): ITransport {
  return {
    send: request => {
      if (QUESTIONS.has(request.op)) {
        tellPage(notebook);
      }
      transport.send(request);
    },
    onMessage: listener => transport.onMessage(listener)
  };
}
