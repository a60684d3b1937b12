import { describe, expect, it } from 'vitest';

import { faultLines } from '../../chat/faults';
import type { IWords } from '../../chat/host';
import { footerFacts, statusWords } from '../../chat/turnWords';
import { englishWords } from '../../chat/words';
import { FakePanel, fakeHost, turn, useFakeTime } from './fakePanel';

useFakeTime();

/** As a catalogue would: every string differs from the English one. */
const arabic: IWords = {
  __: (text, ...args) => `ع ${englishWords.__(text, ...args)}`,
  _n: (one, many, n, ...args) => `ع ${englishWords._n(one, many, n, ...args)}`
};

describe('English', () => {
  it('puts arguments in their places, in plurals the number first', () => {
    expect(englishWords.__('%2 of %1', 'a', 'b')).toBe('b of a');
    expect(englishWords.__('100 %1', 'x')).toBe('100 x');
    expect(englishWords._n('%1 turn', '%1 turns', 1)).toBe('1 turn');
    expect(englishWords._n('%1 turn', '%1 turns', 3)).toBe('3 turns');
  });
});

describe('a fault', () => {
  const fault = {
    code: 'AuthenticationError',
    what: 'The server does not accept the key (401): expired.',
    hint: 'Set another with %mibyan login.'
  };

  it('is told in English by the kernel’s own lines, which say more', () => {
    expect(faultLines(fault, englishWords)).toEqual({ ...fault, code: undefined, detail: '' });
  });

  it('is told in another language by its code, with the kernel’s line below', () => {
    const lines = faultLines(fault, arabic);
    expect(lines.what).toBe('ع The server does not accept the key.');
    expect(lines.detail).toBe(fault.what);
  });

  it('of an unknown code is told by the kernel’s lines in any language', () => {
    expect(faultLines({ ...fault, code: 'New' }, arabic).what).toBe(fault.what);
  });
});

describe('a status', () => {
  it.each([
    [turn({ status: 'waiting', behind: 1 }), 'waits for 1 answer'],
    [turn({ status: 'waiting' }), 'waiting'],
    [turn({ status: 'running' }), 'answering'],
    [turn({ status: 'stopped' }), 'stopped'],
    [turn({ status: 'failed' }), 'failed'],
    [turn({ status: 'cut_off', finish_reason: null }), 'cut off'],
    [turn({ status: 'cut_off', finish_reason: 'content_filter' }), 'cut off by the content filter'],
    [turn({ status: 'cut_off', finish_reason: 'odd' }), 'cut off: odd']
  ])('has words', (each, expected) => {
    expect(statusWords(each, englishWords)).toBe(expected);
  });

  it('leaves out what is not known', () => {
    const facts = footerFacts(turn({ tokens: null, seconds: null }), englishWords);
    expect(facts.filter(fact => fact !== '')).toEqual(['mibyan-4.1', 'complete']);
  });
});

describe('a language that is read from the right', () => {
  it('mirrors the panel', async () => {
    const panel = await FakePanel.with([turn()], fakeHost({ words: arabic }));
    expect(panel.one('.mibyan-chat').dir).toBe('rtl');
    const english = await FakePanel.with([turn()]);
    expect(english.one('.mibyan-chat').dir).toBe('');
  });
});
