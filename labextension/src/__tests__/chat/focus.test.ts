import { describe, expect, it } from 'vitest';

import { FakePanel, fakeHost, frame, header, turn, useFakeTime } from './fakePanel';

useFakeTime();

const RECEIPT = {
  type: 'receipt' as const,
  level: 'schema',
  redactions: {},
  notes: [],
  items: [],
  messages: [{ role: 'user', content: 'Why?' }]
};

function focused(): Element | null {
  return document.activeElement;
}

function pressKey(key: string): void {
  focused()?.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
}

describe('the focus', () => {
  it('is on the edit button again when a question is left as it is', async () => {
    const panel = await FakePanel.with([turn()]);
    const edit = panel.one('[data-action=edit]');
    panel.press('Edit the question');
    expect(focused()).toBe(panel.one('.mibyan-editor textarea'));
    pressKey('Escape');
    expect(focused()).toBe(edit);
    panel.press('Edit the question');
    panel.press('Cancel');
    expect(focused()).toBe(edit);
  });

  it('stays with the turn whose question is changed', async () => {
    const panel = await FakePanel.with([turn()]);
    panel.press('Edit the question');
    panel.one<HTMLTextAreaElement>('.mibyan-editor textarea').value = 'Why not?';
    panel.press('Ask this instead');
    panel.press('Forget and ask');
    const changed = turn({ prompt: 'Why not?', status: 'running' });
    panel.kernel.change({ type: 'turn', turn: changed, index: 0 });
    await frame();
    panel.kernel.reply('edit', { type: 'done' });
    await frame();
    expect(panel.all('.mibyan-editor')).toHaveLength(0);
    expect(focused()).toBe(panel.one('.mibyan-turn'));
  });

  it('is on the button again when a choice of its surface is made', async () => {
    const panel = await FakePanel.with([turn()]);
    panel.press('Export');
    panel.press('Markdown (.md)');
    expect(panel.one('.mibyan-menu').hidden).toBe(true);
    expect(focused()).toBe(panel.buttons('Export')[0]);
  });

  it('stays on the button that unfolds a long question, and folds it', async () => {
    const panel = await FakePanel.with([turn({ prompt: 'line\n'.repeat(40) })]);
    for (const name of ['Show the whole question', 'Show less', 'Show the whole question']) {
      panel.press(name);
      expect(focused()).toBe(panel.one('.mibyan-prompt button'));
    }
  });

  it('goes to the box when what had it goes away', async () => {
    const panel = await FakePanel.with([turn()]);
    panel.press('New chat');
    panel.kernel.reply('command', { type: 'notice', text: '1 turn forgotten.' });
    await frame();
    panel.press('Undo');
    expect(focused()).toBe(panel.box);
    panel.kernel.change({ type: 'header', header: header({ key: 'missing' }) });
    await frame();
    panel.press('Try the offline demo');
    panel.kernel.change({ type: 'header', header: header() });
    await frame();
    expect(focused()).toBe(panel.box);
  });

  it('goes to the box when a conversation begins or goes on', async () => {
    const panel = await FakePanel.with([], fakeHost(), header({ resumable: 3 }));
    panel.one('[data-action=resume]').focus();
    panel.kernel.change({ type: 'turn', turn: turn(), index: 0 });
    await frame();
    expect(focused()).toBe(panel.box);
  });

  it('goes to the turn when its receipt goes away', async () => {
    const panel = await FakePanel.with([turn()]);
    panel.press('Why: what was sent');
    panel.kernel.reply('why', RECEIPT);
    await frame();
    panel.one('.mibyan-receipt pre').focus();
    panel.kernel.change({ type: 'turn', turn: turn({ status: 'running' }), index: 0 });
    await frame();
    expect(focused()).toBe(panel.one('.mibyan-turn'));
  });

  it('is where a receipt was asked for when Escape closes that', async () => {
    const panel = await FakePanel.with([turn()]);
    for (const place of ['.mibyan-receipt pre', '[data-action=why]']) {
      panel.press('Why: what was sent');
      panel.kernel.reply('why', RECEIPT);
      await frame();
      panel.one(place).focus();
      pressKey('Escape');
      expect(panel.all('.mibyan-receipt')).toHaveLength(0);
      expect(focused()).toBe(panel.one('[data-action=why]'));
    }
  });

  it('is where a preview was asked for when Escape closes that', async () => {
    const panel = await FakePanel.with([turn()]);
    const opener = panel.buttons('Preview what would be sent')[0];
    for (const place of ['.mibyan-card pre', '.mibyan-eye']) {
      for (let times = 0; times < 2; times++) {
        panel.press('Preview what would be sent');
        panel.kernel.reply('preview', RECEIPT);
        await frame();
        expect(panel.all('.mibyan-card')).toHaveLength(1);
      }
      panel.one(place).focus();
      pressKey('Escape');
      expect(panel.all('.mibyan-card')).toHaveLength(0);
      expect(focused()).toBe(opener);
    }
  });

  it('is in the box when Escape puts a command’s answer away', async () => {
    const panel = await FakePanel.with([turn()]);
    const ran = panel.chat.command('status');
    panel.kernel.reply('command', { type: 'table', title: 'Status', columns: [], rows: [['a']] });
    await ran;
    panel.one('.mibyan-dismiss').focus();
    pressKey('Escape');
    expect(panel.all('.mibyan-card')).toHaveLength(0);
    expect(focused()).toBe(panel.box);
  });
});
