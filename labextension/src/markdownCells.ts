/** A cell that begins with `%%mibyan` holds prose: it is edited as Markdown. */

import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import {
  EditorExtensionRegistry,
  IEditorExtensionRegistry,
  IEditorLanguageRegistry
} from '@jupyterlab/codemirror';

import { proseAfterMagic, proseMode } from './prose';

const MARKDOWN = 'text/x-ipythongfm';

/** Gives each code cell's editor the mode. */
export const markdownCellsPlugin: JupyterFrontEndPlugin<void> = {
  id: 'mibyan-jupyter:markdown-cells',
  description: 'Edits cells that begin with %%mibyan as Markdown.',
  autoStart: true,
  requires: [IEditorExtensionRegistry, IEditorLanguageRegistry],
  activate: (
    _app: JupyterFrontEnd,
    extensions: IEditorExtensionRegistry,
    languages: IEditorLanguageRegistry
  ) => {
    const prose = async () => {
      const markdown = await languages.getLanguage(MARKDOWN);
      return proseMode(markdown?.support ?? []);
    };
    extensions.addExtension({
      name: 'mibyan-jupyter:markdown-cells',
      factory: ({ model }) =>
        'type' in model && model.type === 'code'
          ? EditorExtensionRegistry.createImmutableExtension(proseAfterMagic(prose))
          : null
    });
  }
};
