/** The sidebar: the chat of the notebook that the user works in. */

import { ILayoutRestorer } from '@jupyterlab/application';
import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import type { NotebookPanel } from '@jupyterlab/notebook';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import { Widget } from '@lumino/widgets';

import { element } from './chat/dom';
import type { IWords } from './chat/host';
import { directionOf } from './chat/words';
import { chatIcon } from './icons';
import { NotebookChat } from './notebookChat';
import type { OpenNotebooks } from './openNotebooks';
import { said } from './standing';
import {
  DOMAIN,
  IChatPreferences,
  IChatSidebar,
  IKernelLinks,
  INotebookHosts,
  IOpenNotebooks
} from './tokens';

const ID = 'mibyan-chat';
const RANK = 900;

/** One chat a notebook, made when it is first shown, and kept until the notebook closes. */
export class ChatSidebar extends Widget {
  readonly #chats = new Map<NotebookPanel, NotebookChat>();
  readonly #nothing: HTMLElement;

  constructor(
    private readonly notebooks: OpenNotebooks,
    private readonly makeChat: (notebook: NotebookPanel) => NotebookChat,
    words: IWords
  ) {
    super();
    this.id = ID;
    this.title.icon = chatIcon;
    this.title.caption = words.__('Mibyan chat');
    this.addClass('mibyan-sidebar');
    this.node.dir = directionOf(words) ?? '';
    this.node.setAttribute('role', 'region');
    this.node.setAttribute('aria-label', words.__('Mibyan chat'));
    const text = words.__('Open a notebook to chat about it.');
    this.#nothing = element(
      'div',
      { class: 'mibyan-standing' },
      element('p', { class: 'mibyan-standing-text' }, text)
    );
    this.node.append(this.#nothing);
    notebooks.currentChanged.connect(this.#follow, this);
  }

  /** The chat of a notebook. */
  chatOf(notebook: NotebookPanel): NotebookChat {
    const known = this.#chats.get(notebook);
    if (known) {
      return known;
    }
    const chat = this.makeChat(notebook);
    this.#chats.set(notebook, chat);
    chat.node.hidden = true;
    this.node.append(chat.node);
    notebook.disposed.connect(() => {
      chat.dispose();
      this.#chats.delete(notebook);
      this.#follow();
    });
    return chat;
  }

  protected override onAfterShow(): void {
    this.#follow();
  }

  protected override onActivateRequest(): void {
    this.#follow();
    const { current } = this.notebooks;
    if (current) {
      this.chatOf(current).focus();
    }
  }

  #follow(): void {
    const { current } = this.notebooks;
    if (!this.isVisible) {
      return; // nothing is asked of a kernel before the user looks
    }
    const shown = current && !current.isDisposed ? this.chatOf(current) : null;
    this.#nothing.hidden = shown !== null;
    for (const chat of this.#chats.values()) {
      chat.node.hidden = chat !== shown;
    }
  }
}

/** Adds the sidebar, on the side that the user has set. */
export const sidebarPlugin: JupyterFrontEndPlugin<IChatSidebar> = {
  id: 'mibyan-jupyter:sidebar',
  description: 'The chat panel in the side bar.',
  autoStart: true,
  provides: IChatSidebar,
  requires: [IKernelLinks, IOpenNotebooks, INotebookHosts, IChatPreferences],
  optional: [ITranslator, ILayoutRestorer],
  activate: (
    app: JupyterFrontEnd,
    links: IKernelLinks,
    notebooks: IOpenNotebooks,
    hosts: INotebookHosts,
    preferences: IChatPreferences,
    translator: ITranslator | null,
    restorer: ILayoutRestorer | null
  ) => {
    const makeChat = (notebook: NotebookPanel) =>
      new NotebookChat(notebook, {
        links,
        notebooks,
        preferences,
        host: hosts.of(notebook, 'sidebar'),
        say: said,
        chooseKernel: () => void app.commands.execute('notebook:change-kernel')
      });
    const words = (translator ?? nullTranslator).load(DOMAIN);
    const sidebar = new ChatSidebar(notebooks, makeChat, words);
    app.shell.add(sidebar, preferences.side, { rank: RANK });
    restorer?.add(sidebar, ID);
    let side = preferences.side;
    preferences.changed.connect(() => {
      if (side !== preferences.side) {
        side = preferences.side;
        app.shell.add(sidebar, side, { rank: RANK });
      }
    });
    return {
      open: () => app.shell.activateById(ID),
      chatOf: notebook => sidebar.chatOf(notebook)
    };
  }
};
