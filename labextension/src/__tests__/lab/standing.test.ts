import { describe, expect, test, vi } from 'vitest';

import type { ISessionContext } from '@jupyterlab/apputils';

import { englishWords } from '../../chat/words';
import type { KernelLink, LinkState } from '../../kernelLink';
import { after, said, standing } from '../../standing';
import { StandingView } from '../../standingView';

function session(status: string, kernel: object | null = {}): ISessionContext {
  return { kernelDisplayStatus: status, session: { kernel } } as unknown as ISessionContext;
}

function link(state: LinkState): KernelLink {
  return { state } as unknown as KernelLink;
}

describe('where a chat stands', () => {
  test.each([
    ['no kernel was chosen', session('unknown', null), null, 'no-kernel'],
    ['the kernel starts', session('initializing', null), null, 'loading'],
    ['the kernel was shut down', session('terminating'), link('ready'), 'no-kernel'],
    ['the kernel died', session('dead'), link('gone'), 'dead'],
    ['the kernel died, and its connection', session('unknown', { isDisposed: true }), link('gone'), 'dead'],
    ['the kernel restarts by itself', session('autorestarting'), link('ready'), 'restarting'],
    ['the kernel was not asked yet', session('idle'), null, 'loading'],
    ['the kernel is busy with a cell', session('busy'), link('ready'), 'ready'],
    ['the extension is not loaded', session('idle'), link('not-loaded'), 'not-loaded']
  ] as const)('when %s', (_, sessionContext, itsLink, expected) => {
    expect(standing(sessionContext, itsLink)).toBe(expected);
  });
});

test('a kernel that is lost while it restarts has died; one that is shut down has not', () => {
  expect(after('restarting', 'no-kernel')).toBe('dead');
  expect(after('dead', 'no-kernel')).toBe('dead');
  expect(after('ready', 'no-kernel')).toBe('no-kernel');
  expect(after('dead', 'loading')).toBe('loading');
});

describe('what is said of it', () => {
  test('a button does what the sentence asks for', () => {
    const apply = vi.fn();
    const view = new StandingView(englishWords, said, apply);
    view.show('not-loaded', '');
    expect(view.node.textContent).toContain('not loaded');
    view.node.querySelector('button')?.click();
    expect(apply).toHaveBeenCalledExactlyOnceWith('load');
  });

  test('a kernel without the package is told the command that installs it there', () => {
    const view = new StandingView(englishWords, said, () => undefined);
    view.show('not-installed', '');
    expect(view.node.querySelector('pre')?.textContent).toBe('%pip install mibyan-jupyter');
  });

  test('the kernel’s words go in as text', () => {
    const view = new StandingView(englishWords, said, () => undefined);
    view.show('failed', 'ImportError: <img src=x onerror=alert(1)>');
    expect(view.node.querySelector('img')).toBeNull();
    expect(view.node.querySelector('pre')?.textContent).toContain('<img');
  });

  test('it makes way for the conversation', () => {
    const view = new StandingView(englishWords, said, () => undefined);
    view.show('ready', '');
    expect(view.node.hidden).toBe(true);
  });
});
