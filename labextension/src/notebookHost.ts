/** What JupyterLab and Notebook 7 do for a panel of a notebook. */

import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { Clipboard } from '@jupyterlab/apputils';
import { PageConfig } from '@jupyterlab/coreutils';
import type { NotebookPanel } from '@jupyterlab/notebook';
import { ILatexTypesetter } from '@jupyterlab/rendermime';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';

import {
  indexOfSource,
  insertBelow,
  replaceSource,
  runCell,
  select,
  typeInSelected
} from './cellEdits';
import type { IChatHost, INotebookCells, IPreferences, IWords } from './chat/host';
import type { ITranscript } from './chat/protocol';
import { Draft } from './drafts';
import { keepBelow } from './keptOutput';
import { NotebookCells } from './notebookCells';
import { settingsOpener } from './settingsEditor';
import { DOMAIN, IChatPreferences, INotebookHosts, IOpenNotebooks } from './tokens';

const LOGIN = '%mibyan login';

/** What all hosts share. */
export interface IHostServices {
  app: JupyterFrontEnd;
  notebooks: IOpenNotebooks;
  preferences: IChatPreferences;
  typesetter: ILatexTypesetter | null;
  words: IWords;
}

/** The surroundings of one panel. */
export class NotebookHost implements IChatHost {
  readonly words: IWords;
  readonly preferences: IPreferences;
  readonly cells: INotebookCells;
  readonly keep?: (transcript: ITranscript) => void;
  readonly typeset?: (element: HTMLElement) => void;
  readonly replaceSelected?: (source: string) => void;
  readonly openSettings?: () => void;
  readonly #draft: Draft;

  constructor(
    private readonly notebook: NotebookPanel,
    place: 'sidebar' | 'inline',
    private readonly services: IHostServices,
    panel?: Node
  ) {
    const { app, notebooks, preferences, typesetter, words } = services;
    this.words = words;
    this.preferences = preferences;
    this.cells = new NotebookCells(notebook, notebooks, app.shell);
    this.#draft = new Draft(() => `${PageConfig.getBaseUrl()}${notebook.context.path}:${place}`);
    if (typesetter) {
      this.typeset = element => void typesetter.typeset(element);
    }
    if (panel) {
      this.keep = transcript => keepBelow(notebook, panel, transcript);
    }
    if (place === 'sidebar') {
      // A click into an inline panel selects the cell that holds it.
      this.replaceSelected = source => this.#replaceSelected(source);
    }
    const openSettings = settingsOpener(app, preferences);
    if (openSettings) {
      this.openSettings = openSettings;
    }
  }

  onPreferences(listener: () => void): () => void {
    const changed = () => listener();
    this.services.preferences.changed.connect(changed);
    return () => {
      this.services.preferences.changed.disconnect(changed);
    };
  }

  loadDraft(): string {
    return this.#draft.load();
  }

  saveDraft(text: string): void {
    this.#draft.save(text);
  }

  async copy(text: string): Promise<void> {
    // Pages on plain http have no clipboard of their own.
    if (window.isSecureContext) {
      await navigator.clipboard.writeText(text);
    } else {
      Clipboard.copyToSystem(text);
    }
  }

  insertBelow(source: string): void {
    insertBelow(this.notebook, source);
  }

  insertAndRun(source: string): void {
    const cell = insertBelow(this.notebook, source);
    if (cell) {
      void runCell(this.notebook, cell);
    }
  }

  insertLoginCell(): void {
    const { notebook } = this;
    const there = indexOfSource(notebook, LOGIN);
    if (there < 0) {
      insertBelow(notebook, LOGIN);
    } else {
      select(notebook, there);
    }
    if (!notebook.isVisible) {
      this.services.app.shell.activateById(notebook.id);
    }
    void typeInSelected(notebook);
  }

  #replaceSelected(source: string): void {
    const cell = this.notebook.content.activeCell;
    if (cell) {
      replaceSource(cell, source);
    }
  }
}

/** Provides the hosts. */
export const hostsPlugin: JupyterFrontEndPlugin<INotebookHosts> = {
  id: 'mibyan-jupyter:hosts',
  description: 'What JupyterLab does for a chat panel.',
  autoStart: true,
  provides: INotebookHosts,
  requires: [IOpenNotebooks, IChatPreferences],
  optional: [ILatexTypesetter, ITranslator],
  activate: (
    app: JupyterFrontEnd,
    notebooks: IOpenNotebooks,
    preferences: IChatPreferences,
    typesetter: ILatexTypesetter | null,
    translator: ITranslator | null
  ) => {
    const words = (translator ?? nullTranslator).load(DOMAIN);
    const services = { app, notebooks, preferences, typesetter, words };
    return {
      of: (notebook, place, panel) => new NotebookHost(notebook, place, services, panel)
    };
  }
};
