import { describe, expect, it } from 'vitest';

import { fitting, typedAt } from '../../chat/candidates';
import { FakePanel, frame, useFakeTime } from './fakePanel';

useFakeTime();

async function mentioning(text: string): Promise<FakePanel> {
  const panel = await FakePanel.with([]);
  panel.type(text);
  panel.kernel.reply('complete', {
    type: 'completions',
    variables: [
      { name: 'prices', type: 'DataFrame' },
      { name: 'n', type: 'int' },
      { name: 'rents_and_prices', type: 'dict' }
    ],
    cells: [{ number: 3, first_line: 'import pandas' }],
    error: true,
    figure: false
  });
  await frame();
  return panel;
}

function options(panel: FakePanel): (string | null | undefined)[] {
  return panel.one('[role=listbox]').hidden
    ? []
    : panel.all('[role=option]').map(each => each.firstChild?.textContent);
}

describe('a mention', () => {
  it('is completed by what the kernel knows, beginnings first', async () => {
    const panel = await mentioning('What is @pri');
    expect(options(panel)).toEqual(['@prices', '@rents_and_prices']);
    panel.type('What is @');
    await frame();
    expect(options(panel)).toEqual(['@prices', '@n', '@rents_and_prices', '@error', '@cell:3']);
    expect(panel.kernel.all('complete')).toHaveLength(1);
  });

  it('is chosen with the arrows and taken with Enter, which then does not send', async () => {
    const panel = await mentioning('What is @pri');
    expect(panel.box.getAttribute('aria-expanded')).toBe('true');
    panel.key('ArrowDown');
    const active = panel.box.getAttribute('aria-activedescendant') ?? '';
    expect(document.getElementById(active)?.textContent).toContain('@rents_and_prices');
    expect(panel.key('Enter')).toBe(true);
    expect(panel.box.value).toBe('What is @rents_and_prices ');
    expect(panel.kernel.all('ask')).toHaveLength(0);
    await frame();
    expect(options(panel)).toEqual([]);
    expect(panel.box.hasAttribute('aria-activedescendant')).toBe(false);
  });

  it('is taken with Tab, and with a press', async () => {
    const panel = await mentioning('@pri');
    expect(panel.key('Tab')).toBe(true);
    expect(panel.box.value).toBe('@prices ');
    const other = await mentioning('@n');
    other
      .one('[role=option]')
      .dispatchEvent(new MouseEvent('mousedown', { bubbles: true, cancelable: true }));
    expect(other.box.value).toBe('@n ');
  });

  it('is left alone after Escape, until another word is begun', async () => {
    const panel = await mentioning('@pri');
    expect(panel.key('Escape')).toBe(true);
    expect(options(panel)).toEqual([]);
    expect(panel.box.value).toBe('@pri');
    expect(panel.key('Tab')).toBe(false);
    panel.type('@pric');
    await frame();
    expect(panel.kernel.all('complete')).toHaveLength(1);
    panel.type('@pric and @');
    await frame();
    expect(panel.kernel.all('complete')).toHaveLength(2);
  });

  it('typed in full is sent by Enter', async () => {
    const panel = await mentioning('@prices');
    panel.key('Enter');
    expect(panel.kernel.last('ask')?.args).toEqual({ prompt: '@prices' });
  });

  it('is not completed in vain when the kernel fails', async () => {
    const panel = await FakePanel.with([]);
    panel.type('@');
    panel.kernel.refuse('complete', { code: 'X', what: 'x', hint: '' });
    await frame();
    expect(options(panel)).toEqual([]);
    expect(panel.all('.mibyan-fault')).toHaveLength(0);
  });
});

describe('a command', () => {
  it('is completed at the start of the box from the kernel’s registry', async () => {
    const panel = await FakePanel.with([]);
    panel.type('/ex');
    await frame();
    expect(options(panel)).toEqual(['/explain', '/export']);
    panel.key('Tab');
    expect(panel.box.value).toBe('/explain ');
    panel.type('a /ex');
    await frame();
    expect(options(panel)).toEqual([]);
  });
});

describe('the word at the cursor', () => {
  it.each([
    ['@df', 3, { kind: 'mention', word: 'df', start: 0 }],
    ['say @größe now', 10, { kind: 'mention', word: 'größe', start: 4 }],
    ['(@cell:3', 8, { kind: 'mention', word: 'cell:3', start: 1 }],
    ['/re', 3, { kind: 'command', word: 're', start: 0 }],
    ['me@example.org', 14, null],
    ['a / b', 3, null],
    ['/reset --undo', 13, null],
    ['@df is', 6, null]
  ])('of %j at %i is %j', (text, cursor, expected) => {
    expect(typedAt(text, cursor)).toEqual(expected);
  });

  it('fits whatever its case', () => {
    const candidates = ['@Alpha', '@beta'].map(insert => ({ insert, label: insert, about: '' }));
    expect(fitting(candidates, 'AL').map(each => each.insert)).toEqual(['@Alpha']);
  });

  it('itself comes first', () => {
    const candidates = ['@ab', '@cab', '@b'].map(insert => ({ insert, label: insert, about: '' }));
    expect(fitting(candidates, 'b').map(each => each.insert)).toEqual(['@b', '@ab', '@cab']);
  });
});
