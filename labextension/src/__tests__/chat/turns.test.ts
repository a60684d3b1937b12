import { describe, expect, it, vi } from 'vitest';

import type { INotebookCells } from '../../chat/host';
import { FakePanel, bareHost, fakeHost, frame, turn, useFakeTime } from './fakePanel';

useFakeTime();

const cell = { id: 'c1', notebook: 'work/a.ipynb' };

function cells(find: INotebookCells['find']): INotebookCells {
  return {
    find,
    goTo: vi.fn(),
    run: vi.fn(),
    replace: vi.fn(),
    onChange: vi.fn(() => () => undefined)
  };
}

function said(panel: FakePanel): string {
  return panel.one('[aria-live=polite]').textContent ?? '';
}

describe('a turn', () => {
  it('that runs can be stopped, by its id', async () => {
    const panel = await FakePanel.with([turn({ status: 'running' })]);
    panel.press('Stop');
    expect(panel.kernel.last('stop')?.args).toEqual({ turn: 't1' });
    expect(panel.all('.mibyan-foot button')).toHaveLength(0);
  });

  it('that waits says for how many, and can be cancelled', async () => {
    const panel = await FakePanel.with([turn({ status: 'waiting', behind: 2 })]);
    expect(panel.one('.mibyan-progress').textContent).toContain('waits for 2 answers');
    panel.press('Cancel');
    expect(panel.kernel.last('stop')?.args).toEqual({ turn: 't1' });
  });

  it('that was refused for now counts down to the next try, until text comes', async () => {
    const retrying = { seconds: 2, why: 'The server is busy' };
    const panel = await FakePanel.with([turn({ status: 'running', retrying })]);
    const line = () => panel.one('.mibyan-progress').textContent;
    expect(line()).toContain('The server is busy. Asking again in 2 s');
    await vi.advanceTimersByTimeAsync(1000);
    expect(line()).toContain('again in 1 s');
    panel.kernel.change({ type: 'frame', id: 't1', from: 0, settled: [], tail: '<p>Hi</p>' });
    await frame();
    expect(line()).toContain('is answering');
    await vi.advanceTimersByTimeAsync(1000);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('that was cancelled in the queue was not sent, and says no more', async () => {
    const panel = await FakePanel.with([turn({ status: 'stopped', was_sent: false, blocks: [] })]);
    expect(panel.one('.mibyan-state').textContent).toContain('Not sent.');
    expect(panel.one('.mibyan-facts').textContent).toBe('stopped');
  });

  it('that has ended tells its facts in one line', async () => {
    const facts = { tokens_estimated: true, context_tokens: 60, redactions: 1, left_out: 3 };
    const note = { context_note: 'live objects not read: kernel busy' };
    const panel = await FakePanel.with([turn({ ...facts, ...note, kept_out: true })]);
    expect(panel.one('.mibyan-facts').textContent).toBe(
      'mibyan-4.1 · ≈ 300 tokens · 1.5 s · complete · context ≈ 60 tokens · ' +
        'live objects not read: kernel busy · 1 secret redacted · 3 oldest turns not sent · not sent along later'
    );
  });

  it('is asked again, copied as Markdown, and deleted after a confirmation', async () => {
    const panel = await FakePanel.with([turn()]);
    panel.press('Ask again');
    expect(panel.kernel.last('regenerate')?.args).toEqual({ turn: 't1' });
    panel.press('Copy as Markdown');
    panel.kernel.reply('markdown', { type: 'markdown', text: '> Why?' });
    await frame();
    expect(panel.host.copy).toHaveBeenCalledWith('> Why?');
    panel.press('Delete');
    expect(panel.kernel.all('delete')).toHaveLength(0);
    panel.one('.mibyan-confirm [data-action=confirm]').click();
    expect(panel.kernel.last('delete')?.args).toEqual({ turn: 't1' });
  });

  it('that failed shows the fault and offers to ask again', async () => {
    const fault = { code: 'Unknown', what: 'It broke.', hint: 'Mend it.' };
    const panel = await FakePanel.with([turn({ status: 'failed', fault })]);
    expect(panel.one('.mibyan-fault').textContent).toContain('It broke.Mend it.');
    panel.press('Ask again');
    expect(panel.kernel.all('regenerate')).toHaveLength(1);
  });

  it('that was stopped keeps its text and can be continued, if it is the last', async () => {
    const stopped = turn({ status: 'stopped', blocks: ['<p>half</p>'] });
    const panel = await FakePanel.with([stopped]);
    expect(panel.one('.mibyan-reply').textContent).toBe('half');
    panel.press('Continue');
    const prompt = 'Please continue where your answer stopped.';
    expect(panel.kernel.last('carry_on')?.args).toEqual({ turn: 't1', prompt });
    panel.kernel.change({ type: 'turn', turn: turn({ id: 't2' }), index: 1 });
    await frame();
    expect(panel.buttons('Continue')).toHaveLength(0);
  });

  it('that was cut off says by what', async () => {
    const panel = await FakePanel.with([turn({ status: 'cut_off', finish_reason: 'length' })]);
    expect(panel.one('.mibyan-facts').textContent).toContain('length limit');
  });

  it('shows its earlier answers, and the newest again', async () => {
    const panel = await FakePanel.with([turn({ versions: 2, blocks: ['<p>new</p>'] })]);
    expect(panel.one('.mibyan-foot').textContent).toContain('2/2');
    panel.press('Earlier answer');
    expect(panel.kernel.last('version')?.args).toEqual({ turn: 't1', number: 1 });
    const blocks = ['<p>old</p>'];
    panel.kernel.reply('version', { type: 'version', turn: 't1', number: 1, blocks });
    await frame();
    expect(panel.one('.mibyan-reply').textContent).toBe('old');
    panel.press('Later answer');
    await frame();
    expect(panel.one('.mibyan-reply').textContent).toBe('new');
    expect(panel.kernel.all('version')).toHaveLength(1);
  });

  it('tells what was sent, and hides that again', async () => {
    const panel = await FakePanel.with([turn()]);
    const receipt = {
      type: 'receipt',
      level: 'schema',
      redactions: { key: 2 },
      notes: ['kernel busy'],
      items: [{ source: 'cell 3', tokens: 40, included: 'partial', why: 'long' }],
      messages: [{ role: 'user', content: '<b>Why?</b>' }]
    } as const;
    for (const shown of [1, 0]) {
      panel.press('Why: what was sent');
      panel.kernel.reply('why', {
        ...receipt,
        items: [...receipt.items],
        messages: [...receipt.messages],
        notes: [...receipt.notes]
      });
      await frame();
      expect(panel.all('.mibyan-receipt')).toHaveLength(shown);
      const text = panel.root.querySelector('.mibyan-receipt')?.textContent ?? '';
      expect(text.includes('cell 3') && text.includes('<b>Why?</b>')).toBe(shown === 1);
    }
  });

  it('tells its own question first of what was sent, and each message’s first words', async () => {
    const panel = await FakePanel.with([turn()]);
    const context = '<notebook-context 1a>\n## variable x\n</notebook-context 1a>\n\n';
    const messages = [
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: 'What is a mean?\nSay.' },
      { role: 'assistant', content: 'A **sum** …' },
      { role: 'user', content: `${context}And @x?` }
    ];
    panel.press('Why: what was sent');
    const rest = { level: '', redactions: {}, notes: [], items: [] };
    panel.kernel.reply('why', { type: 'receipt', messages, ...rest });
    await frame();
    expect(panel.all('.mibyan-sent > summary').map(each => each.textContent)).toEqual([
      'This question: And @x? · 67 characters',
      'System message: Be brief. · 9 characters',
      'Question: What is a mean? Say. · 20 characters',
      'Answer: A **sum** … · 11 characters'
    ]);
    expect(panel.one('.mibyan-sent pre').textContent).toContain('variable x');
  });

  it('whose request was refused says so beside itself', async () => {
    const panel = await FakePanel.with([turn()]);
    panel.press('Ask again');
    panel.kernel.refuse('regenerate', { code: 'X', what: 'Not now.', hint: 'Later.' });
    await frame();
    expect(panel.one('.mibyan-turn .mibyan-fault').textContent).toContain('Not now.');
  });

  it('that leaves gives the focus back to the box', async () => {
    const panel = await FakePanel.with([turn()]);
    panel.buttons('Ask again')[0]?.focus();
    panel.kernel.change({ type: 'removed', id: 't1' });
    await frame();
    expect(document.activeElement).toBe(panel.box);
  });

  it('keeps the focus when the button that had it is gone', async () => {
    const panel = await FakePanel.with([turn({ status: 'running' })]);
    panel.press('Stop');
    panel.kernel.change({ type: 'turn', turn: turn(), index: 0 });
    await frame();
    expect(document.activeElement).toBe(panel.one('.mibyan-turn'));
  });

  it('keeps the focus on the same button when its parts are drawn anew', async () => {
    const panel = await FakePanel.with([turn()]);
    panel.buttons('Ask again')[0]?.focus();
    panel.kernel.change({ type: 'turn', turn: turn({ versions: 2 }), index: 0 });
    await frame();
    expect(document.activeElement).toBe(panel.buttons('Ask again')[0]);
  });
});

describe('editing a question', () => {
  async function editing(): Promise<FakePanel> {
    const panel = await FakePanel.with([turn(), turn({ id: 't2' }), turn({ id: 't3' })]);
    panel.press('Edit the question');
    panel.one<HTMLTextAreaElement>('.mibyan-editor textarea').value = 'Why not?';
    panel.press('Ask this instead');
    return panel;
  }

  it('says how many turns it forgets, and asks before', async () => {
    const panel = await editing();
    expect(panel.one('.mibyan-confirm').textContent).toContain('the 2 turns after it');
    expect(panel.kernel.all('edit')).toHaveLength(0);
    panel.press('Forget and ask');
    expect(panel.kernel.last('edit')?.args).toEqual({ turn: 't1', prompt: 'Why not?' });
  });

  it('keeps the text when it is refused, and closes when it is done', async () => {
    const panel = await editing();
    panel.press('Forget and ask');
    panel.kernel.refuse('edit', { code: 'X', what: 'No.', hint: '' });
    await frame();
    expect(panel.one<HTMLTextAreaElement>('.mibyan-editor textarea').value).toBe('Why not?');
    panel.press('Ask this instead');
    panel.press('Forget and ask');
    panel.kernel.reply('edit', { type: 'done' });
    await frame();
    expect(panel.all('.mibyan-editor')).toHaveLength(0);
  });
});

describe('a question asked in a cell', () => {
  it('leads to its cell and is run again there, never edited or asked anew', async () => {
    const panel = await FakePanel.with([turn({ source: 'cell', cell })]);
    expect(panel.one('.mibyan-origin').textContent).toContain('In a cell');
    panel.press('Go to cell');
    expect(panel.host.cells?.goTo).toHaveBeenCalledWith(cell);
    panel.press('Run the cell again');
    expect(panel.host.cells?.run).toHaveBeenCalledWith(cell);
    expect(panel.buttons('Edit the question')).toHaveLength(0);
    expect(panel.buttons('Ask again')).toHaveLength(0);
  });

  it('says when its cell is gone, as soon as it is', async () => {
    const places = { now: 'here' as 'here' | 'gone' };
    const book = cells(() => places.now);
    const panel = await FakePanel.with([turn({ source: 'cell', cell })], fakeHost({ cells: book }));
    expect(panel.root.textContent).not.toContain('cell gone');
    places.now = 'gone';
    vi.mocked(book.onChange).mock.calls[0]?.[0]();
    expect(panel.one('.mibyan-origin').textContent).toContain('cell gone');
    expect(panel.buttons('Run the cell again')).toHaveLength(0);
  });

  it('does not look for its cell again with each frame', async () => {
    const book = cells(vi.fn(() => 'here' as const));
    const turns = [turn({ source: 'cell', cell }), turn({ id: 't2', status: 'running' })];
    const panel = await FakePanel.with(turns, fakeHost({ cells: book }));
    const looked = vi.mocked(book.find).mock.calls.length;
    panel.kernel.change({ type: 'frame', id: 't2', from: 0, settled: [], tail: '<p>a</p>' });
    await frame();
    expect(panel.root.textContent).toContain('a');
    expect(book.find).toHaveBeenCalledTimes(looked);
  });

  it('names the notebook when that is not open', async () => {
    const host = fakeHost({ cells: cells(() => 'unknown') });
    const panel = await FakePanel.with([turn({ source: 'cell', cell })], host);
    expect(panel.one('.mibyan-origin').textContent).toBe('In a cell of a.ipynb');
  });
});

describe('without a notebook around it', () => {
  it('shows no button that nothing stands behind', async () => {
    const code =
      '<div class="mibyan-code"><pre class="mibyan-source"><code>1</code></pre></div>';
    const inCell = turn({ source: 'cell', cell, blocks: [code], corrects: cell });
    const panel = await FakePanel.with([inCell], bareHost());
    const names = panel.all('button').map(each => each.getAttribute('aria-label') ?? '');
    const absent = ['Insert below and run', 'Replace the selected cell', 'Settings'];
    absent.push('Insert below the selected cell', 'Keep in notebook', 'Run the cell again');
    expect(names.filter(name => absent.includes(name))).toEqual([]);
    expect(panel.buttons('Replace the failing cell')).toHaveLength(0);
    panel.press('To the next cell');
    expect(panel.kernel.last('next_cell')?.args).toEqual({ source: '1' });
  });

  it('marks a question that came from Python', async () => {
    const panel = await FakePanel.with([turn({ source: 'python' })]);
    expect(panel.one('.mibyan-origin').textContent).toBe('From Python');
  });
});

describe('what is said aloud', () => {
  it('is the start and the end of an answer, never its text', async () => {
    const panel = await FakePanel.with([turn({ id: 't0' })]);
    expect(said(panel)).toBe('');
    panel.kernel.change({ type: 'turn', turn: turn({ status: 'running' }), index: 1 });
    await frame();
    expect(said(panel)).toBe('Answer started.');
    panel.kernel.change({ type: 'frame', id: 't1', from: 0, settled: ['<p>a</p>'], tail: '' });
    await frame();
    expect(said(panel)).toBe('Answer started.');
    panel.kernel.change({ type: 'turn', turn: turn({ blocks: ['<p>a</p>'] }), index: 1 });
    await frame();
    expect(said(panel)).toBe('Answer complete.');
    expect(panel.one('[role=log]').getAttribute('aria-live')).toBe('off');
  });
});
