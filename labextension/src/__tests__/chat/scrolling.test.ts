import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { FakePanel, frame, turn, useFakeTime } from './fakePanel';

useFakeTime();

interface ILayout {
  height: number;
  content: number;
}

let layout: ILayout;
let resized: ((entries: ResizeObserverEntry[]) => void)[];

/** Tells of a new size when the test says so: in jsdom nothing has a size. */
class Observer {
  constructor(told: (entries: ResizeObserverEntry[]) => void) {
    resized.push(told);
  }
  observe(): void {}
  unobserve(): void {}
  disconnect(): void {}
}

beforeEach(() => {
  layout = { height: 100, content: 300 };
  resized = [];
  vi.stubGlobal('ResizeObserver', Observer);
});
afterEach(() => void vi.unstubAllGlobals());

function resize(): void {
  layout.content += 50;
  resized.forEach(told => told([]));
}

/** A panel whose scroller has a layout, which jsdom does not compute. */
async function laidOut(): Promise<{ panel: FakePanel; scroller: HTMLElement; pill: HTMLElement }> {
  const panel = new FakePanel();
  const scroller = panel.one('.mibyan-scroll');
  let top = 0;
  Object.defineProperties(scroller, {
    clientHeight: { get: () => layout.height },
    scrollHeight: { get: () => layout.content },
    scrollTop: {
      get: () => top,
      set: (value: number) => {
        top = Math.max(0, Math.min(value, layout.content - layout.height));
      }
    }
  });
  panel.kernel.snapshot([turn({ status: 'running' })]);
  await frame();
  return { panel, scroller, pill: panel.one('.mibyan-pill') };
}

function scrollTo(scroller: HTMLElement, top: number): void {
  scroller.scrollTop = top;
  scroller.dispatchEvent(new Event('scroll'));
}

async function grow(panel: FakePanel): Promise<void> {
  layout.content += 50;
  panel.kernel.change({ type: 'frame', id: 't1', from: 0, settled: [], tail: `${layout.content}` });
  await frame();
}

describe('the end of the conversation', () => {
  it('is followed while the reader is there', async () => {
    const { panel, scroller, pill } = await laidOut();
    expect(scroller.scrollTop).toBe(200);
    await grow(panel);
    expect(scroller.scrollTop).toBe(250);
    expect(pill.hidden).toBe(true);
  });

  it('is not followed once the reader has gone up, and a pill tells of new text', async () => {
    const { panel, scroller, pill } = await laidOut();
    scrollTo(scroller, 195);
    expect(pill.hidden).toBe(true);
    await grow(panel);
    expect(scroller.scrollTop).toBe(195);
    expect(pill.hidden).toBe(false);
    pill.click();
    expect(scroller.scrollTop).toBe(250);
    expect(pill.hidden).toBe(true);
    await grow(panel);
    expect(scroller.scrollTop).toBe(300);
  });

  it('is followed again when the reader comes back to it', async () => {
    const { panel, scroller, pill } = await laidOut();
    scrollTo(scroller, 50);
    await grow(panel);
    scrollTo(scroller, 250);
    expect(pill.hidden).toBe(true);
    await grow(panel);
    expect(scroller.scrollTop).toBe(300);
  });

  it('is where the reader’s own question leads', async () => {
    const { panel, scroller } = await laidOut();
    scrollTo(scroller, 0);
    panel.type('Why?');
    panel.key('Enter');
    panel.kernel.reply('ask', { type: 'done' });
    await frame();
    expect(scroller.scrollTop).toBe(200);
  });

  it('is followed when text grows late, as a formula does', async () => {
    const { scroller } = await laidOut();
    resize();
    expect(scroller.scrollTop).toBe(250);
  });

  it('does not lead away from what the reader opens above it', async () => {
    const { panel, scroller } = await laidOut();
    panel.one('.mibyan-turn').focus();
    resize();
    expect(scroller.scrollTop).toBe(200);
    await grow(panel);
    expect(scroller.scrollTop).toBe(300);
  });

  it('is not lost to a panel that is hidden for a while', async () => {
    const { panel, scroller } = await laidOut();
    scrollTo(scroller, 50);
    layout.height = 0;
    scroller.dispatchEvent(new Event('scroll'));
    layout.height = 100;
    await grow(panel);
    expect(scroller.scrollTop).toBe(50);
  });
});
