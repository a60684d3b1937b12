/** The line above a chat: whose it is. */

import { PathExt } from '@jupyterlab/coreutils';
import type { NotebookPanel } from '@jupyterlab/notebook';
import type { IDisposable } from '@lumino/disposable';

import { element } from './chat/dom';
import type { IWords } from './chat/host';
import type { OpenNotebooks } from './openNotebooks';
import { isOurVersion, VERSION } from './version';

/** Names the notebook, those that share its kernel and so its chat, and versions that differ. */
export class NotebookLine implements IDisposable {
  readonly node = element('div', { class: 'mibyan-notebook-line' });
  #kernelVersion = '';
  #isDisposed = false;

  constructor(
    private readonly notebook: NotebookPanel,
    private readonly notebooks: OpenNotebooks,
    private readonly words: IWords
  ) {
    notebooks.changed.connect(this.#draw, this);
    notebook.context.pathChanged.connect(this.#draw, this);
    this.#draw();
  }

  get isDisposed(): boolean {
    return this.#isDisposed;
  }

  /** The version in the kernel; empty where it is not known. */
  update(kernelVersion: string): void {
    this.#kernelVersion = kernelVersion;
    this.#draw();
  }

  dispose(): void {
    this.#isDisposed = true;
    this.notebooks.changed.disconnect(this.#draw, this);
    this.notebook.context.pathChanged.disconnect(this.#draw, this);
  }

  #draw(): void {
    if (this.notebook.isDisposed) {
      return;
    }
    const path = this.notebook.context.path;
    const name = element('span', { class: 'mibyan-notebook-name', title: path, dir: 'auto' });
    name.append(PathExt.basename(path));
    const notes = [this.#sharing(), this.#versions()].filter(note => note !== '');
    const lines = notes.map(note => element('div', { class: 'mibyan-notebook-note' }, note));
    this.node.replaceChildren(name, ...lines);
  }

  #sharing(): string {
    const names = this.notebooks.pathsBeside(this.notebook).map(path => PathExt.basename(path));
    return names.length ? this.words.__('Shared with %1', names.join(', ')) : '';
  }

  #versions(): string {
    return this.#kernelVersion === '' || isOurVersion(this.#kernelVersion)
      ? ''
      : this.words.__('The kernel has version %1, this page %2.', this.#kernelVersion, VERSION);
  }
}
