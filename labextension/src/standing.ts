/** Where a notebook's chat stands, and how that is said. */

import type { ISessionContext } from '@jupyterlab/apputils';

import type { IWords } from './chat/host';
import type { KernelLink, LinkState } from './kernelLink';

/** `gone` never shows: a link that is gone leaves with its kernel. */
export type Standing = Exclude<LinkState, 'gone'> | 'no-kernel' | 'not-python' | 'dead';

/** What a user can do about it; `install` puts the command into a cell. */
export type Remedy = 'load' | 'install' | 'restart' | 'choose-kernel';

/** One or two sentences, the kernel's own words, and what can be done, the likeliest first. */
export interface ISaid {
  text: string;
  hint?: string;
  detail?: string;
  remedies: readonly { remedy: Remedy; label: string }[];
}

/** The command that installs the kernel's side, in a cell of that kernel. */
export const INSTALL = '%pip install mibyan-jupyter';

/** Where things stand between a notebook's kernel and us; no link: not asked yet. */
export function standing(session: ISessionContext, link: KernelLink | null): Standing {
  switch (session.kernelDisplayStatus) {
    case 'dead':
      return 'dead';
    case 'restarting':
    case 'autorestarting':
      return 'restarting';
    case 'initializing':
      return 'loading';
    case 'terminating':
      return 'no-kernel';
  }
  const kernel = session.session?.kernel;
  if (!kernel) {
    return 'no-kernel';
  }
  if (kernel.isDisposed) {
    return 'dead';
  }
  return link === null || link.state === 'gone' ? 'loading' : link.state;
}

/** Where things stand, given where they stood: a kernel that was lost has died. */
export function after(before: Standing, now: Standing): Standing {
  const isLost = now === 'no-kernel' && (before === 'restarting' || before === 'dead');
  return isLost ? 'dead' : now;
}

/** What the sidebar says instead of a conversation. */
export function said(standing: Standing, failure: string, words: IWords): ISaid {
  switch (standing) {
    case 'ready':
      return { text: '', remedies: [] };
    case 'loading':
      return { text: words.__('Waiting for the kernel…'), remedies: [] };
    case 'restarting':
      return { text: words.__('The kernel is restarting…'), remedies: [] };
    case 'no-kernel':
      return {
        text: words.__('This notebook has no kernel.'),
        remedies: [{ remedy: 'choose-kernel', label: words.__('Choose a kernel…') }]
      };
    case 'not-python':
      return {
        text: words.__('This notebook’s kernel is not a Python kernel.'),
        hint: words.__('The chat lives in the kernel, and only Python has it so far.'),
        remedies: [{ remedy: 'choose-kernel', label: words.__('Choose a kernel…') }]
      };
    case 'dead':
      return {
        text: words.__('The kernel has died.'),
        remedies: [{ remedy: 'restart', label: words.__('Restart the kernel') }]
      };
    case 'not-loaded':
      return {
        text: words.__('The chat is not loaded in this notebook’s kernel.'),
        hint: words.__('The button does what %load_ext mibyan_jupyter does in a cell.'),
        remedies: [{ remedy: 'load', label: words.__('Load it') }]
      };
    case 'not-installed':
      return {
        text: words.__('The kernel’s Python lacks the package mibyan-jupyter.'),
        hint: words.__(
          'This page has it, but the kernel runs in another environment. Install it there with the command below, then restart the kernel.'
        ),
        detail: INSTALL,
        remedies: [
          { remedy: 'install', label: words.__('Put the command into a cell') },
          { remedy: 'load', label: words.__('Try again') }
        ]
      };
    case 'failed':
      return {
        text: words.__('Loading the chat in the kernel failed.'),
        detail: failure,
        remedies: [{ remedy: 'load', label: words.__('Try again') }]
      };
  }
}
