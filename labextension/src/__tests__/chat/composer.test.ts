import { describe, expect, it, vi } from 'vitest';

import { FakePanel, fakeHost, frame, header, turn, useFakeTime } from './fakePanel';

useFakeTime();

const FAULT = { code: 'Refused', what: 'It was refused.', hint: 'Change it.' };

describe('sending', () => {
  it('happens on Enter; Shift+Enter starts a line', async () => {
    const panel = await FakePanel.with([]);
    panel.type('Why?');
    expect(panel.key('Enter', { shiftKey: true })).toBe(false);
    expect(panel.kernel.all('ask')).toHaveLength(0);
    expect(panel.key('Enter')).toBe(true);
    expect(panel.kernel.last('ask')?.args).toEqual({ prompt: 'Why?' });
  });

  it('happens on Shift+Enter where the user prefers that', async () => {
    const panel = await FakePanel.with([], fakeHost({ preferences: { enterSends: false } }));
    panel.type('Why?');
    expect(panel.key('Enter')).toBe(false);
    expect(panel.kernel.all('ask')).toHaveLength(0);
    expect(panel.key('Enter', { shiftKey: true })).toBe(true);
    expect(panel.kernel.all('ask')).toHaveLength(1);
  });

  it('never happens while an input method composes', async () => {
    const panel = await FakePanel.with([]);
    panel.type('なぜ');
    panel.key('Enter', { isComposing: true });
    panel.key('Enter', { keyCode: 229 });
    expect(panel.kernel.all('ask')).toHaveLength(0);
  });

  it('empties the box only when the kernel has taken the question', async () => {
    const panel = await FakePanel.with([]);
    panel.type('Why?');
    panel.key('Enter');
    await frame();
    expect(panel.box.value).toBe('Why?');
    panel.kernel.reply('ask', { type: 'done' });
    await frame();
    expect(panel.box.value).toBe('');
  });

  it('keeps the text when it is refused, and says why in two lines', async () => {
    const panel = await FakePanel.with([]);
    panel.type('Why?');
    panel.key('Enter');
    panel.kernel.refuse('ask', FAULT);
    await frame();
    expect(panel.box.value).toBe('Why?');
    const fault = panel.one('.mibyan-composer [role=alert]');
    expect(fault.textContent).toBe('It was refused.Change it.');
    panel.key('Enter');
    expect(panel.all('.mibyan-composer [role=alert]')).toHaveLength(0);
  });

  it('asks once, however often Enter is pressed meanwhile', async () => {
    const panel = await FakePanel.with([]);
    panel.type('Why?');
    panel.key('Enter');
    panel.key('Enter');
    expect(panel.kernel.all('ask')).toHaveLength(1);
  });

  it('repeats the same request when an unanswered question is sent again', async () => {
    const panel = await FakePanel.with([]);
    panel.type('Why?');
    panel.key('Enter');
    await frame(10_000);
    expect(panel.one('.mibyan-fault').textContent).toContain('has not answered');
    panel.key('Enter');
    const [first, second] = panel.kernel.all('ask');
    expect(second?.id).toBe(first?.id);
  });

  it('empties the box when the kernel was late, unless something else was typed', async () => {
    const panel = await FakePanel.with([]);
    panel.type('Why?');
    panel.key('Enter');
    await frame(10_000);
    panel.kernel.reply('ask', { type: 'done' });
    await frame();
    expect(panel.box.value).toBe('');
    expect(panel.all('.mibyan-fault')).toHaveLength(0);
  });

  it('gives a line that begins with / to the commands', async () => {
    const panel = await FakePanel.with([]);
    panel.type('/explain df');
    panel.key('Escape');
    panel.key('Enter');
    expect(panel.kernel.last('command')?.args).toEqual({ line: 'explain df' });
    panel.kernel.reply('command', { type: 'done' });
    await frame();
    panel.type(' /etc is what?');
    panel.key('Enter');
    expect(panel.kernel.last('ask')?.args).toEqual({ prompt: ' /etc is what?' });
  });

  it('can be stopped beside the box while an answer runs', async () => {
    const panel = await FakePanel.with([turn({ status: 'running' })]);
    panel.press('Stop the answer');
    expect(panel.kernel.last('stop')?.args).toEqual({ turn: 't1' });
  });
});

describe('the draft', () => {
  it('is there again after a reload', async () => {
    const panel = await FakePanel.with([], fakeHost({ loadDraft: () => 'half a thought' }));
    expect(panel.box.value).toBe('half a thought');
  });

  it('is saved soon after typing, and at the latest when the panel goes', async () => {
    const host = fakeHost();
    const panel = await FakePanel.with([], host);
    panel.type('half');
    await frame(400);
    expect(host.saveDraft).toHaveBeenLastCalledWith('half');
    panel.type('half a');
    panel.chat.dispose();
    expect(host.saveDraft).toHaveBeenLastCalledWith('half a');
  });
});

describe('recalling', () => {
  it('goes through earlier questions with the arrows, and back to what was typed', async () => {
    const turns = [turn({ prompt: 'one' }), turn({ id: 't2', prompt: 'two' })];
    const panel = await FakePanel.with(turns);
    panel.type('mine');
    expect(panel.key('ArrowUp')).toBe(true);
    expect(panel.box.value).toBe('two');
    panel.key('ArrowUp');
    expect(panel.box.value).toBe('one');
    expect(panel.key('ArrowUp')).toBe(false);
    expect(panel.box.value).toBe('one');
    panel.key('ArrowDown');
    panel.key('ArrowDown');
    expect(panel.box.value).toBe('mine');
    expect(panel.key('ArrowDown')).toBe(false);
  });

  it('leaves the arrows alone inside a text of several lines', async () => {
    const panel = await FakePanel.with([turn()]);
    panel.type('a\nb');
    expect(panel.key('ArrowUp')).toBe(false);
    expect(panel.box.value).toBe('a\nb');
  });
});

describe('what goes along', () => {
  it('is set for the session, by mode and by provider', async () => {
    const panel = await FakePanel.with([]);
    const mode = panel.one<HTMLSelectElement>('select');
    expect(mode.value).toBe('auto');
    mode.value = 'none';
    mode.dispatchEvent(new Event('change'));
    expect(panel.kernel.last('set')?.args).toEqual({ context: 'none' });
    panel.press('What goes along');
    const [cells] = panel.all('.mibyan-switch input');
    cells?.click();
    const off = { provider: 'cells', on: false };
    expect(panel.kernel.last('switch')?.args).toEqual(off);
  });

  it('asks for each of several switches that are set faster than the kernel answers', async () => {
    const providers = ['cells', 'variables', 'errors'];
    const panel = await FakePanel.with([], undefined, header({ providers }));
    panel.press('What goes along');
    const switches = panel.all('.mibyan-switch input') as HTMLInputElement[];
    switches[0]?.click();
    switches[1]?.click();
    panel.kernel.change({ type: 'header', header: header({ providers, without: ['cells'] }) });
    await frame();
    expect(switches.map(box => box.checked)).toEqual([false, false, true]);
    switches[2]?.click();
    expect(panel.kernel.all('switch').map(request => request.args)).toEqual(
      providers.map(provider => ({ provider, on: false }))
    );
    for (const [count, request] of panel.kernel.all('switch').entries()) {
      const without = providers.slice(0, count + 1);
      panel.kernel.change({ type: 'header', header: header({ providers, without }) });
      panel.kernel.say({ type: 'done', re: request.id });
      await Promise.resolve();
      expect(switches.map(box => box.checked)).toEqual([false, false, false]);
    }
  });

  it('shows the old mode again when the kernel refuses the new one', async () => {
    const panel = await FakePanel.with([]);
    const mode = panel.one<HTMLSelectElement>('select');
    mode.value = 'all';
    mode.dispatchEvent(new Event('change'));
    panel.kernel.refuse('set', FAULT);
    await frame();
    expect(mode.value).toBe('auto');
    expect(panel.one('.mibyan-fault').textContent).toContain('It was refused.');
  });

  it('can be seen before asking', async () => {
    const panel = await FakePanel.with([]);
    panel.type('Why?');
    panel.press('Preview what would be sent');
    expect(panel.kernel.last('preview')?.args).toEqual({ prompt: 'Why?' });
    panel.kernel.reply('preview', {
      type: 'receipt',
      items: [],
      messages: [{ role: 'user', content: 'Why?' }],
      notes: [],
      redactions: {},
      level: ''
    });
    await frame();
    expect(panel.one('.mibyan-card').textContent).toContain('What asking this now would send');
    panel.press('Dismiss');
    expect(panel.all('.mibyan-card')).toHaveLength(0);
  });
});

describe('from outside', () => {
  it('text can be put into the box, before what is there', async () => {
    const panel = await FakePanel.with([]);
    panel.type('mine');
    panel.chat.fill('Explain @cell:3');
    expect(panel.box.value).toBe('Explain @cell:3\n\nmine');
    expect(document.activeElement).toBe(panel.box);
  });

  it('a question can be asked; where that fails it is in the box', async () => {
    const panel = await FakePanel.with([]);
    const asked = panel.chat.ask('Why?');
    panel.kernel.refuse('ask', FAULT);
    await expect(asked).resolves.toBe(false);
    expect(panel.box.value).toBe('Why?');
    const ran = panel.chat.command('fix');
    expect(panel.kernel.last('command')?.args).toEqual({ line: 'fix' });
    panel.kernel.reply('command', { type: 'done' });
    await expect(ran).resolves.toBe(true);
  });
});

describe('the panel', () => {
  it('leaves no timer, listener or node behind', async () => {
    const documentSignals: (AbortSignal | undefined)[] = [];
    const add = vi.spyOn(document, 'addEventListener').mockImplementation((_type, _listener, more) => {
      documentSignals.push(typeof more === 'object' ? more.signal : undefined);
    });
    const stopPreferences = vi.fn();
    const stopCells = vi.fn();
    const host = fakeHost({ onPreferences: () => stopPreferences });
    if (host.cells) {
      host.cells.onChange = () => stopCells;
    }
    const panel = await FakePanel.with([turn({ status: 'running' })], host);
    panel.type('@');
    panel.key('Enter');
    panel.press('Stop');
    await frame(0); // jsdom's own timers
    panel.kernel.change({ type: 'frame', id: 't1', from: 0, settled: ['<p>a</p>'], tail: '' });
    panel.chat.dispose();
    expect(vi.getTimerCount()).toBe(0);
    expect(panel.kernel.listeners.size).toBe(0);
    expect(stopPreferences).toHaveBeenCalledTimes(1);
    expect(stopCells).toHaveBeenCalledTimes(1);
    expect(add).toHaveBeenCalled();
    expect(documentSignals.every(signal => signal?.aborted)).toBe(true);
    expect(panel.root.childElementCount).toBe(0);
  });
});
