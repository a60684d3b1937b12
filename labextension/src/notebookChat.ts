/** The chat of one notebook, in the sidebar or in an output. */

import type { NotebookPanel } from '@jupyterlab/notebook';
import type { Kernel } from '@jupyterlab/services';
import type { IDisposable } from '@lumino/disposable';

import { insertBelow } from './cellEdits';
import type { IChatHost } from './chat/host';
import { element } from './chat/dom';
import { mountChat } from './chat/mountChat';
import type { IChat } from './chat/mountChat';
import { setContextDefault } from './contextDefault';
import type { KernelLink } from './kernelLink';
import { NotebookLine } from './notebookLine';
import type { OpenNotebooks } from './openNotebooks';
import { withPage } from './page';
import { after, INSTALL, standing } from './standing';
import type { Remedy, said, Standing } from './standing';
import { StandingView } from './standingView';
import type { IChatPreferences, IKernelLinks } from './tokens';

/** What the chat of a notebook needs beside it. */
export interface IChatSurroundings {
  links: IKernelLinks;
  notebooks: OpenNotebooks;
  preferences: IChatPreferences;
  host: IChatHost;
  /** What is said instead of a conversation. */
  say: typeof said;
  /** Let the user choose a kernel for this notebook. */
  chooseKernel(): void;
}

/**
 * Follows the notebook's kernel: a new connection gets a new chat; while there is no session to
 * talk to, it says why instead. What is to be done with the chat waits until there is one.
 */
export class NotebookChat implements IDisposable {
  readonly node: HTMLElement;
  /** Where the conversation is, while there is one. */
  readonly place = element('div', { class: 'mibyan-place' });
  readonly #standingView: StandingView;
  readonly #line: NotebookLine;
  #kernel: Kernel.IKernelConnection | null = null;
  #link: KernelLink | null = null;
  #isPython = true;
  #chat: IChat | null = null;
  #waiting: ((chat: IChat) => void) | null = null;
  #wantsFocus = false;
  #stopContext: () => void = () => undefined;
  #standing: Standing = 'loading';
  #isRestarting = false;
  #isDisposed = false;

  constructor(
    private readonly notebook: NotebookPanel,
    private readonly around: IChatSurroundings
  ) {
    const { host, notebooks } = around;
    this.#line = new NotebookLine(notebook, notebooks, host.words);
    this.#standingView = new StandingView(host.words, around.say, remedy => this.#remedy(remedy));
    this.node = element(
      'div',
      { class: 'mibyan-notebook' },
      this.#line.node,
      this.#standingView.node,
      this.place
    );
    notebook.sessionContext.kernelChanged.connect(this.#followKernel, this);
    notebook.sessionContext.statusChanged.connect(this.#update, this);
    this.#followKernel();
  }

  get isDisposed(): boolean {
    return this.#isDisposed;
  }

  get standing(): Standing {
    return this.#standing;
  }

  /** Do something with the chat: now, or as soon as there is one. */
  whenReady(act: (chat: IChat) => void): void {
    if (this.#chat && this.standing === 'ready') {
      act(this.#chat);
    } else {
      this.#waiting = act;
    }
  }

  /** Put the cursor into the box, or on what is to be done first; once that is known. */
  focus(): void {
    this.#wantsFocus = this.#standing === 'loading';
    if (this.#chat && this.standing === 'ready') {
      this.#chat.focus();
    } else {
      this.#standingView.focus();
    }
  }

  dispose(): void {
    if (this.#isDisposed) {
      return;
    }
    this.#isDisposed = true;
    const { sessionContext } = this.notebook;
    sessionContext.kernelChanged.disconnect(this.#followKernel, this);
    sessionContext.statusChanged.disconnect(this.#update, this);
    this.#leaveKernel();
    this.#line.dispose();
    this.#standingView.dispose();
    this.node.remove();
  }

  #followKernel(): void {
    const kernel = this.notebook.sessionContext.session?.kernel ?? null;
    if (kernel !== this.#kernel) {
      this.#leaveKernel();
      this.#kernel = kernel;
      void this.#connect(kernel);
    }
    this.#update();
  }

  async #connect(kernel: Kernel.IKernelConnection | null): Promise<void> {
    const spec = await kernel?.spec;
    if (kernel === null || kernel !== this.#kernel || kernel.isDisposed) {
      return;
    }
    this.#isPython = (spec?.language ?? 'python').toLowerCase() === 'python';
    if (this.#isPython) {
      this.#link = this.around.links.of(kernel);
      this.#link.stateChanged.connect(this.#update, this);
      this.#stopContext = setContextDefault(this.#link, this.around.preferences);
    }
    this.#update();
  }

  #leaveKernel(): void {
    this.#link?.stateChanged.disconnect(this.#update, this);
    this.#stopContext();
    this.#chat?.dispose();
    this.#chat = null;
    this.#link = null;
    this.#isPython = true;
    this.#waiting = null;
    this.#kernel = null;
  }

  #update(): void {
    const now = (this.#standing = after(this.#standing, this.#measured()));
    if (now === 'ready' && this.#link && !this.#chat) {
      this.#chat = mountChat(this.place, withPage(this.#link, this.notebook), this.around.host);
    }
    this.place.hidden = now !== 'ready';
    this.#standingView.show(now, this.#link?.failure ?? '');
    this.#line.update(now === 'ready' ? (this.#link?.kernelVersion ?? '') : '');
    if (now === 'ready' && this.#chat && this.#waiting) {
      this.#waiting(this.#chat);
      this.#waiting = null;
    }
    if (this.#wantsFocus && now !== 'loading') {
      this.focus();
    }
  }

  #measured(): Standing {
    if (this.#isRestarting) {
      return 'restarting';
    }
    return this.#isPython ? standing(this.notebook.sessionContext, this.#link) : 'not-python';
  }

  #remedy(remedy: Remedy): void {
    switch (remedy) {
      case 'load':
        this.#link?.load().catch(() => this.#update());
        break;
      case 'install':
        insertBelow(this.notebook, INSTALL);
        break;
      case 'restart':
        void this.#restart();
        break;
      case 'choose-kernel':
        this.around.chooseKernel();
        break;
    }
  }

  /** A kernel that died may have taken its session along, as the first attempt finds out. */
  async #restart(): Promise<void> {
    const { sessionContext } = this.notebook;
    const name = sessionContext.session?.kernel?.name ?? sessionContext.prevKernelName;
    const start = () => sessionContext.changeKernel({ name });
    this.#isRestarting = true;
    this.#update();
    // JupyterLab tells the user why it fails.
    await start().catch(start).catch(() => undefined);
    this.#isRestarting = false;
    this.#update();
  }
}
