/** The notebooks that are open, and which of them share a kernel. */

import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { INotebookTracker } from '@jupyterlab/notebook';
import type { NotebookPanel } from '@jupyterlab/notebook';
import type { Session } from '@jupyterlab/services';
import { Signal } from '@lumino/signaling';
import type { ISignal } from '@lumino/signaling';

import { IOpenNotebooks } from './tokens';

/** A view on JupyterLab's tracker and its list of running kernels. */
export class OpenNotebooks {
  readonly #tracker: INotebookTracker;
  readonly #sessions: Session.IManager;
  readonly #changed = new Signal<this, void>(this);

  constructor(tracker: INotebookTracker, sessions: Session.IManager) {
    this.#tracker = tracker;
    this.#sessions = sessions;
    tracker.forEach(notebook => this.#watch(notebook));
    tracker.widgetAdded.connect((_, notebook) => this.#watch(notebook));
    sessions.runningChanged.connect(() => this.#changed.emit());
  }

  get current(): NotebookPanel | null {
    return this.#tracker.currentWidget;
  }

  get currentChanged(): ISignal<INotebookTracker, NotebookPanel | null> {
    return this.#tracker.currentChanged;
  }

  /** A notebook, its kernel or its list of cells is another one. */
  get changed(): ISignal<this, void> {
    return this.#changed;
  }

  /** The notebook that shows this node. */
  containing(node: Node): NotebookPanel | undefined {
    return this.#tracker.find(notebook => notebook.node.contains(node));
  }

  /** The open notebooks of this one's kernel, itself first. */
  withKernelOf(notebook: NotebookPanel): NotebookPanel[] {
    const id = kernelId(notebook);
    const others = this.#tracker.filter(each => each !== notebook && kernelId(each) === id);
    return id === undefined ? [notebook] : [notebook, ...others];
  }

  /** The paths of the other notebooks of this one's kernel, open here or not. */
  pathsBeside(notebook: NotebookPanel): string[] {
    const id = kernelId(notebook);
    const own = notebook.sessionContext.session?.path;
    const beside = [...this.#sessions.running()].filter(
      each => id !== undefined && each.kernel?.id === id && each.path !== own
    );
    return beside.map(each => each.path);
  }

  #watch(notebook: NotebookPanel): void {
    const changed = () => this.#changed.emit();
    const followCells = () => {
      notebook.content.model?.cells.changed.connect(changed);
      changed();
    };
    followCells();
    notebook.content.modelChanged.connect(followCells);
    notebook.sessionContext.kernelChanged.connect(changed);
    notebook.disposed.connect(changed);
  }
}

function kernelId(notebook: NotebookPanel): string | undefined {
  return notebook.isDisposed ? undefined : notebook.sessionContext.session?.kernel?.id;
}

/** Provides the open notebooks. */
export const notebooksPlugin: JupyterFrontEndPlugin<IOpenNotebooks> = {
  id: 'mibyan-jupyter:notebooks',
  description: 'The notebooks that are open, and which share a kernel.',
  autoStart: true,
  provides: IOpenNotebooks,
  requires: [INotebookTracker],
  activate: (app: JupyterFrontEnd, tracker: INotebookTracker) =>
    new OpenNotebooks(tracker, app.serviceManager.sessions)
};
