/** Everything that can be done with the chat from outside it: one registry of commands. */

import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ICommandPalette } from '@jupyterlab/apputils';
import type { CodeCell } from '@jupyterlab/cells';
import { INotebookTracker, NotebookActions } from '@jupyterlab/notebook';
import type { NotebookPanel } from '@jupyterlab/notebook';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import type { ReadonlyPartialJSONObject } from '@lumino/coreutils';

import { cellCommands } from './cellCommands';
import type { ICellCommand } from './cellCommands';
import type { IWords } from './chat/host';
import type { IChat } from './chat/mountChat';
import { codeCellIn, errorOf, isNewestFailure } from './codeCells';
import { chatIcon } from './icons';
import { subjectOf } from './subject';
import { DOMAIN, IChatSidebar, IKernelLinks, IOpenNotebooks } from './tokens';

type Arguments = ReadonlyPartialJSONObject;

const OPEN = 'mibyan:open';

/** The commands, for the notebook that the user works in. */
class ChatCommands {
  constructor(
    private readonly app: JupyterFrontEnd,
    private readonly notebooks: IOpenNotebooks,
    private readonly links: IKernelLinks,
    private readonly sidebar: IChatSidebar,
    private readonly words: IWords
  ) {}

  /** Returns the ids of the commands. */
  addAll(): string[] {
    this.app.commands.addCommand(OPEN, {
      label: this.words.__('Open Mibyan Chat'),
      caption: this.words.__('Show the chat and put the cursor into its box'),
      icon: args => (args['toolbar'] ? chatIcon : undefined),
      describedBy: { args: { type: 'object', properties: {} } },
      execute: () => this.sidebar.open()
    });
    const aboutCells = cellCommands(this.words);
    aboutCells.forEach(command => this.#add(command));
    return [OPEN, ...aboutCells.map(command => command.id)];
  }

  #add(command: ICellCommand): void {
    const { id, label, caption, icon, properties, afterFailure } = command;
    const applies = (args: Arguments) => {
      const cell = this.#cell(args);
      return cell !== null && (!afterFailure || errorOf(cell) !== null);
    };
    this.app.commands.addCommand(id, {
      label,
      caption,
      icon,
      describedBy: { args: { type: 'object', properties } },
      isEnabled: applies,
      isVisible: applies,
      execute: args => this.#execute(command, args)
    });
  }

  #cell(args: Arguments): CodeCell | null {
    const { current } = this.notebooks;
    const pointed = args['underPointer'] === true ? this.#underPointer() : undefined;
    return current && codeCellIn(current, pointed ?? args['cell']);
  }

  /** A click with the right button into an editor leaves another cell selected. */
  #underPointer(): Node | undefined {
    return this.app.contextMenuHitTest(node => node.classList.contains('jp-CodeCell'));
  }

  #execute(command: ICellCommand, args: Arguments): void {
    const { current } = this.notebooks;
    const cell = this.#cell(args);
    if (current && cell) {
      this.sidebar.open();
      this.sidebar
        .chatOf(current)
        .whenReady(chat => void this.#act(command, chat, current, cell, args));
    }
  }

  async #act(
    command: ICellCommand,
    chat: IChat,
    notebook: NotebookPanel,
    cell: CodeCell,
    args: Arguments
  ): Promise<void> {
    const kernel = notebook.sessionContext.session?.kernel;
    if (kernel) {
      const subject = await subjectOf(cell.model, this.links.of(kernel));
      const error = errorOf(cell) ?? '';
      const isNewest = isNewestFailure(cell, this.notebooks.withKernelOf(notebook));
      command.act(chat, { ...subject, error, isNewest }, args);
    }
  }
}

/** Registers the commands; the schema puts them into menus, toolbars and shortcuts. */
export const commandsPlugin: JupyterFrontEndPlugin<void> = {
  id: 'mibyan-jupyter:commands',
  description: 'Commands: open the chat; ask about, explain and fix a cell.',
  autoStart: true,
  requires: [INotebookTracker, IOpenNotebooks, IKernelLinks, IChatSidebar],
  optional: [ITranslator, ICommandPalette],
  activate: (
    app: JupyterFrontEnd,
    tracker: INotebookTracker,
    notebooks: IOpenNotebooks,
    links: IKernelLinks,
    sidebar: IChatSidebar,
    translator: ITranslator | null,
    palette: ICommandPalette | null
  ) => {
    const words = (translator ?? nullTranslator).load(DOMAIN);
    const ids = new ChatCommands(app, notebooks, links, sidebar, words).addAll();
    ids.forEach(command => palette?.addItem({ command, category: 'Mibyan' }));
    const changed = () => ids.forEach(id => app.commands.notifyCommandChanged(id));
    tracker.activeCellChanged.connect(changed);
    NotebookActions.executed.connect(changed);
  }
};
