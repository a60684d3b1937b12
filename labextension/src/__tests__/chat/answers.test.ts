import { describe, expect, it, vi } from 'vitest';

import { FakePanel, fakeHost, frame, turn, useFakeTime } from './fakePanel';

useFakeTime();

const CODE =
  '<div class="highlight mibyan-code" dir="ltr"><div class="mibyan-language">python</div>' +
  '<pre class="mibyan-source"><code class="mibyan-lines">print(1)\n</code></pre></div>';
const MATH = '<p>so <span class="mibyan-math">\\(x\\)</span></p>';

async function growing(): Promise<FakePanel> {
  const panel = await FakePanel.with([turn({ status: 'running' })]);
  panel.kernel.change({ type: 'frame', id: 't1', from: 0, settled: ['<p>a</p>'], tail: '<p>b' });
  await frame();
  return panel;
}

describe('an answer', () => {
  it('keeps the nodes of settled blocks while it grows, and replaces its tail', async () => {
    const panel = await growing();
    const [first] = panel.all('.mibyan-block');
    panel.kernel.change({
      type: 'frame',
      id: 't1',
      from: 1,
      settled: ['<p>b</p>'],
      tail: '<p>c</p>'
    });
    await frame();
    expect(panel.all('.mibyan-block')[0]).toBe(first);
    expect(panel.all('.mibyan-block')).toHaveLength(2);
    expect(panel.one('.mibyan-tail').innerHTML).toBe('<p>c</p>');
  });

  it('keeps the nodes of unchanged blocks when it ends, and makes only the others anew', async () => {
    const panel = await growing();
    panel.kernel.change({ type: 'frame', id: 't1', from: 1, settled: ['<p>b</p>'], tail: '' });
    await frame();
    const [first, second] = panel.all('.mibyan-block');
    const blocks = ['<p>a</p>', '<p>b, with a note</p>', '<p>note</p>'];
    panel.kernel.change({ type: 'turn', turn: turn({ blocks }), index: 0 });
    await frame();
    const now = panel.all('.mibyan-block');
    expect(now[0]).toBe(first);
    expect(now[1]).not.toBe(second);
    expect(now.map(block => block.innerHTML)).toEqual(blocks);
    expect(panel.one('.mibyan-tail').hidden).toBe(true);
  });

  it('keeps its nodes through a snapshot that tells the same', async () => {
    const panel = await growing();
    const [first] = panel.all('.mibyan-block');
    const view = panel.one('.mibyan-turn');
    panel.kernel.seq += 1;
    panel.kernel.snapshot([turn({ status: 'running', blocks: ['<p>a</p>'], tail: '<p>b' })]);
    await frame();
    expect(panel.all('.mibyan-block')[0]).toBe(first);
    expect(panel.one('.mibyan-turn')).toBe(view);
  });

  it('draws once a frame, however many messages come between', async () => {
    const panel = await growing();
    const tail = panel.one('.mibyan-tail');
    for (const text of ['<p>1</p>', '<p>2</p>', '<p>3</p>']) {
      panel.kernel.change({ type: 'frame', id: 't1', from: 1, settled: [], tail: text });
      expect(tail.innerHTML).toBe('<p>b</p>');
    }
    await frame();
    expect(tail.innerHTML).toBe('<p>3</p>');
  });

  it('is typeset once for each settled block with a formula, never in its tail', async () => {
    const typeset = vi.fn();
    const panel = await FakePanel.with([turn({ status: 'running' })], fakeHost({ typeset }));
    panel.kernel.change({ type: 'frame', id: 't1', from: 0, settled: ['<p>a</p>'], tail: MATH });
    await frame();
    expect(typeset).not.toHaveBeenCalled();
    panel.kernel.change({ type: 'frame', id: 't1', from: 1, settled: [MATH], tail: '<p>b</p>' });
    await frame();
    panel.kernel.change({ type: 'turn', turn: turn({ blocks: ['<p>a</p>', MATH] }), index: 0 });
    await frame();
    expect(typeset.mock.calls).toEqual([[panel.all('.mibyan-block')[1]]]);
  });

  it('follows a footnote inside itself, not on the page', async () => {
    const blocks = ['<p><a href="#fn-t1-1">[1]</a></p>', '<p id="fn-t1-1">note</p>'];
    const panel = await FakePanel.with([turn({ blocks })]);
    const target = vi.spyOn(panel.one('#fn-t1-1'), 'scrollIntoView');
    const click = new MouseEvent('click', { bubbles: true, cancelable: true });
    expect(panel.one('.mibyan-reply a').dispatchEvent(click)).toBe(false);
    expect(target).toHaveBeenCalledTimes(1);
  });
});

describe('a question and what comes from elsewhere', () => {
  it('is text, whatever it looks like', async () => {
    const evil = '<img src=x onerror=alert(1)>';
    const fault = { code: 'X', what: evil, hint: evil };
    const panel = await FakePanel.with([
      turn({ prompt: evil }),
      turn({ id: 't2', status: 'failed', fault, model: evil })
    ]);
    expect(panel.root.querySelector('img')).toBeNull();
    expect(panel.one('.mibyan-prompt').textContent).toBe(evil);
    expect(panel.one('.mibyan-fault').textContent).toContain(evil);
  });

  it('is shortened when it is very long, until all of it is wanted', async () => {
    const prompt = 'line\n'.repeat(40);
    const panel = await FakePanel.with([turn({ prompt })]);
    expect(panel.one('.mibyan-prompt').textContent).not.toContain(prompt);
    panel.press('Show the whole question');
    expect(panel.one('.mibyan-prompt').textContent).toContain(prompt);
    panel.press('Show less');
    expect(panel.one('.mibyan-prompt').textContent).not.toContain(prompt);
  });
});

describe('code blocks', () => {
  it('have the buttons that the host can do', async () => {
    const host = fakeHost();
    const panel = await FakePanel.with([turn({ blocks: [CODE] })], host);
    panel.press('Copy the code');
    panel.press('Insert below the selected cell');
    panel.press('Replace the selected cell');
    await frame();
    expect(host.copy).toHaveBeenCalledWith('print(1)');
    expect(host.insertBelow).toHaveBeenCalledWith('print(1)');
    expect(host.replaceSelected).toHaveBeenCalledWith('print(1)');
  });

  it('can only be copied when they are no Python', async () => {
    const html = CODE.replace('>python<', '>bash<');
    const panel = await FakePanel.with([turn({ blocks: [html] })]);
    expect(panel.all('.mibyan-code button')).toHaveLength(1);
  });

  it('run only after a confirmation', async () => {
    const host = fakeHost();
    const panel = await FakePanel.with([turn({ blocks: [CODE] })], host);
    panel.press('Insert below and run');
    expect(host.insertAndRun).not.toHaveBeenCalled();
    panel.press('Cancel');
    expect(panel.all('.mibyan-confirm')).toHaveLength(0);
    panel.press('Insert below and run');
    panel.press('Run');
    await frame();
    expect(host.insertAndRun).toHaveBeenCalledWith('print(1)');
  });

  it('say when copying was refused', async () => {
    const copy = vi.fn(() => Promise.reject(new Error('no')));
    const panel = await FakePanel.with([turn({ blocks: [CODE] })], fakeHost({ copy }));
    panel.press('Copy the code');
    await frame();
    expect(panel.one('[aria-live=polite]').textContent).toBe('That did not work.');
  });

  it('show for a moment that they were copied, however often', async () => {
    const panel = await FakePanel.with([turn({ blocks: [CODE] })]);
    const [button] = panel.buttons('Copy the code');
    const icons = () => [...(button?.querySelectorAll('svg:not([display])') ?? [])];
    const [own] = icons();
    for (const name of ['first', 'second']) {
      panel.press('Copy the code');
      await frame(500);
      expect(icons(), name).toHaveLength(1);
      expect(icons()[0], name).not.toBe(own);
      expect(button?.title, name).toBe('Copied');
    }
    await frame(1500);
    expect(icons()).toEqual([own]);
    expect(button?.title).toBe('Copy the code');
  });

  it('of a correction, the last in Python, goes into the failing cell', async () => {
    const cell = { id: 'c1', notebook: 'a.ipynb' };
    const host = fakeHost();
    const blocks = [CODE, CODE.replace('>python<', '>text<').replace('print(1)', 'prices: 3 rows')];
    const panel = await FakePanel.with([turn({ blocks, corrects: cell })], host);
    panel.press('Replace the failing cell');
    expect(host.cells?.replace).toHaveBeenCalledWith(cell, 'print(1)');
  });
});
