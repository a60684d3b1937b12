import { describe, expect, it, vi } from 'vitest';

import widget, { HOST_EVENT } from '../../widget';
import type { IHostEvent } from '../../widget';
import { FakeKernel, fakeHost, frame, header, turn, useFakeTime } from './fakePanel';

useFakeTime();

type Listener = (content: unknown) => void;

function fakeModel() {
  const listeners = new Set<Listener>();
  return {
    listeners,
    send: vi.fn(),
    on: (_event: 'msg:custom', listener: Listener) => void listeners.add(listener),
    off: (_event: 'msg:custom', listener: Listener) => void listeners.delete(listener)
  };
}

function isHostEvent(event: Event): event is CustomEvent<IHostEvent> {
  return event.type === HOST_EVENT && event instanceof CustomEvent;
}

function onPage(): HTMLElement {
  const el = document.createElement('div');
  document.body.append(el);
  return el;
}

describe('the widget', () => {
  it('uses its own comm where no extension answers', async () => {
    const model = fakeModel();
    const el = onPage();
    widget.render({ model, el });
    const [request] = model.send.mock.calls[0] ?? [];
    expect(request).toMatchObject({ op: 'snapshot', args: {} });
    const snapshot = { type: 'snapshot', run: 'r', seq: 0, turns: [turn()], header: header() };
    model.listeners.forEach(listen => listen('no message'));
    model.listeners.forEach(listen => listen({ ...snapshot, re: request.id }));
    await frame();
    expect(el.querySelectorAll('.mibyan-turn')).toHaveLength(1);
  });

  it('uses what an extension provides, after asking once from its place on the page', async () => {
    const model = fakeModel();
    const kernel = new FakeKernel();
    const el = document.createElement('div');
    const events: Event[] = [];
    const answer = (event: Event) => {
      events.push(event);
      if (isHostEvent(event)) {
        event.detail.provide(kernel, fakeHost());
        event.preventDefault();
      }
    };
    document.addEventListener(HOST_EVENT, answer, { once: true });
    const end = widget.render({ model, el });
    await frame(100);
    expect(events).toHaveLength(0);
    document.body.append(el);
    await frame();
    expect(events.map(event => event.target)).toEqual([el]);
    expect(model.send).not.toHaveBeenCalled();
    expect(kernel.all('snapshot')).toHaveLength(1);
    kernel.snapshot([turn()]);
    await frame();
    expect([...el.querySelectorAll('button')].map(each => each.title)).toContain('Keep in notebook');
    end();
    expect(kernel.listeners.size).toBe(0);
  });

  it('keeps every key from the notebook', () => {
    const el = onPage();
    widget.render({ model: fakeModel(), el });
    expect(el.dataset.lmSuppressShortcuts).toBe('true');
    const button = el.querySelector('button');
    button?.focus();
    expect(button?.dataset.lmSuppressShortcuts).toBe('true');
    const heard = vi.fn();
    document.body.addEventListener('keydown', heard, { once: true });
    const key = new KeyboardEvent('keydown', { key: 'Enter', shiftKey: true, bubbles: true });
    el.querySelector('textarea')?.dispatchEvent(key);
    expect(heard).not.toHaveBeenCalled();
  });

  it('ends with the signal that it is given, also before it is on the page', async () => {
    const model = fakeModel();
    const lifetime = new AbortController();
    const el = onPage();
    widget.render({ model, el, signal: lifetime.signal });
    widget.render({ model, el: document.createElement('div'), signal: lifetime.signal });
    lifetime.abort();
    await frame();
    expect(el.childElementCount).toBe(0);
    expect(model.listeners.size).toBe(0);
    expect(vi.getTimerCount()).toBe(0);
  });
});
