import { describe, expect, it } from 'vitest';

import { FakePanel, bareHost, fakeHost, frame, header, turn, useFakeTime } from './fakePanel';

useFakeTime();

describe('the head', () => {
  it('shows the model, where text goes, the key’s state and the tokens so far', async () => {
    const panel = await FakePanel.with([]);
    expect(panel.one('.mibyan-head-text').textContent).toBe(
      'mibyan-4.1mibyanai.com · key set · 1,200 tokens'
    );
    panel.kernel.change({ type: 'header', header: header({ local: true, key: 'not_needed' }) });
    await frame();
    expect(panel.one('.mibyan-head-text').textContent).toBe('mibyan-4.1this machine · 1,200 tokens');
  });

  it('leads to a key where none is set, by a cell and never by the panel', async () => {
    const host = fakeHost();
    const panel = await FakePanel.with([], host);
    expect(panel.one('.mibyan-key-bar').hidden).toBe(true);
    panel.kernel.change({ type: 'header', header: header({ key: 'missing' }) });
    await frame();
    expect(panel.one('.mibyan-key-bar').hidden).toBe(false);
    panel.press('Set a key…');
    expect(host.insertLoginCell).toHaveBeenCalledTimes(1);
    panel.press('Try the offline demo');
    expect(panel.kernel.last('command')?.args).toEqual({ line: 'demo' });
    const bare = await FakePanel.with([], bareHost(), header({ key: 'missing' }));
    expect(bare.one('.mibyan-key-bar').textContent).toContain('%mibyan login');
  });

  it('starts a new chat, which can be undone', async () => {
    const panel = await FakePanel.with([turn()]);
    panel.press('New chat');
    expect(panel.kernel.last('command')?.args).toEqual({ line: 'reset' });
    panel.kernel.reply('command', { type: 'notice', text: '1 turn forgotten.' });
    await frame();
    panel.press('Undo');
    expect(panel.kernel.last('command')?.args).toEqual({ line: 'reset --undo' });
    expect(panel.all('.mibyan-card')).toHaveLength(0);
  });

  it('exports under a name of its own, by suffix', async () => {
    const panel = await FakePanel.with([turn()]);
    panel.press('Export');
    panel.press('Markdown (.md)');
    expect(panel.kernel.last('command')?.args).toEqual({
      line: expect.stringMatching(/^export chat-\d{4}-\d\d-\d\d-\d{6}\.md$/)
    });
    panel.kernel.reply('command', { type: 'notice', text: 'Written to chat.md.' });
    await frame();
    expect(panel.one('.mibyan-card').textContent).toBe('Written to chat.md.');
  });

  it('keeps the transcript in the notebook, and opens the settings', async () => {
    const host = fakeHost();
    const panel = await FakePanel.with([turn()], host);
    panel.press('Keep in notebook');
    panel.kernel.reply('transcript', { type: 'transcript', html: '<p>a</p>', text: 'a' });
    await frame();
    expect(host.keep).toHaveBeenCalledExactlyOnceWith(
      expect.objectContaining({ html: '<p>a</p>', text: 'a' })
    );
    panel.press('Settings');
    expect(host.openSettings).toHaveBeenCalledTimes(1);
  });

  it('says once that the conversation is not kept on disk', async () => {
    const panel = await FakePanel.with([turn()]);
    const bar = panel.one('.mibyan-trouble-bar');
    const tell = async (journal_trouble: string, tokens = 0) => {
      panel.kernel.change({ type: 'header', header: header({ journal_trouble, tokens }) });
      await frame();
    };
    expect(bar.hidden).toBe(true);
    await tell('no space left on device (~/x)');
    expect(bar.textContent).toContain('not kept on disk: no space left on device (~/x).');
    panel.press('Dismiss');
    await tell('no space left on device (~/x)', 10);
    expect(bar.hidden).toBe(true);
    await tell('permission denied (~/x)');
    expect(bar.hidden).toBe(false);
    await tell('');
    expect(bar.hidden).toBe(true);
  });

  it('offers no command that the kernel does not have', async () => {
    const panel = await FakePanel.with([], fakeHost(), header({ commands: [] }));
    expect(panel.buttons('New chat')).toHaveLength(0);
    expect(panel.buttons('Export')).toHaveLength(0);
  });

  it('is one stop for Tab; the arrows go through its buttons', async () => {
    const panel = await FakePanel.with([]);
    const buttons = panel.all('.mibyan-head .mibyan-toolbar > button, .mibyan-anchor > button');
    const bar = panel.one('.mibyan-head .mibyan-toolbar');
    const inBar = buttons.filter(each => bar.contains(each));
    expect(inBar.map(each => each.tabIndex)).toEqual([0, -1, -1, -1]);
    inBar[0]?.focus();
    bar.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowRight', bubbles: true }));
    expect(document.activeElement).toBe(inBar[1]);
    bar.dispatchEvent(new KeyboardEvent('keydown', { key: 'End', bubbles: true }));
    expect(document.activeElement).toBe(inBar[3]);
  });
});

describe('what commands answer', () => {
  it('stands below the conversation as text, until the next question', async () => {
    const panel = await FakePanel.with([turn()]);
    const ran = panel.chat.command('status');
    const rows = [['model', '<b>x</b>']];
    panel.kernel.reply('command', { type: 'table', title: 'Status', columns: ['', 'now'], rows });
    await ran;
    expect(panel.one('.mibyan-card td:last-child').textContent).toBe('<b>x</b>');
    const asked = panel.chat.ask('Why?');
    panel.kernel.reply('ask', { type: 'done' });
    await asked;
    expect(panel.all('.mibyan-card')).toHaveLength(0);
  });

  it('that wants a key leads to a cell', async () => {
    const host = fakeHost();
    const panel = await FakePanel.with([], host);
    const ran = panel.chat.command('login');
    panel.kernel.reply('command', { type: 'login' });
    await ran;
    panel.press('Set a key…');
    expect(host.insertLoginCell).toHaveBeenCalledTimes(1);
  });
});

describe('before the conversation', () => {
  it('three examples fill the box, and are gone with the first question', async () => {
    const panel = await FakePanel.with([]);
    const examples = panel.all('.mibyan-examples button');
    expect(examples).toHaveLength(3);
    examples[0]?.click();
    expect(panel.box.value).toBe(examples[0]?.textContent);
    panel.kernel.change({ type: 'turn', turn: turn(), index: 0 });
    await frame();
    expect(panel.one('.mibyan-empty').hidden).toBe(true);
  });

  it('a conversation whose kernel has died is offered, and comes back only then', async () => {
    const panel = await FakePanel.with([]);
    const resume = panel.one('[data-action=resume]');
    expect(resume.hidden).toBe(true);
    panel.kernel.change({ type: 'header', header: header({ resumable: 3 }) });
    await frame();
    expect(resume.textContent).toBe('Resume (3 turns)');
    expect(panel.kernel.all('command')).toHaveLength(0);
    resume.click();
    expect(panel.kernel.last('command')?.args).toEqual({ line: 'resume' });
  });

  it('one that was deleted meanwhile is offered no longer', async () => {
    const panel = await FakePanel.with([], fakeHost(), header({ resumable: 3 }));
    const resume = panel.one('[data-action=resume]');
    expect(resume.hidden).toBe(false);
    panel.kernel.change({ type: 'header', header: header({ resumable: 0 }) });
    await frame();
    expect(panel.one('.mibyan-empty').hidden).toBe(false);
    expect(resume.hidden).toBe(true);
  });

  it('a silent kernel is told of, and can be asked again', async () => {
    const panel = new FakePanel();
    await frame(10_100);
    expect(panel.one('.mibyan-connecting').textContent).toContain('has not answered');
    panel.press('Try again');
    panel.kernel.snapshot([turn()]);
    await frame();
    expect(panel.one('.mibyan-connecting').hidden).toBe(true);
    expect(panel.all('.mibyan-turn')).toHaveLength(1);
  });
});
