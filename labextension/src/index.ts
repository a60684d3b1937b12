/** The plugins of the labextension, in the order in which they build on each other. */

import { answerToolbarPlugin } from './answerToolbar';
import { bridgePlugin } from './bridge';
import { commandsPlugin } from './commands';
import { inlinePlugin } from './inlinePanel';
import { linksPlugin } from './kernelLinks';
import { liveOutputsPlugin } from './liveOutputs';
import { markdownCellsPlugin } from './markdownCells';
import { hostsPlugin } from './notebookHost';
import { notebooksPlugin } from './openNotebooks';
import { pagePlugin } from './pageOfCells';
import { preferencesPlugin } from './preferences';
import { settingsPlugin } from './settingsEditor';
import { sidebarPlugin } from './sidebar';

export default [
  preferencesPlugin,
  settingsPlugin,
  linksPlugin,
  notebooksPlugin,
  hostsPlugin,
  sidebarPlugin,
  inlinePlugin,
  bridgePlugin,
  commandsPlugin,
  markdownCellsPlugin,
  answerToolbarPlugin,
  liveOutputsPlugin,
  pagePlugin
];
