import { afterAll, beforeAll, expect, test, vi } from 'vitest';

import type { JupyterFrontEnd } from '@jupyterlab/application';

import { bridgePlugin, HOST_EVENT } from '../../bridge';

const kernel = { id: 'k' };
const notebook = { sessionContext: { session: { kernel } } };
const inside = document.createElement('div');
const outside = document.createElement('div');

beforeAll(async () => {
  document.body.append(inside, outside);
  await bridgePlugin.activate(
    {} as JupyterFrontEnd,
    { containing: (node: Node) => (node === inside ? notebook : undefined) },
    { of: (asked: unknown) => ({ linkOf: asked }) },
    { of: (asked: unknown, place: string) => ({ hostOf: asked, place }) }
  );
});

afterAll(() => document.body.replaceChildren());

function ask(from: HTMLElement, detail: unknown): boolean {
  return from.dispatchEvent(
    new CustomEvent(HOST_EVENT, { bubbles: true, cancelable: true, detail })
  );
}

test('an inline panel gets its notebook’s link and a host, at once', () => {
  const provide = vi.fn();
  expect(ask(inside, { provide })).toBe(false);
  expect(provide).toHaveBeenCalledExactlyOnceWith({ linkOf: kernel }, { hostOf: notebook, place: 'inline' });
});

test('elsewhere it is left to its own devices', () => {
  const provide = vi.fn();
  expect(ask(outside, { provide })).toBe(true);
  expect(provide).not.toHaveBeenCalled();
});

test('an event that is not ours is left alone', () => {
  expect(ask(inside, null)).toBe(true);
});
