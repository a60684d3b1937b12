/** The way to the chat's settings: JupyterLab's editor, which Notebook 7 has on its page of files. */

import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { PageConfig, URLExt } from '@jupyterlab/coreutils';

import type { IChatPreferences } from './tokens';

const OPEN = 'settingeditor:open';
/** Behind the address of Notebook 7's page of files: show the editor there. */
const PLACE = '#mibyan-settings';

/** What opens the settings; nothing where there is no editor. */
export function settingsOpener(
  app: JupyterFrontEnd,
  preferences: IChatPreferences
): (() => void) | undefined {
  if (app.commands.hasCommand(OPEN)) {
    return () => showEditor(app);
  }
  if (PageConfig.getOption('notebookPage')) {
    return () => {
      // What is set in another tab is not told here.
      window.addEventListener('focus', preferences.reload);
      window.open(URLExt.join(PageConfig.getBaseUrl(), 'tree') + PLACE, '_blank');
    };
  }
  return undefined;
}

function showEditor(app: JupyterFrontEnd): void {
  void app.commands.execute(OPEN, { query: 'Mibyan' });
}

/** Shows the editor on a page that was opened for it. */
export const settingsPlugin: JupyterFrontEndPlugin<void> = {
  id: 'mibyan-jupyter:settings',
  description: 'The settings of the chat, for pages without an editor.',
  autoStart: true,
  activate: (app: JupyterFrontEnd) => {
    if (location.hash === PLACE) {
      void app.restored.then(() => showEditor(app));
    }
  }
};
