/** What the plugins give each other. */

import type { NotebookPanel } from '@jupyterlab/notebook';
import type { Kernel } from '@jupyterlab/services';
import { Token } from '@lumino/coreutils';
import type { ISignal } from '@lumino/signaling';

import type { ContextMode } from './chat/protocol';
import type { KernelLink } from './kernelLink';
import type { NotebookChat } from './notebookChat';
import type { NotebookHost } from './notebookHost';
import type { OpenNotebooks } from './openNotebooks';

/** The translation domain of every word. */
export const DOMAIN = 'mibyan_jupyter';

/** The user's settings, as they are now. */
export interface IChatPreferences {
  readonly side: 'left' | 'right';
  readonly enterSends: boolean;
  /** For new conversations; `kernel`: as it is set in the kernel. */
  readonly context: ContextMode | 'kernel';
  readonly changed: ISignal<IChatPreferences, void>;
  /** Look whether they were changed elsewhere. */
  readonly reload: () => void;
}

export const IChatPreferences = new Token<IChatPreferences>(
  'mibyan-jupyter:IChatPreferences',
  'The settings of the chat panel.'
);

/** The way to each kernel's session. */
export interface IKernelLinks {
  of(kernel: Kernel.IKernelConnection): KernelLink;
}

export const IKernelLinks = new Token<IKernelLinks>(
  'mibyan-jupyter:IKernelLinks',
  'The links to the sessions in the kernels.'
);

/** What surrounds a panel of a notebook. */
export interface INotebookHosts {
  /**
   * `place` tells the panels of one notebook apart, so that each keeps a draft of its own; below
   * `panel`, a node inside an output, the conversation can be kept.
   */
  of(notebook: NotebookPanel, place: 'sidebar' | 'inline', panel?: Node): NotebookHost;
}

export const INotebookHosts = new Token<INotebookHosts>(
  'mibyan-jupyter:INotebookHosts',
  'What JupyterLab does for a chat panel.'
);

export type IOpenNotebooks = OpenNotebooks;

export const IOpenNotebooks = new Token<IOpenNotebooks>(
  'mibyan-jupyter:IOpenNotebooks',
  'The notebooks that are open, and which share a kernel.'
);

/** The chat panel beside the notebooks. */
export interface IChatSidebar {
  /** Show the sidebar and put the cursor into its box. */
  open(): void;
  chatOf(notebook: NotebookPanel): NotebookChat;
}

export const IChatSidebar = new Token<IChatSidebar>(
  'mibyan-jupyter:IChatSidebar',
  'The chat panel in the side bar.'
);
