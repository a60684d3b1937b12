/**
 * Gives a panel that is shown as a widget what only JupyterLab has, where the panel asks for it: a
 * panel inside another widget, say a box.
 */

import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';

import type { IChatHost, ITransport } from './chat/host';
import { withPage } from './page';
import { IKernelLinks, INotebookHosts, IOpenNotebooks } from './tokens';

/** The event that an inline panel sends up from its element. */
export const HOST_EVENT = 'mibyan-jupyter:host';

/** What that event brings along. */
interface IHostWanted {
  provide(transport: ITransport, host: IChatHost): void;
}

/** Answers inline panels: the kernel's link, which they share with the sidebar, and a host. */
export const bridgePlugin: JupyterFrontEndPlugin<void> = {
  id: 'mibyan-jupyter:bridge',
  description: 'Connects inline chat panels with JupyterLab.',
  autoStart: true,
  requires: [IOpenNotebooks, IKernelLinks, INotebookHosts],
  activate: (
    _app: JupyterFrontEnd,
    notebooks: IOpenNotebooks,
    links: IKernelLinks,
    hosts: INotebookHosts
  ) => {
    document.addEventListener(HOST_EVENT, event => {
      const wanted: unknown = event instanceof CustomEvent ? event.detail : null;
      const panel = event.target instanceof Node ? event.target : document;
      const notebook = notebooks.containing(panel);
      const kernel = notebook && notebook.sessionContext.session?.kernel;
      if (isHostWanted(wanted) && notebook && kernel) {
        event.preventDefault();
        wanted.provide(withPage(links.of(kernel), notebook), hosts.of(notebook, 'inline', panel));
      }
    });
  }
};

function isHostWanted(value: unknown): value is IHostWanted {
  return (
    typeof value === 'object' &&
    value !== null &&
    'provide' in value &&
    typeof value.provide === 'function'
  );
}
