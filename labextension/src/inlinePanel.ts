/** The output of `ChatPanel()` in a notebook: the panel, or one line where there is none to show. */

import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { INotebookTracker } from '@jupyterlab/notebook';
import type { NotebookPanel } from '@jupyterlab/notebook';
import type { IRenderMime } from '@jupyterlab/rendermime';
import { Widget } from '@lumino/widgets';

import type { IWords } from './chat/host';
import { keepKeys } from './chat/keys';
import { NotebookChat } from './notebookChat';
import { said } from './standing';
import type { ISaid, Standing } from './standing';
import { IChatPreferences, IKernelLinks, INotebookHosts, IOpenNotebooks } from './tokens';

/** What the kernel puts beside the widget; its value says nothing. */
export const PANEL_MIME = 'application/vnd.mibyan-jupyter.panel+json';

// Before the renderer of widgets: that one needs the kernel that the notebook was saved with, and
// after a reload waits for the running cell.
const RANK = -20;

/** Whatever kernel the notebook has now, the panel talks to that one's session. */
export class InlinePanel extends Widget implements IRenderMime.IRenderer {
  readonly #lifetime = new AbortController();
  readonly #chat: NotebookChat;

  constructor(makeChat: (panel: HTMLElement) => NotebookChat) {
    super();
    this.addClass('mibyan-output');
    this.#chat = makeChat(this.node);
    this.#chat.place.classList.add('mibyan-inline');
    keepKeys(this.node, this.#lifetime.signal);
    this.node.append(this.#chat.node);
  }

  renderModel(): Promise<void> {
    return Promise.resolve();
  }

  override dispose(): void {
    this.#lifetime.abort();
    this.#chat.dispose();
    super.dispose();
  }
}

/** One line for all that keeps the panel from being there; a kernel that starts is waited for. */
export function saidInline(standing: Standing, failure: string, words: IWords): ISaid {
  switch (standing) {
    case 'ready':
    case 'loading':
    case 'restarting':
      return said(standing, failure, words);
    default:
      return { text: words.__('The Mibyan chat panel: run this cell to open it.'), remedies: [] };
  }
}

/** Renders the panel's outputs in notebooks; consoles and others show the widget. */
export const inlinePlugin: JupyterFrontEndPlugin<void> = {
  id: 'mibyan-jupyter:inline',
  description: 'Shows the chat panel in the outputs of a notebook.',
  autoStart: true,
  requires: [INotebookTracker, IKernelLinks, IOpenNotebooks, INotebookHosts, IChatPreferences],
  activate: (
    app: JupyterFrontEnd,
    tracker: INotebookTracker,
    links: IKernelLinks,
    notebooks: IOpenNotebooks,
    hosts: INotebookHosts,
    preferences: IChatPreferences
  ) => {
    const makeChat = (notebook: NotebookPanel, panel: HTMLElement) =>
      new NotebookChat(notebook, {
        links,
        notebooks,
        preferences,
        host: hosts.of(notebook, 'inline', panel),
        say: saidInline,
        chooseKernel: () => void app.commands.execute('notebook:change-kernel')
      });
    const show = (notebook: NotebookPanel) =>
      notebook.content.rendermime.addFactory(
        {
          safe: false,
          mimeTypes: [PANEL_MIME],
          createRenderer: () => new InlinePanel(panel => makeChat(notebook, panel))
        },
        RANK
      );
    tracker.forEach(show);
    tracker.widgetAdded.connect((_, notebook) => show(notebook));
  }
};
